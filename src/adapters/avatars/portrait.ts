import { createHash } from 'node:crypto';
import { LOOKS, type Portrait } from './drawing.ts';
import { areInitials, initialsOf } from './initials.ts';

/** Counted up when the drawings change: platforms keep a picture for as long as its address stays. */
const DRAWN_IN_THE_WAY = 1;

/** An NPC keeps its colours under a new name, and gets the new name's letters. */
export function portraitOf(npc: { readonly id: string; readonly name: string }): Portrait {
  const look = createHash('sha256').update(npc.id).digest().readUInt32BE(0) % LOOKS;
  return { look, initials: initialsOf(npc.name) };
}

/** "1-42-48.52.png": the letters by their code points, so that nothing in it needs to be escaped. */
export function fileOf({ look, initials }: Portrait): string {
  const letters = initials.map((letter) => (letter.codePointAt(0) ?? 0).toString(16));
  return `${[DRAWN_IN_THE_WAY, look, ...(letters.length === 0 ? [] : [letters.join('.')])].join('-')}.png`;
}

/** Undefined where it is the file of none. */
export function portraitIn(file: string): Portrait | undefined {
  const [, look, letters = ''] = /^\d-(\d{1,3})(?:-([\da-f.]{2,9}))?\.png$/.exec(file) ?? [];
  const codes = letters.split('.').filter((code) => code !== '');
  const initials = codes.map((code) => String.fromCodePoint(Number.parseInt(code, 16) % 0x10000));
  const portrait = { look: Number(look), initials };
  const exists = portrait.look < LOOKS && areInitials(initials) && fileOf(portrait) === file;
  return exists ? portrait : undefined;
}
