import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEXT_LIMITS } from '#src/persona/limits.ts';
import { parsePersona } from '#src/persona/persona-schema.ts';
import { persona as personas, sheet } from './arbitrary-persona.ts';

const base = { name: 'Ada', role: 'ferrier' };

function read(value: unknown) {
  const result = parsePersona(value);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.persona;
}

/** Faults as "path: reason". */
function faults(value: unknown): string[] {
  const result = parsePersona(value);
  return 'faults' in result ? result.faults.map(({ path, reason }) => `${path.join('.')}: ${reason}`) : [];
}

describe('parsePersona', () => {
  it('fills in what was left out', () =>
    expect(read(base)).toEqual({
      name: 'Ada',
      aliases: [],
      pronouns: 'they/them',
      role: 'ferrier',
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
    }));

  it('takes a key with nothing after it as left out', () =>
    expect(
      read({ ...base, goals: null, secrets: [{ text: 'sings', until: null }], stat_block: undefined }),
    ).toEqual(read({ ...base, secrets: [{ text: 'sings' }] })));

  it('trims and cleans texts', () => {
    const persona = read({
      ...base,
      name: '\ufeff Ada\u202e  Mar\u200bsh ',
      description: ' One \t two\r\n\n\n\nthree\u0000 \u001b[31mred\u001b[0m ',
      goals: ['on\none  line'],
      aliases: ['Ada M.', 'ADA M.', 'The Ferry'],
    });
    expect(persona.name).toBe('Ada Marsh');
    expect(persona.description).toBe('One two\n\nthree red');
    expect(persona.goals).toEqual(['on one line']);
    expect(persona.aliases).toEqual(['ADA M.', 'The Ferry']);
  });

  it('takes quotation marks off what is said, but not off a part of it', () => {
    const persona = read({
      ...base,
      mes_example: ['“Come in.”', '"No," he said. "Yes."'],
      first_mes: ' "You!" ',
    });
    expect(persona.mes_example).toEqual(['Come in.', '"No," he said. "Yes."']);
    expect(persona.first_mes).toBe('You!');
  });

  it.each([
    ['a label', 'Ada: the ferrier'],
    ['a label in disguise', 'Ada：'],
    ['two lines', 'Ada\nMarsh'],
    ['nothing but signs', '-- !'],
  ])('refuses a name that is %s', (_, name) =>
    expect(faults({ ...base, name })).toEqual([
      'name: must stand on one line, hold a letter or a digit, and no colon: it labels what they say',
    ]),
  );

  it.each([
    [
      { name: 'Ada' },
      ': needs at least one of role, description, personality: a name alone is nobody to play',
    ],
    [{ role: 'x' }, 'name: is missing'],
    [{ ...base, name: '' }, 'name: is empty'],
    [{ ...base, name: 'x'.repeat(61) }, 'name: has 61 characters; at most 60 fit'],
    [{ ...base, name: 12 }, 'name: must be text: put it in quotes'],
    [{ ...base, voice: ['a'] }, 'voice: must be one text, not a list'],
    [{ ...base, goals: 'gold' }, 'goals: must be a list: one item a line, each after a dash'],
    [{ ...base, goals: Array(11).fill('x') }, 'goals: has 11 items; at most 10 fit'],
    [{ ...base, talkativeness: 2 }, 'talkativeness: must be at most 1'],
    [{ ...base, talkativeness: 'much' }, 'talkativeness: must be a number'],
    [{ ...base, bonds: ['Bo'] }, 'bonds.0: must be keys, each with its value'],
    [{ ...base, descripton: 'x' }, 'descripton: is not a key here; did you mean "description"?'],
    [
      { ...base, bonds: [{ too: 'Bo', tie: 'x', to: 'Bo' }] },
      'bonds.0.too: is not a key here; did you mean "to"?',
    ],
    [
      { ...base, extensions: { f: () => 1 } },
      'extensions: holds too much, or what JSON cannot say: at most 16384 characters fit',
    ],
    [null, ': is missing'],
    ['Ada', ': must be keys, each with its value'],
  ])('says what is wrong with %j', (value, fault) => {
    const [first = '', ...others] = faults(value);
    expect(first.replace(/ Known: .*$/u, '')).toBe(fault);
    expect(others).toEqual([]);
  });

  it('tells of text that reads as keys what to do about it', () =>
    expect(faults({ ...base, knowledge: [{ 'The password': 'swordfish' }] })[0]).toMatch(
      /^knowledge\.0: must be text, but reads as keys.*in quotes/u,
    ));

  it('names the known keys where none is near', () =>
    expect(faults({ ...base, xyzzyx: 1 })).toEqual([
      expect.stringMatching(/^xyzzyx: is not a key here\. Known: name, aliases,/u),
    ]));

  it('gives each unknown key its own fault and cleans what it repeats', () => {
    const found = faults({ ...base, gols: [], [`fers\u001b[2J${'x'.repeat(90)}`]: 1 });
    expect(found).toHaveLength(2);
    expect(found[0]).toContain('did you mean "goals"');
  });

  it('counts the faults that it does not list', () => {
    const found = faults({
      ...base,
      knowledge: Array(30).fill(7),
      goals: Array(10).fill(7),
      fears: Array(10).fill(7),
    });
    expect(found).toHaveLength(31);
    expect(found.at(-1)).toBe(': has 20 more faults');
  });

  it('keeps small extensions as they came', () => {
    const extensions = {
      dramatis: { voice: 'dry', none: null, list: [1, true, { deep: ' x ' }] },
      other: 'y',
    };
    expect(read({ ...base, extensions }).extensions).toEqual(extensions);
  });

  it.each([
    ['long text', { a: 'x'.repeat(20_000) }],
    ['many values', { a: Array(2000).fill(0) }],
    ['depth', { a: [[[[[[[[[[1]]]]]]]]]] }],
    ['what is not JSON', { a: Number.NaN }],
    ['a class', { a: new Date(0) }],
  ])('refuses extensions with %s', (_, extensions) =>
    expect(faults({ ...base, extensions })).toHaveLength(1),
  );

  it('ends on circles', () => {
    const circle: Record<string, unknown> = { ...base };
    circle.extensions = { circle };
    circle.goals = [circle];
    expect(faults(circle).length).toBeGreaterThan(0);
  });

  it('never throws, and reads what it made as the same again', () => {
    const anything = fc.oneof(fc.anything(), sheet, fc.dictionary(fc.string(), fc.anything()));
    fc.assert(
      fc.property(anything, (value) => {
        const result = parsePersona(value);
        if ('persona' in result) expect(parsePersona(result.persona)).toEqual(result);
        else expect(result.faults.every(({ reason }) => reason !== '')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('makes sheets that JSON brings back as they were', () => {
    expect(read({ ...base, talkativeness: -0 }).talkativeness).toBe(0);
    fc.assert(
      fc.property(personas, (made) => {
        expect(JSON.parse(JSON.stringify(made))).toStrictEqual(made);
      }),
    );
  });

  it('takes sheets at the limits', () => {
    const description = 'x'.repeat(TEXT_LIMITS.description);
    expect(read({ ...base, description }).description).toBe(description);
    expect(faults({ ...base, description: `${description}x` })).toHaveLength(1);
  });
});

describe('stat blocks', () => {
  const stat = (value: unknown) => read({ ...base, stat_block: value }).stat_block;
  const statFaults = (value: unknown) => faults({ ...base, stat_block: value });

  it('are a commoner where nothing is said', () =>
    expect(stat({})).toEqual({
      system: '5e',
      size: 'medium',
      creature_type: 'humanoid',
      alignment: 'neutral',
      challenge_rating: 0,
      abilities: { str: 10, dex: 10, con: 10, int: 10, wis: 10, cha: 10 },
      armor_class: 10,
      hit_dice: { count: 1, sides: 8 },
      speed_in_feet: 30,
      saving_throws: [],
      skills: [],
      languages: [],
      actions: [],
    }));

  it('are read as sheets write them', () =>
    expect(
      stat({
        size: 'Large',
        challenge_rating: '1/4',
        hit_dice: '3d10',
        skills: ['Sleight of Hand', 'sleight of hand'],
        saving_throws: ['DEX', 'dex'],
        actions: [{ name: 'Gaff', attack: { ability: 'STR', damage_dice: '1d6', damage_type: 'Piercing' } }],
      }),
    ).toMatchObject({
      size: 'large',
      challenge_rating: 0.25,
      hit_dice: { count: 3, sides: 10 },
      skills: ['sleight of hand'],
      saving_throws: ['dex'],
      actions: [
        {
          name: 'Gaff',
          text: '',
          attack: { ability: 'str', reach: 'reach 5 ft.', damage_dice: '1d6', damage_type: 'piercing' },
        },
      ],
    }));

  it.each([
    [
      { challenge_rating: 1.5 },
      'stat_block.challenge_rating: must be 0, 1/8, 1/4, 1/2, or a whole number from 1 to 30',
    ],
    [{ abilities: { str: 31 } }, 'stat_block.abilities.str: must be at most 30'],
    [{ abilities: { str: 0 } }, 'stat_block.abilities.str: must be at least 1'],
    [{ armor_class: 12.5 }, 'stat_block.armor_class: must be a whole number'],
    [{ hit_dice: '3d7' }, 'stat_block.hit_dice: must be written like 3d8'],
    [{ hit_dice: '0d8' }, 'stat_block.hit_dice: must be written like 3d8'],
    [{ hit_dice: '61d8' }, 'stat_block.hit_dice: must be written like 3d8'],
    [{ hit_dice: { count: 99, sides: 8 } }, 'stat_block.hit_dice.count: must be at most 60'],
    [{ skills: ['steelth'] }, 'stat_block.skills.0: "steelth" cannot stand here; did you mean "stealth"?'],
    [{ size: [] }, 'stat_block.size: "" cannot stand here. Possible: tiny'],
    [
      { actions: [{ name: 'x', attack: { ability: 'str', damage_dice: '1d6+3', damage_type: 'fire' } }] },
      'stat_block.actions.0.attack.damage_dice: must be dice like 1d8',
    ],
    [{ system: '4e' }, 'stat_block.system: "4e" cannot stand here; did you mean "5e"?'],
  ])('are refused with %j', (value, fault) => {
    const found = statFaults(value);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(fault), found[0]).toBe(true);
  });
});
