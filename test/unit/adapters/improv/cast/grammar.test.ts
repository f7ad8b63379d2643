import { describe, expect, test } from 'vitest';
import { echoes, fixedPart, render, sentences } from '#src/adapters/improv/cast/grammar.ts';
import { seeded } from '#src/adapters/improv/random.ts';

const filled = (pattern: string, pronouns = 'she/her', texts: Record<string, string> = {}) =>
  render(
    pattern,
    {
      self: { called: 'Maud', pronouns },
      people: { person: { called: 'Wat Harrow', pronouns: 'he/him' }, name: { called: 'Maud', pronouns } },
      texts,
    },
    seeded('grammar'),
  );

describe('render', () => {
  test.each([
    ['she/her', 'She knows herself, carries hers and watches her dog; she is, was, has, goes.'],
    ['he/him', 'He knows himself, carries his and watches his dog; he is, was, has, goes.'],
    ['they/them', 'They know themself, carry theirs and watch their dog; they are, were, have, go.'],
    ['xe/xem', 'They know themself, carry theirs and watch their dog; they are, were, have, go.'],
  ])('agrees with %s', (pronouns, expected) => {
    const pattern =
      '{They} {knows} {themself}, {carries} {theirs} and watch{es} {their} dog; {they} {is}, {was}, {has}, {goes}.';
    expect(filled(pattern, pronouns)).toBe(expected);
  });

  test('agrees with somebody else where the slot says so', () => {
    expect(
      filled('{name} pays {person} before {person.they} {person.calls} on {person.their} {sibling}'),
    ).toBe('Maud pays Wat Harrow before he calls on his sister');
  });

  test.each([
    ['a {thing}', 'apple', 'an apple'],
    ['a {thing}', 'heir', 'an heir'],
    ['an {thing}', 'usurer', 'a usurer'],
    ['an {thing}', 'one-eyed dog', 'a one-eyed dog'],
    ['A {thing}', 'ewe', 'A ewe'],
    ['as a {thing}', 'elf', 'as an elf'],
  ])('puts the article of %s before %s', (pattern, thing, expected) => {
    expect(filled(pattern, 'she/her', { thing })).toBe(expected);
  });

  test('takes one of the choices, and every one of them some time', () => {
    const seen = new Set(
      Array.from({ length: 60 }, (_, index) =>
        render(
          '[red|blue|lost]',
          { self: { called: '', pronouns: '' }, people: {}, texts: {} },
          seeded(`${index}`),
        ),
      ),
    );
    expect([...seen].sort()).toEqual(['blue', 'lost', 'red']);
  });

  test('refuses a slot that nothing fills', () => {
    expect(() => filled('{nobody}')).toThrow('{nobody}');
    expect(() => filled('{stranger.name}')).toThrow(RangeError);
  });
});

test('sentences begin with a capital, also where a slot began them', () => {
  expect(sentences('the red ledger burns. it was dry. "why?" she asks.')).toBe(
    'The red ledger burns. It was dry. "Why?" she asks.',
  );
});

test('a text is known again by what never changes in its pattern', () => {
  expect(fixedPart('Pay {person} before the [spring|thaw] tides of Averne')).toBe('tides of Averne');
  expect(
    echoes(
      'She would pay Tom before the thaw tides of Averne.',
      'Pay {person} before the [spring|thaw] tides of Averne',
    ),
  ).toBe(true);
  expect(echoes('Rain fell.', 'Rain')).toBe(false);
});
