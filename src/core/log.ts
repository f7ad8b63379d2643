/**
 * What may stand beside an event: single values, so that no request, line or persona slips in whole. Never what
 * somebody said, a prompt, or a secret.
 */
export type LogDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Writes one event: a fixed sentence, with what varies in `details`. Of `error`, whatever was thrown, only what
 * carries no content is written: type, codes, frames, and a message that nobody outside has a hand in.
 */
export type LogWrite = (event: string, details?: LogDetails, error?: unknown) => void;

/** The process's log. */
export interface Log {
  readonly debug: LogWrite;
  readonly info: LogWrite;
  readonly warn: LogWrite;
  readonly error: LogWrite;
}
