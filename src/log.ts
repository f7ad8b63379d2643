import { pino } from 'pino';
import { Refusal } from '#src/core/errors.ts';
import type { LogLevel } from './config.ts';
import type { Log, LogDetails, LogWrite } from './core/log.ts';

/**
 * Opens the log, one JSON object a line; on standard error, in `file`, or where it is told. `secrets` never appear in
 * it.
 */
export function openLog(options: {
  readonly level: LogLevel;
  readonly secrets: readonly string[];
  /** Appended to; its folder is made. */
  readonly file?: string | undefined;
  readonly destination?: { write(line: string): void };
}): Log {
  const scrub = scrubber(options.secrets);
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Written at once: the last lines before a crash are the ones that matter.
    options.destination ?? pino.destination({ dest: options.file ?? 2, sync: true, mkdir: true }),
  );
  const at =
    (level: keyof Log): LogWrite =>
    (event, details = {}, error) => {
      if (!logger.isLevelEnabled(level)) return;
      const shown = Object.entries(details).map(([name, value]) => [name, shownDetail(name, value, scrub)]);
      const told = error === undefined ? {} : { error: describeError(error, scrub) };
      logger[level]({ ...Object.fromEntries(shown), ...told }, scrub(event));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

type Scrub = (text: string) => string;

const HIDDEN = '[hidden]';
const LONGEST_TEXT = 300;
/** Shorter values are words that stand for a key ("none", "ollama"): hiding them would only garble the log. */
const SHORTEST_SECRET = 8;
/** Authorization headers, keys by their usual prefix, and the password of an address. */
const SECRET_FORMS = /\bBearer\s+\S+|\bsk-[\w-]{8,}|\bxox[a-z]-[\w-]+|\bxapp-[\w-]+|(?<=:\/\/)[^\s/@]*@/g;

function scrubber(secrets: readonly string[]): Scrub {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  return (text) => {
    const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
    const clean = withoutKnown.replace(SECRET_FORMS, HIDDEN);
    return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
  };
}

/** Last words of names under which a text is content or a secret, wherever it comes from. */
const CONTENT = new Set(
  'authorization body content cookie key message notes password prompt secret text token transcript'.split(
    ' ',
  ),
);

function shownDetail(name: string, value: LogDetails[string], scrub: Scrub): LogDetails[string] {
  if (typeof value !== 'string') return value;
  const lastWord = name.split(/(?<=[a-z])(?=[A-Z])|[_\s-]/).at(-1) ?? '';
  return CONTENT.has(lastWord.toLowerCase()) ? HIDDEN : scrub(value);
}

const DEEPEST_CAUSE = 3;
const FRAMES = 8;
const COLLECTED = 4;
/** A stack begins with the message, of which a line may look almost like a frame. */
const FRAME = /^ {4}at \S.*(:\d+:\d+|<anonymous>)\)?$/;

function describeError(error: unknown, scrub: Scrub, depth = 0): Readonly<Record<string, unknown>> {
  // Somebody threw a bare value: it may be anything, a message's text included.
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = error.stack?.split('\n').filter((line) => FRAME.test(line)) ?? [];
  const below = (each: unknown) => describeError(each, scrub, depth + 1);
  const isDeepest = depth >= DEEPEST_CAUSE;
  const collected: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return {
    type: error.name,
    ...(mayQuote(error) ? {} : { message: scrub(error.message.split('\n')[0] ?? '') }),
    ...scalars(error, ['kind', 'code', 'status', 'syscall', 'model'], scrub),
    frames: frames.slice(0, FRAMES).map((line) => line.trim().slice('at '.length)),
    ...(isDeepest || error.cause === undefined ? {} : { cause: below(error.cause) }),
    ...(isDeepest || collected.length === 0 ? {} : { errors: collected.slice(0, COLLECTED).map(below) }),
  };
}

/**
 * Whether an error's message may repeat what somebody said: a parser quotes its input, a server (an error with a
 * status) its request, and a refusal what was typed.
 */
function mayQuote(error: Error): boolean {
  return error instanceof SyntaxError || error instanceof Refusal || 'status' in error;
}

function scalars(error: Error, names: readonly string[], scrub: Scrub): Readonly<Record<string, unknown>> {
  const values = new Map<string, unknown>(Object.entries(error));
  const found = new Map<string, unknown>();
  for (const name of names) {
    const value = values.get(name);
    if (typeof value === 'number') found.set(name, value);
    if (typeof value === 'string') found.set(name, scrub(value));
  }
  return Object.fromEntries(found);
}
