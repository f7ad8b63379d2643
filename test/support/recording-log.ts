import type { Log, LogDetails, LogWrite } from '#src/core/log.ts';

export interface LogEntry {
  readonly level: keyof Log;
  readonly event: string;
  readonly details: LogDetails;
  readonly error: unknown;
}

/** A log that keeps what it is told. */
export function recordingLog(): { readonly log: Log; readonly entries: readonly LogEntry[] } {
  const entries: LogEntry[] = [];
  const at =
    (level: keyof Log): LogWrite =>
    (event, details = {}, error) => {
      entries.push({ level, event, details, error });
    };
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, entries };
}
