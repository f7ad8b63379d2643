import type { Action } from '#src/core/view.ts';

/** What a button does, without what it is called. */
export type PressedAction = Omit<Action, 'label'>;

/** What stands behind a button's code: its action, or the code under which `Front.unshelve` finds it. */
export type ButtonCode =
  | { readonly kind: 'action'; readonly action: PressedAction }
  | { readonly kind: 'shelved'; readonly shelfCode: string };

/** Changed with the form, so that a button of an older version is unknown instead of misread. */
const VERSION = '1';
const IN_PLACE = 'p';
const MAX_CODE_IN_CHARACTERS = 2000;

const COMMAND = /^[a-z][a-z0-9-]*(?: [a-z][a-z0-9-]*){0,2}$/u;
const OPTION = /^[a-z][a-z0-9-]*$/u;
const SHELF_CODE = /^[\w-]{1,64}$/u;

/**
 * An action as the code of a button: `1a|npc cast|p||cast=c1|page=2`.
 * @param maxCharacters what the platform keeps with a button.
 * @returns undefined where it is too long: `Front.shelve` keeps it, and `encodeShelf` writes the code.
 */
export function encodeAction(action: PressedAction, maxCharacters: number): string | undefined {
  const { command, options, asks = [], isInPlace = false } = action;
  const fields = [
    `${VERSION}a`,
    command,
    isInPlace ? IN_PLACE : '',
    asks.join(','),
    ...Object.entries(options).map(([name, value]) => `${name}=${escaped(value)}`),
  ];
  const code = fields.join('|');
  return code.length <= maxCharacters ? code : undefined;
}

export function encodeShelf(shelfCode: string): string {
  return `${VERSION}s|${shelfCode}`;
}

/** What a code says; undefined where we never wrote it. What it says is no more to be trusted than typed text. */
export function decodeAction(code: string): ButtonCode | undefined {
  if (code.length > MAX_CODE_IN_CHARACTERS) return undefined;
  const [form, ...fields] = code.split('|');
  if (form === `${VERSION}s`) {
    const [shelfCode = '', ...more] = fields;
    return more.length === 0 && SHELF_CODE.test(shelfCode) ? { kind: 'shelved', shelfCode } : undefined;
  }
  const action = form === `${VERSION}a` ? readAction(fields) : undefined;
  return action === undefined ? undefined : { kind: 'action', action };
}

function readAction([command = '', place, asked, ...pairs]: readonly string[]): PressedAction | undefined {
  if (!COMMAND.test(command) || (place !== '' && place !== IN_PLACE) || asked === undefined) return undefined;
  const asks = asked === '' ? [] : asked.split(',');
  if (!asks.every((name) => OPTION.test(name))) return undefined;
  const options = new Map<string, string>();
  for (const pair of pairs) {
    const [name = '', written, ...more] = pair.split('=');
    const value = written === undefined ? undefined : unescaped(written);
    if (value === undefined || more.length > 0 || !OPTION.test(name) || options.has(name)) return undefined;
    options.set(name, value);
  }
  return {
    command,
    options: Object.fromEntries(options),
    ...(asks.length === 0 ? {} : { asks }),
    ...(place === IN_PLACE ? { isInPlace: true } : {}),
  };
}

const ESCAPES: Readonly<Record<string, string>> = { '~': '~0', '|': '~1', '=': '~2' };
const ESCAPED: Readonly<Record<string, string>> = { '~0': '~', '~1': '|', '~2': '=' };

function escaped(value: string): string {
  return value.replace(/[~|=]/gu, (character) => ESCAPES[character] ?? character);
}

/** Undefined where it holds an escape that nobody writes. */
function unescaped(written: string): string | undefined {
  if (/~(?![012])/u.test(written)) return undefined;
  return written.replace(/~[012]/gu, (pair) => ESCAPED[pair] ?? pair);
}
