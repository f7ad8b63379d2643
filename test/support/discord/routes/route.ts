import type { FileRecord } from '../records.ts';
import type { World } from '../world.ts';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asked {
  readonly world: World;
  /** "METHOD /path", without tokens. */
  readonly name: string;
  param(name: string): string;
  readonly query: URLSearchParams;
  /** Judged by the vendor's document already, where that is there: routes take it for what it is to be. */
  readonly body: unknown;
  readonly files: readonly FileRecord[];
  readonly arrivedAtInMs: number;
  /** The same by `performance.now()`. */
  readonly arrivedAt: number;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly template: string;
  /** The bot's token, or what stands in the path. */
  readonly needs: 'bot' | 'path';
  readonly handle: (asked: Asked) => Answer | Promise<Answer>;
}

export function route(
  method: Route['method'],
  template: string,
  handle: Route['handle'],
  needs: Route['needs'] = 'bot',
): Route {
  return { method, template, needs, handle };
}

export const NOTHING: Answer = { status: 204 };

export function ok(body: unknown): Answer {
  return { status: 200, body };
}
