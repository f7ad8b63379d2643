import { isDeepStrictEqual } from 'node:util';
import type { Cast, CastMember, Npc } from '#src/core/entities.ts';
import type { DraftTask } from '#src/core/model.ts';
import { PERSONA_FIELDS, type Persona, type PersonaField } from '#src/core/persona.ts';

export const EMPTY_TASK: Omit<DraftTask, 'seed'> = {
  kind: 'draft',
  member: undefined,
  others: [],
  prompt: '',
  notes: '',
  level: undefined,
  tone: undefined,
  system: 'none',
  hint: '',
  keep: {},
  previous: undefined,
  takenNames: [],
  depth: 'full',
};

/** The task of drafting one person of a planned cast. */
export function memberTask(
  cast: Cast,
  member: CastMember,
  own: Pick<DraftTask, 'seed'> & Partial<DraftTask>,
): DraftTask {
  const { prompt, level, tone, system } = cast.request;
  const others = cast.members.filter((other) => other !== member);
  return { ...EMPTY_TASK, prompt, level, tone, system, member, others, ...own };
}

/** The fields that a reroll leaves alone, with what they hold. */
export function lockedFields(npc: Npc): Partial<Persona> {
  return fieldsOf(npc.persona, npc.locks);
}

/** What deepening leaves alone: all that holds something. */
export function filledFields(persona: Persona): Partial<Persona> {
  const isFilled = (value: unknown) =>
    value !== undefined && (typeof value === 'number' || String(value) !== '');
  const fields = PERSONA_FIELDS.filter((field) => isFilled(persona[field]));
  return { ...fieldsOf(persona, fields), extensions: persona.extensions };
}

/** What somebody changed of an NPC since `before`. */
export function changedFields(before: Persona, now: Persona): Partial<Persona> {
  return fieldsOf(
    now,
    PERSONA_FIELDS.filter((field) => !isDeepStrictEqual(before[field], now[field])),
  );
}

/** What other tools put into a sheet: ours (`dramatis`) belongs to the draft that made it. */
export function foreignExtensions({ extensions }: Persona): Persona['extensions'] {
  return Object.fromEntries(Object.entries(extensions).filter(([owner]) => owner !== 'dramatis'));
}

function fieldsOf(persona: Persona, fields: readonly PersonaField[]): Partial<Persona> {
  return Object.fromEntries(fields.map((field) => [field, persona[field]]));
}
