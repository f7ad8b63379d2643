import { styleText } from 'node:util';
import { nameKey } from '#src/core/names.ts';

type Format = Parameters<typeof styleText>[0];

/** Gives text a colour or weight, or leaves it as it is where the terminal shows none. */
export type Paint = (format: Format, text: string) => string;

export function createPaint(hasColour: boolean): Paint {
  if (!hasColour) return (_, text) => text;
  // Whether colours are wanted was decided outside; the process's own output is not asked again.
  return (format, text) => (text === '' ? '' : styleText(format, text, { validateStream: false }));
}

/** Without red and yellow, which mean trouble and refusal. */
const NAME_COLOURS = [
  'cyan',
  'magenta',
  'green',
  'blue',
  'cyanBright',
  'magentaBright',
  'greenBright',
  'blueBright',
] as const satisfies readonly Format[];

/** The colour of a name: the same in every session. */
export function nameColour(name: string): (typeof NAME_COLOURS)[number] {
  let hash = 0;
  for (const character of nameKey(name)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return NAME_COLOURS[hash % NAME_COLOURS.length] ?? 'cyan';
}

export function paintName(paint: Paint, name: string, text = name): string {
  return paint(['bold', nameColour(name)], text);
}
