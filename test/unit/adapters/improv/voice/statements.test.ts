import { describe, expect, it } from 'vitest';
import { hasVerb, parts, statements, together } from '#src/adapters/improv/voice/statements.ts';

describe('what can be said alone', () => {
  it.each([
    ['The bridge is old. It has nine arches.', ['The bridge is old. It has nine arches.']],
    [
      'The inn is the Tin Heron. The keeper is Magda. Her beer is good. She drowned Odo.',
      ['The inn is the Tin Heron.', 'The keeper is Magda. Her beer is good. She drowned Odo.'],
    ],
    [
      'North lies Hagwood. Charcoal burners live there, and three are gone.',
      ['North lies Hagwood. Charcoal burners live there, and three are gone.'],
    ],
    [
      'Vane pawned a ring. Inside it stands a name. Nobody ever asked him.',
      ['Vane pawned a ring. Inside it stands a name. Nobody ever asked him.'],
    ],
    ['The duke died. But nobody wept.', ['The duke died. But nobody wept.']],
    // What goes on about nothing means nothing.
    ['It is collected by Vane. He wears a sash. The toll is high.', ['The toll is high.']],
    ['There is an inn at Lowmoor. It is cheap.', ['There is an inn at Lowmoor. It is cheap.']],
    ['', []],
  ])('%s', (text, expected) => expect(statements(text, 200)).toEqual(expected));

  it('is as much as fits', () => {
    const text = 'The bridge is old. It has nine arches. It leans.';
    expect(statements(text, 40)).toEqual(['The bridge is old. It has nine arches.']);
    expect(statements(text, 20)).toEqual(['The bridge is old.']);
    expect(statements(text, 10)).toEqual([]);
  });
});

it('keeps what begins somewhere, where the whole is known', () => {
  expect(together('She rang late. It was dark. The sea came.')).toEqual([
    'She rang late. It was dark.',
    'The sea came.',
  ]);
  expect(parts('She rang late. It was dark.', 20)).toEqual(['She rang late.']);
});

it.each([
  ['A frontier toll bridge and the hamlet that grew at its southern end, in the eleventh year.', false],
  ['A bridge.', false],
  ['The man who wears his sash is his twin.', true],
  ['Wolves are blamed.', true],
  ['The duke fell.', true],
  ["Nobody can't swim.", true],
  ['She said that the duke drank.', true],
])('%s has a verb of its own: %s', (sentence, expected) => expect(hasVerb(sentence)).toBe(expected));
