import { describe, expect, it } from 'vitest';
import { EDITABLE_FIELDS, type Persona } from '#src/core/persona.ts';
import { editField } from '#src/persona/edit.ts';
import { fieldText } from '#src/persona/field-text.ts';
import { personaOf } from '../../support/personas.ts';

const full: Persona = editField(
  personaOf('Tilda Marsh', {
    aliases: ['Til', 'the Ferrywoman'],
    role: 'ferrywoman',
    avatar: 'https://example.org/tilda.png',
    description: 'Salt in her hair.',
    personality: 'Patient.',
    voice: 'Slow.',
    mes_example: ['Tide waits for none.'],
    first_mes: 'Mind the step.',
    goals: ['a dry bed', 'a new boat'],
    fears: ['deep water'],
    bonds: [{ to: 'Bram', tie: 'owes him; never says so' }],
    knowledge: ['the toll is doubled at night'],
    secrets: [
      { text: 'cannot swim', until: 'when she trusts somebody' },
      { text: 'has the key', until: '' },
    ],
    talkativeness: 0.3,
  }),
  'stat_block',
  'str=16 ac=14 hp=4d8 cr=1/2 skills=stealth, perception',
);

describe('the text of a field', () => {
  it.each(EDITABLE_FIELDS)('of %s gives that field when it is typed again', (field) => {
    const typed = fieldText(full, field);
    expect(typed).not.toBe('');
    expect(editField(full, field, typed)).toEqual(full);
  });

  it('is empty where the field is', () => {
    const bare = personaOf('Tilda', { role: 'ferrywoman' });
    expect(fieldText(bare, 'goals')).toBe('');
    expect(fieldText(bare, 'stat_block')).toBe('');
  });
});
