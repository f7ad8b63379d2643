import type { APIError } from 'openai';
import { ModelError, type ModelFailureKind } from '#src/core/errors.ts';

/** Statuses after which the same request may well succeed. */
const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 409, 429]);
/** Codes that say why in a fixed word; they go before the status. */
const KIND_OF_CODE: Readonly<Record<string, ModelFailureKind>> = {
  insufficient_quota: 'rejected',
  content_filter: 'refused',
  content_policy_violation: 'refused',
};

/** A failed call, with what the adapter needs to know of it beyond the error. */
export interface Failure {
  readonly error: ModelError;
  readonly isRetryable: boolean;
}

/** The server gave up in the middle of its answer, or sent something that is none. */
export class BrokenAnswer extends Error {
  /** Status and code, where the server named them. */
  readonly status: number | undefined;
  readonly code: string | undefined;

  constructor(message: string, status?: number, code?: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The server packed its answer in a way that we cannot read. */
export class UnknownPacking extends Error {
  /** @param coding as the server names it, in its header `content-encoding`. */
  constructor(coding: string) {
    const named = /^[\w., -]{1,64}$/.test(coding) ? coding : 'what has no plain name';
    super(`the answer is packed as ${named}: have the server send it unpacked`);
  }
}

/**
 * What came of a call that threw.
 * @param answered the error with which the server answered, if it did.
 * @param hadBegun the server had begun to answer: it is not unreachable, it broke off.
 */
export function failureOf(
  model: string,
  error: unknown,
  answered: APIError | undefined,
  hadBegun: boolean,
): Failure {
  if (answered !== undefined) return failureOfApiError(model, answered);
  if (error instanceof BrokenAnswer) return failureOfStatus(model, error.status, error.code);
  if (error instanceof UnknownPacking)
    return { error: new ModelError('malformed', model, error.message), isRetryable: false };
  return failureOfConnection(model, error, hadBegun);
}

/**
 * What a status (or code) of the server means. The detail names status and code alone: servers repeat prompts and
 * keys in their messages.
 */
function failureOfStatus(
  model: string,
  status: number | undefined,
  code: string | null | undefined,
): Failure {
  const word = safeWord(code);
  const kind = KIND_OF_CODE[word] ?? kindOfStatus(status);
  const detail = [status === undefined ? 'error event in the stream' : `HTTP ${status}`, word]
    .join(' ')
    .trim();
  const isRetryable =
    !(word in KIND_OF_CODE) && status !== undefined && (RETRIED_STATUSES.has(status) || status >= 500);
  return { error: new ModelError(kind, model, detail), isRetryable };
}

function failureOfApiError(model: string, error: APIError): Failure {
  return failureOfStatus(model, error.status, error.code ?? error.type);
}

/** A connection that was not made or broke off, named by the system's code (ECONNREFUSED, UND_ERR_SOCKET). */
function failureOfConnection(model: string, error: unknown, hadBegun: boolean): Failure {
  const kind = hadBegun ? 'server-error' : 'unreachable';
  const what = hadBegun ? 'the answer broke off' : 'connection failed';
  return { error: new ModelError(kind, model, `${what} ${codeOf(error)}`.trim()), isRetryable: true };
}

/** The code of an error or, since fetch wraps what happened, of its cause. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return '';
  if ('code' in error && typeof error.code === 'string') return safeWord(error.code);
  return codeOf(error.cause, depth + 1);
}

function kindOfStatus(status: number | undefined): ModelFailureKind {
  if (status === undefined || status >= 500 || status === 409) return 'server-error';
  if (status === 408) return 'timeout';
  return status === 429 ? 'rate-limited' : 'rejected';
}

function safeWord(text: string | null | undefined): string {
  return /^[\w.-]{1,64}$/.test(text ?? '') ? (text ?? '') : '';
}
