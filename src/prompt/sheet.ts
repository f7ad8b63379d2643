import type { Persona } from '#src/core/persona.ts';
import { clip } from '#src/core/text.ts';

interface Cut {
  readonly field: keyof Persona;
  /** Characters of a text, items of a list. */
  readonly keep: number;
}

/**
 * What leaves a sheet that is too long, in this order: lists lose their last items down to so many, long texts their
 * end. Name, role, voice and secrets are who this is, and stay whole.
 */
const CUTS = [
  { field: 'mes_example', keep: 6 },
  { field: 'knowledge', keep: 12 },
  { field: 'bonds', keep: 10 },
  { field: 'goals', keep: 4 },
  { field: 'fears', keep: 3 },
  { field: 'description', keep: 800 },
  { field: 'personality', keep: 800 },
  { field: 'mes_example', keep: 2 },
  { field: 'knowledge', keep: 0 },
  { field: 'bonds', keep: 0 },
  { field: 'goals', keep: 0 },
  { field: 'fears', keep: 0 },
  { field: 'mes_example', keep: 0 },
  { field: 'description', keep: 200 },
  { field: 'personality', keep: 200 },
] as const satisfies readonly Cut[];

/** What leaves it where even that is more than a small window holds. The name always stays. */
const LAST_CUTS = [
  { field: 'description', keep: 0 },
  { field: 'voice', keep: 400 },
  { field: 'aliases', keep: 3 },
  { field: 'secrets', keep: 3 },
  { field: 'personality', keep: 80 },
  { field: 'voice', keep: 150 },
  { field: 'secrets', keep: 1 },
  { field: 'aliases', keep: 0 },
  { field: 'secrets', keep: 0 },
  { field: 'personality', keep: 0 },
  { field: 'pronouns', keep: 0 },
  { field: 'voice', keep: 0 },
  { field: 'role', keep: 0 },
] as const satisfies readonly Cut[];

/** A sheet, or those of its fields that are given, and shorter and shorter forms of it that still say who this is. */
export function shorterAndShorter<P extends Partial<Persona>>(persona: P): readonly [P, ...P[]] {
  return cutDown(persona, CUTS);
}

/** A sheet that is cut as far as that, and shorter and shorter forms of it, down to the name. */
export function downToTheName(persona: Persona): readonly [Persona, ...Persona[]] {
  return cutDown(persona, LAST_CUTS);
}

function cutDown<P extends Partial<Persona>>(
  persona: P,
  cuts: typeof CUTS | typeof LAST_CUTS,
): readonly [P, ...P[]] {
  const forms: [P, ...P[]] = [persona];
  let current = persona;
  const cutTo = (field: keyof Persona, value: unknown) => {
    current = { ...current, [field]: value };
    forms.push(current);
  };
  for (const { field, keep } of cuts) {
    const value = current[field];
    if (value === undefined || value.length <= keep) continue;
    if (typeof value === 'string') cutTo(field, keep === 0 ? '' : clip(value, keep));
    else
      for (let length = value.length - 1; length >= keep; length -= 1) cutTo(field, value.slice(0, length));
  }
  return forms;
}

/** The sheet as prose that a model reads well; empty parts are left out. */
export function sheet(persona: Persona): string {
  const parts: readonly (readonly [label: string, text: string])[] = [
    ['Name', [persona.name, ...persona.aliases.map((alias) => `also called ${alias}`)].join(', ')],
    ['Pronouns', persona.pronouns],
    ['Role', persona.role],
    ['Looks', persona.description],
    ['Personality', persona.personality],
    ['Way of speaking', persona.voice],
    ['Lines in this voice', list(persona.mes_example)],
    ['Wants', list(persona.goals)],
    ['Fears', list(persona.fears)],
    ['People', list(persona.bonds.map((bond) => `${bond.to}: ${bond.tie}`))],
    ['Knows', list(persona.knowledge)],
    [
      'Secrets',
      list(
        persona.secrets.map((secret) =>
          secret.until === ''
            ? `${secret.text} (never tell this)`
            : `${secret.text} (hold back; may be told only: ${secret.until})`,
        ),
      ),
    ],
  ];
  return parts
    .filter(([, text]) => text.trim() !== '')
    .map(([label, text]) => `${label}: ${text}`)
    .join('\n');
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `\n${items.map((item) => `- ${item}`).join('\n')}`;
}
