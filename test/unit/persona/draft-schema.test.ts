import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERSONA_FIELDS } from '#src/core/persona.ts';
import { strictJsonSchema } from '#src/models/strict-schema.ts';
import { draftSchema, personaOfDraft } from '#src/persona/draft-schema.ts';
import { parsePersona } from '#src/persona/persona-schema.ts';
import { persona, text } from './arbitrary-persona.ts';

const lean = {
  name: 'Ada Marsh',
  role: 'ferrier',
  description: 'Tall.',
  personality: 'Dry.',
  voice: 'Slow.',
  first_mes: 'Well?',
};
const member = { name: 'Ada Marsh', role: 'ferrier', hook: 'h', ties: [{ to: 'Bo', tie: 'cousin' }] };
const unplanned = { keep: {}, member: undefined };

function draftOf(parts: Record<string, unknown> = {}) {
  return draftSchema.parse({ ...lean, ...parts });
}

describe('draftSchema', () => {
  it('has a strict form that asks for every field of a sheet and for nothing else', () => {
    const shape = strictJsonSchema(draftSchema);
    expect(Object.keys(Object(shape.properties))).toEqual([...PERSONA_FIELDS]);
    expect(shape.additionalProperties).toBe(false);
    expect(JSON.stringify(shape)).not.toContain('"stat_block":{"anyOf":[{"anyOf"');
  });

  it('reads a lean draft, and nulls for what was left out', () => {
    expect(draftOf({ goals: null, talkativeness: null })).toMatchObject({ goals: [], stat_block: null });
    expect(draftOf().secrets).toEqual([]);
  });

  it.each([
    ['role', ' '],
    ['description', '\u200b'],
    ['personality', ''],
    ['voice', '\n'],
    ['first_mes', ''],
    ['name', '::'],
    ['goals', 'gold'],
    ['bonds', [{ to: 'Bo' }]],
  ])('refuses a draft whose %s is %j', (field, value) =>
    expect(draftSchema.safeParse({ ...lean, [field]: value }).success).toBe(false),
  );

  it('refuses what is no object', () => expect(draftSchema.safeParse('Ada').success).toBe(false));
});

