import { draftPersona } from '#src/adapters/improv/cast/draft.ts';
import { planCast } from '#src/adapters/improv/cast/plan.ts';
import { loadTables } from '#src/adapters/improv/tables.ts';
import { loadVoiceBook } from '#src/adapters/improv/voice/voice-book.ts';
import type { CastMember } from '#src/core/entities.ts';
import type { DraftTask, PlanTask } from '#src/core/model.ts';
import type { Persona } from '#src/core/persona.ts';
import { EMPTY_TASK } from '#src/generation/draft-tasks.ts';

export const DIRECTORY = `${import.meta.dirname}/../../../../../src/adapters/improv/tables/english`;
export const tables = await loadTables(DIRECTORY);
export const book = await loadVoiceBook(DIRECTORY);

export function plan(prompt: string, count: number, more: Partial<PlanTask> = {}): CastMember[] {
  return planCast(
    { kind: 'plan', prompt, count, level: undefined, tone: undefined, takenNames: [], seed: 'seed', ...more },
    tables,
  );
}

export function draft(more: Partial<DraftTask> = {}): Persona {
  return draftPersona(
    {
      ...EMPTY_TASK,
      seed: 'seed',
      ...more,
    },
    tables,
    book,
  );
}

/** A whole cast: planned, and every member drafted by itself. */
export function cast(prompt: string, count: number, more: Partial<DraftTask> = {}): Persona[] {
  const members = plan(prompt, count, { seed: more.seed ?? 'seed' });
  return members.map((member) =>
    draft({ prompt, member, others: members.filter((other) => other !== member), ...more }),
  );
}

/** Everything of a sheet that people read. */
export function proseOf(persona: Persona): string[] {
  const {
    description,
    personality,
    voice,
    mes_example,
    first_mes,
    goals,
    fears,
    knowledge,
    creator_notes,
    role,
  } = persona;
  const { bonds, secrets } = persona;
  return [
    [role, description, personality, voice, first_mes, creator_notes],
    mes_example,
    goals,
    fears,
    knowledge,
    bonds.map(({ tie }) => tie),
    secrets.flatMap(({ text, until }) => [text, until]),
  ].flat();
}

/** What is wrong with a text that was made from patterns; empty where nothing is. */
export function faultsIn(text: string): string[] {
  const signs: Record<string, RegExp> = {
    'an open slot': /[{}]|\[[^\]]*\|/u,
    'a double space': / {2}/u,
    'space before a stop': / [.,;:!?](?:\s|$)/u,
    'a before a vowel': /\b[Aa] (?!(?:one|once|uni|use|usu|eu|ewe|u-))[aeiou]\w/u,
    'an before a consonant': /\b[Aa]n (?!(?:hour|honest|honou?r|heir))[b-df-hj-np-tv-z]/u,
    'no agreement': /\b(?:they|They) (?:is|was|has|does|goes)\b|\b(?:she|he|She|He) (?:are|were|have|do)\b/u,
    'a double stop': /(?<!\.)\.\.(?!\.)/u,
    'nothing there': /undefined|\[object|NaN/u,
  };
  return Object.entries(signs).flatMap(([fault, sign]) => (sign.test(text) ? [`${fault}: ${text}`] : []));
}
