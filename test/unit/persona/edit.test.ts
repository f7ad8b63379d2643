import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#src/core/errors.ts';
import { EDITABLE_FIELDS, type EditableField, type Persona } from '#src/core/persona.ts';
import { editField } from '#src/persona/edit.ts';
import { parsePersona } from '#src/persona/persona-schema.ts';
import { persona as personas, text } from './arbitrary-persona.ts';

const result = parsePersona({
  name: 'Ada',
  role: 'ferrier',
  goals: ['gold', 'the old boat; whole', 'gold teeth'],
  bonds: [{ to: 'Bo', tie: 'cousin' }],
  secrets: [{ text: 'sings', until: 'when drunk' }],
  stat_block: { armor_class: 12, abilities: { str: 14 } },
});
if ('faults' in result) throw new Error('the sheet must hold');
const { persona } = result;

function goals(typed: string): Persona['goals'] {
  return editField(persona, 'goals', typed).goals;
}

/** The refusal's words. */
function refusal(field: EditableField, typed: string): string {
  try {
    editField(persona, field, typed);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('texts', () => {
  it('are replaced, and nothing else is', () =>
    expect(editField(persona, 'voice', ' Slow.  Low. ')).toEqual({ ...persona, voice: 'Slow. Low.' }));

  it('are refused by the sheet with its reason', () => {
    expect(refusal('name', 'Ada: x')).toMatch(/^name: must stand on one line.* Nothing was changed\.$/u);
    expect(refusal('role', '')).toMatch(/^The sheet needs at least one of role/u);
    expect(refusal('role', 'x'.repeat(121))).toBe(
      'role: has 121 characters; at most 120 fit. Nothing was changed.',
    );
  });
});

describe('lists', () => {
  it('are replaced, split at semicolons or at new lines', () => {
    expect(goals('rest; peace ;')).toEqual(['rest', 'peace']);
    expect(goals('rest; or not\npeace')).toEqual(['rest; or not', 'peace']);
    expect(goals('')).toEqual([]);
  });

  it('are added to', () => expect(goals('+ rest; peace')).toEqual([...persona.goals, 'rest', 'peace']));

  it.each([
    ['-2', ['gold', 'gold teeth']],
    ['-2; -3', ['gold']],
    ['- Gold', ['the old boat; whole', 'gold teeth']],
    ['-teeth', ['gold', 'the old boat; whole']],
  ])('%j takes out', (typed, left) => expect(goals(typed)).toEqual(left));

  it.each([
    ['-4', 'There is no item 4: that list has 3.'],
    ['-0', 'There is no item 0'],
    ['-old boat; gold t; silver', 'No item of that list says this'],
    ['-o', 'More than one item of that list says this'],
    ['-', 'No item of that list says this'],
  ])('%j is refused', (typed, words) => {
    expect(refusal('goals', typed)).toContain(words);
  });

  it('say when there is nothing to take out', () => expect(refusal('fears', '-1')).toContain('empty'));

  it('refuse more than fit', () =>
    expect(refusal('goals', Array(11).fill('x').join(';'))).toBe(
      'goals: has 11 items; at most 10 fit. Nothing was changed.',
    ));
});

describe('bonds and secrets', () => {
  it('bonds are "Name: tie", and a tie may hold semicolons', () =>
    expect(editField(persona, 'bonds', '+Mara: sister; silent since the fire; Zed: dog').bonds).toEqual([
      { to: 'Bo', tie: 'cousin' },
      { to: 'Mara', tie: 'sister; silent since the fire' },
      { to: 'Zed', tie: 'dog' },
    ]));

  it('bonds are taken out by name', () => expect(editField(persona, 'bonds', '-bo').bonds).toEqual([]));

  it.each(['Mara', 'Mara:', ': sister', 'just words; more'])('the bond %j is refused', (typed) =>
    expect(refusal('bonds', typed)).toContain('Name: what they are'),
  );

  it('secrets are "text | until"', () => {
    const { secrets } = editField(persona, 'secrets', '+ has the key | when paid; cannot swim');
    expect(secrets.slice(1)).toEqual([
      { text: 'has the key', until: 'when paid' },
      { text: 'cannot swim', until: '' },
    ]);
    expect(editField(persona, 'secrets', '-sing').secrets).toEqual([]);
    expect(refusal('secrets', ' | when paid')).toMatch(/^secrets, item 1, text: is empty\./u);
  });
});

describe('a picture', () => {
  it('is an https address, and is taken away', () => {
    const pictured = editField(persona, 'avatar', ' https://example.org/a.png ');
    expect(pictured.avatar).toBe('https://example.org/a.png');
    expect(editField(pictured, 'avatar', 'None')).toEqual(persona);
  });

  it.each([
    'http://example.org/a.png',
    'javascript:alert(1)',
    'https://me@example.org/a.png',
    'https://me:secret@example.org/a.png',
    'https://example.org/a b.png',
    'a.png',
    `https://example.org/${'x'.repeat(1000)}`,
  ])('is not %s', (typed) => {
    expect(refusal('avatar', typed)).toMatch(/^avatar: .*Nothing was changed\.$/u);
  });
});

describe('numbers', () => {
  it('talkativeness is a share', () => {
    expect(editField(persona, 'talkativeness', ' 0,25 ').talkativeness).toBe(0.25);
    for (const typed of ['2', '-1', 'much', '']) expect(refusal('talkativeness', typed)).toContain('from 0');
  });
});

describe('stat blocks', () => {
  it('are changed in part', () => {
    const { stat_block: stat } = editField(
      persona,
      'stat_block',
      'dex=16, CR=1/2 hp=4d8 skills=stealth, perception; saves=none',
    );
    expect(stat).toMatchObject({
      armor_class: 12,
      abilities: { str: 14, dex: 16, con: 10 },
      challenge_rating: 0.5,
      hit_dice: { count: 4, sides: 8 },
      skills: ['stealth', 'perception'],
      saving_throws: [],
    });
  });

  it('begin as a commoner, and are taken away', () => {
    const without = editField(persona, 'stat_block', ' None ');
    expect(without).not.toHaveProperty('stat_block');
    expect(editField(without, 'stat_block', 'ac=15\ntype=humanoid (dwarf)').stat_block).toMatchObject({
      armor_class: 15,
      creature_type: 'humanoid (dwarf)',
      abilities: { str: 10 },
    });
  });

  it('are set over several lines, with whatever space and commas', () => {
    const typed = 'ac = 15 ,\tstr =16,, languages = common, elvish , size= small;\n speed=25';
    expect(editField(persona, 'stat_block', typed).stat_block).toMatchObject({
      armor_class: 15,
      abilities: { str: 16 },
      languages: ['common', 'elvish'],
      size: 'small',
      speed_in_feet: 25,
    });
  });

  it.each([
    ['strong', 'is set like "str=16'],
    ['ac=14; languages', 'is set like "str=16'],
    ['ac=', 'is set like "str=16'],
    ['a=b=c', 'is set like "str=16'],
    [', ;', 'is set like "str=16'],
    ['strr=12', 'Did you mean str?'],
    ['constructor=1', 'Actions are written in a file'],
    ['str=40', 'stat_block, abilities, str: must be at most 30.'],
    ['cr=0.3', 'must be 0, 1/8'],
    ['skills=juggling', '"juggling" cannot stand here'],
  ])('%j is refused', (typed, words) => expect(refusal('stat_block', typed)).toContain(words));
});

// One that takes longer with the square or the cube of the length runs into the test's time limit.
it.each(EDITABLE_FIELDS)('reads %s in the time of its length, whatever is repeated', (field) => {
  const pieces = [
    ' ',
    '=',
    'a',
    'a=',
    'a =',
    ', ',
    ';',
    '\n',
    '\n ',
    '"',
    '“',
    ':',
    '-',
    '+',
    '|',
    '1',
    'ac=x ',
  ];
  for (const piece of pieces)
    for (const [before, after] of [
      ['', ''],
      ['ac=x', '!'],
      ['+', '='],
      ['-', '\n'],
    ] as const) {
      const typed = `${before}${piece.repeat(100_000 / piece.length)}${after}`;
      try {
        editField(persona, field, typed);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }
});

it('gives a sheet that holds or a refusal, whatever is typed', () => {
  fc.assert(
    fc.property(
      personas,
      fc.constantFrom(...EDITABLE_FIELDS),
      fc.oneof(
        text,
        text.map((typed) => `+${typed}`),
        text.map((typed) => `-${typed}`),
      ),
      (sheet, field, typed) => {
        try {
          const changed = editField(sheet, field, typed);
          expect(parsePersona(changed)).toEqual({ persona: changed });
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      },
    ),
    { numRuns: 500 },
  );
});
