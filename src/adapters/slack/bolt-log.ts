import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '#src/core/log.ts';

const MAX_WORDS = 100;

/**
 * Bolt's log as ours: warnings and errors alone, and of those only the fixed words at the beginning. What follows a
 * colon or a bracket may hold a request, a token or what somebody said.
 */
export function boltLogger(log: Log): Logger {
  const none = () => {};
  return {
    debug: none,
    info: none,
    warn: (...messages) => log.warn('The Slack library warns', { about: firstWords(messages) }),
    error: (...messages) => log.warn('The Slack library reports an error', { about: firstWords(messages) }),
    setLevel: none,
    getLevel: () => LogLevel.WARN,
    setName: none,
  };
}

function firstWords([first]: readonly unknown[]): string {
  const message = first instanceof Error ? first.name : String(first);
  return (/^[^:({[!]*/u.exec(message)?.[0] ?? '').trim().slice(0, MAX_WORDS);
}
