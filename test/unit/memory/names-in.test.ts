import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namesIn } from '#src/memory/names-in.ts';

test.each([
  ['Ask Old Garrick at the mill, or Bess.', ['Old Garrick', 'Bess']],
  ["It was in Mira's boat, and Mira saw it.", ['Mira']],
  ['The bell rang. Nobody came. I ran.', []],
  ['He said, “Velmora burns!” and went to Saint-Ouen.', ['Velmora', 'Saint-Ouen']],
  ['It was IN THE HOUSE OF THE NORTH that I saw I.', []],
  ['', []],
])('%s', (text, names) => {
  expect(namesIn(text)).toEqual(names);
});

test('names stand in the text, each once, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem()), (text) => {
      const names = namesIn(text);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(text).toContain(name);
    }),
  );
});
