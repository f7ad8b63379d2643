import type { Fields } from './fields.ts';

/** A request to the Web API, as it came. */
export interface Call {
  readonly method: string;
  readonly teamId: string;
  readonly args: Fields;
  readonly startedAtInMs: number;
  /** Undefined while it is being answered. */
  endedAtInMs: number | undefined;
  /** Slack's error; undefined where it went well. */
  error: string | undefined;
}

/**
 * What Slack would hold against an app. `shape`: a request it refuses as it is. `limit`: too long, too many. `rate`: too
 * fast. `overlap`: a second edit while one is under way. `trigger`, `response-url`: used too late or too often. `ack`:
 * answered late or not at all. `scope`: not permitted. `token`: sent where it has no business.
 */
export type ViolationKind =
  | 'shape'
  | 'limit'
  | 'rate'
  | 'overlap'
  | 'trigger'
  | 'response-url'
  | 'ack'
  | 'scope'
  | 'token';

export interface Violation {
  readonly kind: ViolationKind;
  /** Method, or what else was asked. */
  readonly of: string;
  readonly detail: string;
}

/** Somebody would have been called by what was sent. */
export interface Ping {
  readonly of: string;
  readonly what: string;
  readonly text: string;
}

/** Answer of the app to an envelope or request. */
export interface AckRecord {
  readonly type: string;
  readonly attempt: number;
  /** From sending to the answer. Undefined: none within three seconds. */
  readonly tookInMs: number | undefined;
}

/** Everything that was asked and sent, for tests to look at. */
export class Journal {
  readonly calls: Call[] = [];
  readonly violations: Violation[] = [];
  readonly pings: Ping[] = [];
  readonly acks: AckRecord[] = [];

  violate(kind: ViolationKind, of: string, detail: string): void {
    this.violations.push({ kind, of, detail });
  }

  forget(): void {
    this.calls.length = 0;
    this.violations.length = 0;
    this.pings.length = 0;
    this.acks.length = 0;
  }
}
