import type { Persona } from '#src/core/persona.ts';

/** A persona with nothing but what the test names. */
export function personaOf(name: string, parts: Partial<Persona> = {}): Persona {
  return {
    name,
    aliases: [],
    pronouns: 'they/them',
    role: 'passer-by',
    description: '',
    personality: '',
    voice: '',
    mes_example: [],
    first_mes: '',
    goals: [],
    fears: [],
    bonds: [],
    knowledge: [],
    secrets: [],
    talkativeness: 0.5,
    tags: [],
    creator_notes: '',
    extensions: {},
    ...parts,
  };
}
