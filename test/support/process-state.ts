/** What test files that run one after another in a process could change for each other, beside modules. */
export interface ProcessState {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What stands under each of {@link REPLACED}. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** How many listen to each of {@link HEARD}. */
  readonly listeners: Readonly<Record<string, number>>;
}

/** Events of the process by which one file could swallow or answer what is another's. */
const HEARD = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGWINCH',
  'SIGCONT',
  'message',
  'uncaughtException',
  'unhandledRejection',
] as const;

/** Globals that tests are tempted to replace. Libraries add some of their own when they are loaded, which is fine. */
const REPLACED = [
  'Date',
  'console',
  'fetch',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
] as const;

export function processState(): ProcessState {
  return {
    folder: process.cwd(),
    environment: { ...process.env },
    globals: Object.fromEntries(REPLACED.map((name) => [name, globalThis[name]])),
    listeners: Object.fromEntries(HEARD.map((event) => [event, process.listenerCount(event)])),
  };
}

/** Names of what differs, for people: "environment: TERM". */
export function changedInProcess(before: ProcessState, after: ProcessState): readonly string[] {
  return [
    ...(before.folder === after.folder ? [] : ['working folder']),
    ...changedNames(before.environment, after.environment).map((name) => `environment: ${name}`),
    ...changedNames(before.globals, after.globals).map((name) => `global: ${name}`),
    ...changedNames(before.listeners, after.listeners).map((name) => `listeners: ${name}`),
  ];
}

function changedNames<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]);
}
