import { describe, expect, it } from 'vitest';
import { withNames } from '#src/memory/meant-by-role.ts';

const berrit = { name: 'Berrit', aliases: ['Red Berry', 'the'], role: 'blacksmith of the lower town' };
const osk = { name: 'Osk Vane', aliases: ['Ember'], role: 'captain of the guard' };
const tam = { name: 'Tam', aliases: [], role: 'captain of a ship' };

describe('a question', () => {
  it.each([
    ['What did the party promise the smith?', 'What did the party promise Berrit the smith?'],
    ['What does the blacksmith want?', 'What does Berrit the blacksmith want?'],
    ['What did we give Red Berry?', 'What did we give Berrit Red Berry?'],
    ['Who burned ember’s house?', 'Who burned Osk Vane ember’s house?'],
    // The town is where she works, and captains there are two.
    ['What burned in the town?', 'What burned in the town?'],
    ['What did the captain say?', 'What did the captain say?'],
    ['What did Berrit the smith say?', 'What did Berrit the smith say?'],
    ['Where is the bell, the old one?', 'Where is the bell, the old one?'],
    // An event is looked for as it was told.
    ['Who slept after the smith came?', 'Who slept after the smith came?'],
    ['Who asked after the smith?', 'Who asked after Berrit the smith?'],
    ['', ''],
  ])('“%s” means “%s”', (question, meant) => {
    expect(withNames(question, [berrit, osk, tam])).toBe(meant);
  });

  it('of somebody’s role means whoever has just that role before those with one like it', () => {
    const smith = { name: 'Hroon', aliases: [], role: 'smith' };
    expect(withNames('the smith?', [berrit, smith])).toBe('Hroon the smith?');
  });
});
