import fc from 'fast-check';
import type { Persona } from '#src/core/persona.ts';
import { parsePersona } from '#src/persona/persona-schema.ts';

/** Text with what people and models put into it: other scripts, quotes, colons, breaks, escapes, halves of letters. */
export const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        'word ',
        'Ähre',
        '\u0301',
        '"',
        '“',
        '”',
        ':',
        '：',
        ';',
        '\n',
        '\r',
        '\t',
        '\u202e',
        '\u200b',
        '\ud83d',
        '\u001b[31m',
        '…',
        '😀',
        '-',
        "'",
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
  fc.integer({ min: 0, max: 6000 }).map((length) => 'long words and 😀 '.repeat(length / 16)),
);

const texts = fc.array(text, { maxLength: 40 });

/** Sheets as a careless hand may write them. */
export const sheet = fc.record(
  {
    name: fc.oneof(fc.constantFrom('Ada', 'Bo Marsh', 'Ünal'), text),
    aliases: texts,
    pronouns: text,
    role: text,
    description: text,
    personality: text,
    voice: text,
    mes_example: texts,
    first_mes: text,
    goals: texts,
    fears: texts,
    bonds: fc.array(fc.record({ to: text, tie: text }), { maxLength: 30 }),
    knowledge: texts,
    secrets: fc.array(fc.record({ text, until: text }), { maxLength: 15 }),
    talkativeness: fc.double({ min: -1, max: 2, noNaN: true }),
    extensions: fc.dictionary(text, fc.jsonValue({ maxDepth: 3 })),
  },
  { requiredKeys: ['name'] },
);

/** Sheets that hold. */
export const persona: fc.Arbitrary<Persona> = fc
  .record(
    {
      name: fc.constantFrom('Ada', 'Bo Marsh', 'Ünal der Fährmann', '7'),
      role: fc.constantFrom('ferrier', 'tide clerk'),
      goals: fc.uniqueArray(fc.constantFrom('gold', 'rest', 'the old boat'), { maxLength: 3 }),
      bonds: fc.constantFrom([], [{ to: 'Cy', tie: 'cousin' }]),
      secrets: fc.constantFrom(
        [],
        ['never'].map((until) => ({ text: 'sings', until })),
      ),
      stat_block: fc.constantFrom({}, { challenge_rating: '1/4', hit_dice: '3d8' }),
      talkativeness: fc.double({ min: 0, max: 1, noNaN: true }),
    },
    { requiredKeys: ['name', 'role'] },
  )
  .map((value) => {
    const result = parsePersona(value);
    if ('faults' in result) throw new Error(JSON.stringify(result.faults));
    return result.persona;
  });
