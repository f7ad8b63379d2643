import { expect, it } from 'vitest';
import { EDITABLE_FIELDS } from '#src/core/persona.ts';
import { areOf, FIELDS_BY_WEIGHT, fieldsInWords, howToWrite } from '#src/persona/field-words.ts';

it('has every field once where they are weighed', () => {
  expect(FIELDS_BY_WEIGHT.toSorted()).toEqual(EDITABLE_FIELDS.toSorted());
});

it.each(EDITABLE_FIELDS)('says of %s how it is written, in what Discord shows', (field) => {
  expect(howToWrite(field).length).toBeLessThanOrEqual(100);
});

it.each([
  [['voice'], 'voice is'],
  [['secrets'], 'secrets are'],
  [['description'], 'looks are'],
  [['voice', 'role'], 'voice and role are'],
  [['voice', 'role', 'stat_block'], 'voice, role and stats are'],
] as const)('agrees with %j', (fields, words) => {
  expect(`${fieldsInWords(fields)} ${areOf(fields)}`).toBe(words);
});
