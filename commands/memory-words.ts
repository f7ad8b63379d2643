import { shown } from '#src/core/command-options.ts';
import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { HeldMemory, MemoryUnit, Tier } from '#src/core/memory.ts';
import { clip, oneLine } from '#src/core/text.ts';
import { worldTimeText } from '#src/core/world-time.ts';
import { codeIn, codeOf, idsByCode, UNAMBIGUOUS_IN_LETTERS } from '#src/memory/codes.ts';
import { heldWith } from '#src/memory/held-words.ts';
import { saidAlike } from '#src/memory/said-alike.ts';
import type { CommandContext } from './context.ts';
import { timeText } from './notices.ts';

const MOST_OF_A_TEXT_IN_CHARACTERS = 200;
const MOST_OF_A_CHOICE_IN_CHARACTERS = 60;
/** Of those that have the words. */
const MOST_CHOICES = 5;
const MOST_MEANT = 3;
const MOST_ALIKE = 3;
/** Among so many that are likeliest, those that say the same are looked for. */
const LOOKED_AT_FOR_ALIKE = 20;
/** The game master's word: as long as a prompt shows of a memory. */
export const LONGEST_WORD_IN_CHARACTERS = 600;

/** Which memory a command is about. */
export const memoryOption = {
  kind: 'text',
  description: 'Its code as /memory list shows it, or words that only it has',
  maxLength: 400,
  required: true,
} as const;

/**
 * The memory that a code names, or words that are in it and in no other.
 * @throws Refusal where there is none, or several fit.
 */
export async function findMemory(
  { store, memory }: Pick<CommandContext, 'store' | 'memory'>,
  npc: Npc,
  typed: string,
): Promise<HeldMemory> {
  const { name } = npc.persona;
  const code = codeIn(typed);
  if (code !== undefined) {
    const held = await store.memories.heldAmong(npc.id, await idsByCode(store, npc.id, code));
    if (held.length > 1)
      throw new Refusal(`${code} fits several memories of ${name}: ${choices(held)}. Type more letters.`);
    if (held[0] !== undefined) return held[0];
  }
  const found = await heldWith(store, npc.id, typed, { limit: MOST_CHOICES + 1 });
  if (found.length > 1) {
    const more = found.length > MOST_CHOICES ? ' and others' : '';
    const which = choices(found.slice(0, MOST_CHOICES));
    throw new Refusal(
      `“${shown(typed)}” is in several memories of ${name}: ${which}${more}. Give the code of the one you mean, or more of its words.`,
    );
  }
  if (found[0] !== undefined) return found[0];
  const hits = await memory.recall(store, npc.id, typed, { limit: MOST_MEANT, askedOf: name });
  if (hits.length === 0)
    throw new Refusal(
      `${name} has no such memory. /memory list npc:${name} shows what there is, with codes.`,
    );
  throw new Refusal(
    `${name} has no memory with the words “${shown(typed)}”. Did you mean one of these? ${choices(hits)}. Give its code.`,
  );
}

/** Memories to choose from, by codes that surely differ. */
function choices(some: readonly Pick<HeldMemory, 'unit'>[]): string {
  const one = ({ unit }: Pick<HeldMemory, 'unit'>) =>
    `${codeOf(unit.id, UNAMBIGUOUS_IN_LETTERS)} (${clip(oneLine(unit.text), MOST_OF_A_CHOICE_IN_CHARACTERS)})`;
  return some.map(one).join(', ');
}

/**
 * What else an NPC holds that may say what a memory says, or said until now, for whoever changed it: "Also: …"; empty
 * where there is nothing.
 * @param without ids of what is no news: the memory itself, and what took its place.
 */
export async function alsoText(
  { store, memory }: Pick<CommandContext, 'store' | 'memory'>,
  npc: Npc,
  text: string,
  without: readonly string[],
): Promise<string> {
  const options = { limit: LOOKED_AT_FOR_ALIKE, askedOf: npc.persona.name };
  const hits = await memory.recall(store, npc.id, text, options);
  const alike = hits.filter(({ unit }) => !without.includes(unit.id) && saidAlike(text, unit.text));
  return alike.length === 0 ? '' : ` Also: ${choices(alike.slice(0, MOST_ALIKE))}.`;
}

/** What a memory says, as whoever gives it back may type it: the game master's word has no speaker. */
export function wordOf({ unit: { speaker, text } }: HeldMemory): string {
  const said = speaker === '' ? '' : `${speaker} said: `;
  return clip(`${said}${oneLine(text)}`, LONGEST_WORD_IN_CHARACTERS);
}

/** A memory on one line: code, who and what, when, where it lies. */
export function memoryLine(held: HeldMemory, tier: Tier): string {
  const { unit, importance, isPinned } = held;
  const facts = [
    whenText(unit),
    `${tier} memory`,
    importance === undefined ? 'not weighed yet' : `importance ${importance.toFixed(2)}`,
    ...(isPinned ? ['pinned'] : []),
  ];
  return `${codeOf(unit.id)} · ${saidText(held, MOST_OF_A_TEXT_IN_CHARACTERS)} — ${facts.join(' · ')}`;
}

/** When it was said, first in the world where that is known: "day 2, night (2026-11-20 19:42)". */
export function whenText({
  worldMinute,
  saidAtInMs,
}: Pick<MemoryUnit, 'worldMinute' | 'saidAtInMs'>): string {
  const said = timeText(saidAtInMs);
  return worldMinute === undefined ? said : `${worldTimeText(worldMinute)} (${said})`;
}

/** Who said what, or what it is instead. */
export function saidText({ unit: { speaker, kind, text } }: Pick<HeldMemory, 'unit'>, limit: number): string {
  const who = kind === 'summary' ? 'Summary' : kind === 'gm' ? 'GM’s word' : speaker === '' ? 'GM' : speaker;
  return `${who}: ${clip(text.replace(/\s+/gu, ' '), limit)}`;
}
