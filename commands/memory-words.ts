import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { HeldMemory, MemoryUnit, Tier } from '#src/core/memory.ts';
import { clip } from '#src/core/text.ts';
import { worldTimeText } from '#src/core/world-time.ts';
import { codeIn, codeOf, idsByCode, UNAMBIGUOUS_IN_LETTERS } from '#src/memory/codes.ts';
import type { CommandContext } from './context.ts';
import { timeText } from './notices.ts';

const MOST_OF_A_TEXT_IN_CHARACTERS = 200;
/** The game master's word: as long as a prompt shows of a memory. */
export const LONGEST_WORD_IN_CHARACTERS = 600;

/** Which memory a command is about. */
export const memoryOption = {
  kind: 'text',
  description: 'Its code as /memory list shows it, or words that are in it',
  maxLength: 400,
  required: true,
} as const;

/**
 * The memory that a code or words name.
 * @throws Refusal where there is none, or a code fits several.
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
    if (held.length > 1) {
      const which = held.map(
        ({ unit }) => `${codeOf(unit.id, UNAMBIGUOUS_IN_LETTERS)} (${clip(unit.text, 40)})`,
      );
      throw new Refusal(`${code} fits several memories of ${name}: ${which.join(', ')}. Type more letters.`);
    }
    if (held[0] !== undefined) return held[0];
  }
  const hits = await memory.recall(store, npc.id, typed, { limit: 1, askedOf: name });
  const [held] = await store.memories.heldAmong(
    npc.id,
    hits.map(({ unit }) => unit.id),
  );
  if (held !== undefined) return held;
  throw new Refusal(`${name} has no such memory. /memory list npc:${name} shows what there is, with codes.`);
}

/** A memory on one line: code, who and what, when, where it lies. */
export function memoryLine(held: HeldMemory, tier: Tier): string {
  const { unit, importance, isPinned } = held;
  const facts = [
    whenText(unit),
    `${tier} memory`,
    ...(importance === undefined ? [] : [`importance ${importance.toFixed(2)}`]),
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
