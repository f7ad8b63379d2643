import fc from 'fast-check';
import type { CastRequest, Npc } from '#src/core/entities.ts';
import { ABILITIES, PERSONA_FIELDS, type Persona } from '#src/core/persona.ts';
import type { CampaignStore, LineStore } from '#src/core/store.ts';

/** A clock that stands still until it is set. */
export class TestClock {
  time = Date.UTC(2031, 4, 1);
  now(): number {
    return this.time;
  }
}

export function persona(name: string): Persona {
  return {
    name,
    aliases: [],
    pronouns: 'they/them',
    role: 'ferrier at the salt docks',
    description: 'Weathered.',
    personality: 'Patient.',
    voice: 'Short sentences.',
    mes_example: ['Tide waits for none.'],
    first_mes: 'Crossing?',
    goals: [],
    fears: [],
    bonds: [],
    knowledge: [],
    secrets: [],
    talkativeness: 0.5,
    tags: [],
    creator_notes: '',
    extensions: {},
  };
}

type NewNpc = Parameters<CampaignStore['npcs']['add']>[0];

export function newNpc(id: string, name = id, change: Partial<NewNpc> = {}): NewNpc {
  return {
    id,
    persona: persona(name),
    status: 'draft',
    cast: undefined,
    sourceFile: undefined,
    reason: 'drafted',
    by: 'Gale',
    ...change,
  };
}

/** @throws where the name is taken, which a test that calls this does not expect. */
export async function addNpc(campaign: CampaignStore, npc: NewNpc): Promise<Npc> {
  const added = await campaign.npcs.add(npc);
  if (added === undefined) throw new Error(`The name of ${npc.id} is taken.`);
  return added;
}

type NewLine = Parameters<LineStore['append']>[0];

export function newLine(id: string, sceneId: string, change: Partial<NewLine> = {}): NewLine {
  return {
    id,
    sceneId,
    speaker: { kind: 'character', id: 'person-1', name: 'Wren' },
    kind: 'speech',
    text: `What ${id} says.`,
    state: 'said',
    replyTo: undefined,
    witnesses: [],
    ...change,
  };
}

export const castRequest: CastRequest = {
  count: 3,
  prompt: 'smugglers of the salt docks',
  level: undefined,
  tone: undefined,
  system: 'none',
  seed: 'seed-1',
};

/** Any UTF-16, well-formed or not: what JSON can carry. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
    .map((units) => String.fromCharCode(...units)),
);
const anyTexts = fc.array(anyText, { maxLength: 3 });
const anyAbility = fc.constantFrom(...ABILITIES);

const anyStatBlock = fc.record({
  system: fc.constant('5e' as const),
  size: anyText,
  creature_type: anyText,
  alignment: anyText,
  challenge_rating: fc.constantFrom(0, 0.125, 0.25, 0.5, 1, 30),
  abilities: fc.record({
    str: fc.nat(30),
    dex: fc.nat(30),
    con: fc.nat(30),
    int: fc.nat(30),
    wis: fc.nat(30),
    cha: fc.nat(30),
  }),
  armor_class: fc.nat(30),
  hit_dice: fc.record({ count: fc.nat(40), sides: fc.nat(20) }),
  speed_in_feet: fc.nat(120),
  saving_throws: fc.array(anyAbility, { maxLength: 2 }),
  skills: anyTexts,
  languages: anyTexts,
  actions: fc.array(
    fc.record(
      {
        name: anyText,
        text: anyText,
        attack: fc.record({
          ability: anyAbility,
          reach: anyText,
          damage_dice: anyText,
          damage_type: anyText,
        }),
      },
      { requiredKeys: ['name', 'text'] },
    ),
    { maxLength: 2 },
  ),
});

/** What JSON can say: it has no -0. */
const anyJson = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));

const personaFields = {
  name: anyText,
  aliases: anyTexts,
  pronouns: anyText,
  role: anyText,
  description: anyText,
  personality: anyText,
  voice: anyText,
  mes_example: anyTexts,
  first_mes: anyText,
  goals: anyTexts,
  fears: anyTexts,
  bonds: fc.array(fc.record({ to: anyText, tie: anyText }), { maxLength: 2 }),
  knowledge: anyTexts,
  secrets: fc.array(fc.record({ text: anyText, until: anyText }), { maxLength: 2 }),
  talkativeness: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
  tags: anyTexts,
  creator_notes: anyText,
  extensions: fc.dictionary(anyText, anyJson, { maxKeys: 3, noNullPrototype: true }),
};

export const anyPersona: fc.Arbitrary<Persona> = fc.oneof(
  fc.record(personaFields),
  fc.record({ ...personaFields, stat_block: anyStatBlock }),
);

export const anyLocks = fc.uniqueArray(fc.constantFrom(...PERSONA_FIELDS));

/** A document of one passage for each text. */
export function newLore(title: string, ...texts: readonly string[]) {
  return {
    title,
    audience: { kind: 'everyone' },
    passages: texts.map((text) => ({ heading: 'Here', text, keys: [], secondaryKeys: [] })),
    sizeInCharacters: texts.join('').length,
    by: 'Gale',
  } as const;
}