describe('personaOfDraft', () => {
  it('forces the planned name and ties, whatever the model made of them', () => {
    const draft = draftOf({
      name: 'Somebody Else',
      bonds: [
        { to: 'bo', tie: 'stranger' },
        { to: 'Cy', tie: 'rival' },
        { to: 'Ada Marsh', tie: 'self' },
        { to: 'Di', tie: ' ' },
      ],
    });
    const made = personaOfDraft(draft, { keep: {}, member });
    expect(made.name).toBe('Ada Marsh');
    expect(made.bonds).toEqual([
      { to: 'Bo', tie: 'cousin' },
      { to: 'Cy', tie: 'rival' },
    ]);
  });

  it('lets what is kept stand above all, also that there is no stat block', () => {
    const keep = {
      name: 'Old Ada',
      goals: [],
      bonds: [{ to: 'Zed', tie: 'son' }],
      ...Object.fromEntries([['stat_block', undefined]]),
    };
    const made = personaOfDraft(draftOf({ goals: ['gold'], stat_block: STAT }), { keep, member });
    expect(made).toMatchObject({ name: 'Old Ada', goals: [], bonds: [{ to: 'Zed', tie: 'son' }] });
    expect(made).not.toHaveProperty('stat_block');
  });

  it('drops empty and repeated items, labels and quotation marks', () => {
    const draft = draftOf({
      aliases: ['ada marsh', 'Red Ada', 'RED ADA', ' : '],
      goals: ['gold', ' ', 'Gold', 'rest'],
      secrets: [
        { text: '', until: 'x' },
        { text: 'sings', until: '' },
        { text: 'Sings ', until: 'y' },
      ],
      mes_example: ['Ada Marsh: "Come in."', '“Out.”', 'red ada: Sit.', 'Listen: rain.'],
      first_mes: 'ADA MARSH: Well?',
    });
    const made = personaOfDraft(draft, unplanned);
    expect(made.aliases).toEqual(['Red Ada']);
    expect(made.goals).toEqual(['gold', 'rest']);
    expect(made.secrets).toEqual([{ text: 'sings', until: '' }]);
    expect(made.mes_example).toEqual(['Come in.', 'Out.', 'Sit.', 'Listen: rain.']);
    expect(made.first_mes).toBe('Well?');
  });

  it('clips what is too long after a whole word, and lists after their limit', () => {
    const draft = draftOf({
      role: 'gaffer '.repeat(40),
      knowledge: Array.from({ length: 60 }, (_, index) => `fact ${index}`),
      talkativeness: 7,
    });
    const made = personaOfDraft(draft, unplanned);
    expect(made.role.length).toBeLessThanOrEqual(120);
    expect(made.role).toMatch(/gaffer…$/u);
    expect(made.knowledge).toHaveLength(30);
    expect(made.talkativeness).toBe(1);
  });

  it('keeps tags that are text, bounded like the rest', () => {
    const { tags } = personaOfDraft(draftOf({ tags: ['sea', 7, ' sea ', 'x'.repeat(99)] }), unplanned);
    expect(tags).toEqual(['sea', `${'x'.repeat(39)}…`]);
    expect(personaOfDraft(draftOf({ tags: 'sea' }), unplanned).tags).toEqual([]);
  });

  it('keeps extensions that are small and plain, and drops others', () => {
    const voice = { dramatis: { voice: 'mutters' } };
    expect(personaOfDraft(draftOf({ extensions: voice }), unplanned).extensions).toEqual(voice);
    expect(personaOfDraft(draftOf({ extensions: { a: 'x'.repeat(99_999) } }), unplanned).extensions).toEqual(
      {},
    );
    expect(personaOfDraft(draftOf({ extensions: ['x'] }), unplanned).extensions).toEqual({});
  });

  it('leaves in a lean sheet what is to be deepened, but for planned ties', () => {
    const draft = draftOf({
      goals: ['gold'],
      bonds: [{ to: 'Cy', tie: 'rival' }],
      stat_block: STAT,
      mes_example: ['Hm.'],
    });
    const made = personaOfDraft(draft, { keep: { fears: ['fog'] }, member, depth: 'lean' });
    expect(made).toMatchObject({ goals: [], fears: ['fog'], bonds: member.ties, mes_example: ['Hm.'] });
    expect(made).not.toHaveProperty('stat_block');
  });

  it('brings a stat block into the ranges of the rules', () => {
    const made = personaOfDraft(
      draftOf({
        stat_block: {
          ...STAT,
          size: 'Enormous',
          creature_type: ' ',
          challenge_rating: 1.6,
          abilities: { str: 45, dex: -3, con: 12.4, int: 10, wis: 10, cha: 10 },
          hit_dice: { count: 500, sides: 9 },
          saving_throws: ['Dex', 'luck', 'dex'],
          skills: ['Stealth', 'juggling'],
          actions: [
            {
              name: 'Gaff',
              text: 't',
              attack: { ability: 'STR', reach: '', damage_dice: '2d6 + 3', damage_type: 'Piercing' },
            },
            {
              name: 'Odd',
              text: '',
              attack: { ability: 'luck', reach: 'x', damage_dice: 'd6', damage_type: 'fire' },
            },
            { name: 'Plain', text: 'no attack' },
            { name: ' ', text: '' },
          ],
        },
      }),
      unplanned,
    );
    expect(made.stat_block).toMatchObject({
      size: 'medium',
      creature_type: 'humanoid',
      challenge_rating: 2,
      abilities: { str: 30, dex: 1, con: 12 },
      hit_dice: { count: 60, sides: 8 },
      saving_throws: ['dex'],
      skills: ['stealth'],
    });
    expect(made.stat_block?.actions).toEqual([
      {
        name: 'Gaff',
        text: 't',
        attack: { ability: 'str', reach: 'reach 5 ft.', damage_dice: '2d6', damage_type: 'piercing' },
      },
      { name: 'Odd', text: '' },
      { name: 'Plain', text: 'no attack' },
    ]);
  });

  it('takes a whole sheet for a draft: tables of our own answer in that form', () => {
    const result = parsePersona({
      ...lean,
      aliases: ['Red'],
      stat_block: { skills: ['stealth'], actions: [{ name: 'Gaff' }] },
    });
    if ('faults' in result) throw new Error('the sheet must hold');
    expect(personaOfDraft(draftSchema.parse(result.persona), unplanned)).toEqual(result.persona);
  });

  it('always makes a sheet that holds', () => {
    const words = fc.array(text, { maxLength: 40 });
    const stat = fc.record({
      ...Object.fromEntries(Object.keys(STAT).map((key) => [key, fc.constant(Reflect.get(STAT, key))])),
      size: text,
      alignment: text,
      challenge_rating: fc.double({ noNaN: true, noDefaultInfinity: true }),
      armor_class: fc.double({ noNaN: true, noDefaultInfinity: true }),
      speed_in_feet: fc.double({ noNaN: true, noDefaultInfinity: true }),
      languages: words,
      skills: words,
      actions: fc.array(fc.record({ name: text, text }), { maxLength: 20 }),
    });
    const drafts = fc.record({
      ...Object.fromEntries(Object.keys(lean).map((key) => [key, text])),
      aliases: words,
      pronouns: text,
      mes_example: words,
      goals: words,
      bonds: fc.array(fc.record({ to: text, tie: text }), { maxLength: 30 }),
      secrets: fc.array(fc.record({ text, until: text }), { maxLength: 20 }),
      talkativeness: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      stat_block: fc.option(stat),
      extensions: fc.anything(),
      tags: fc.anything(),
    });
    const members = fc.option(
      fc.record({ name: text, role: text, hook: text, ties: fc.array(fc.record({ to: text, tie: text })) }),
      { nil: undefined },
    );
    const kept = fc
      .tuple(persona, fc.subarray([...PERSONA_FIELDS]))
      .map(([whole, fields]) => Object.fromEntries(fields.map((field) => [field, whole[field]])));
    let read = 0;
    fc.assert(
      fc.property(
        drafts,
        members,
        kept,
        fc.constantFrom('full' as const, 'lean' as const),
        (value, planned, keep, depth) => {
          const draft = draftSchema.safeParse(value);
          if (!draft.success) return;
          read += 1;
          const made = personaOfDraft(draft.data, { keep, member: planned, depth });
          expect(parsePersona(made)).toEqual({ persona: made });
          for (const [field, stands] of Object.entries(keep))
            expect(Reflect.get(made, field)).toEqual(stands);
        },
      ),
      { numRuns: 150 },
    );
    expect(read).toBeGreaterThan(20);
  });
});

const STAT = {
  system: '5e',
  size: 'medium',
  creature_type: 'humanoid',
  alignment: 'neutral',
  challenge_rating: 1,
  abilities: { str: 10, dex: 10, con: 10, int: 10, wis: 10, cha: 10 },
  armor_class: 12,
  hit_dice: { count: 2, sides: 8 },
  speed_in_feet: 30,
  saving_throws: [],
  skills: [],
  languages: [],
  actions: [],
};
