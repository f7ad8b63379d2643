import * as z from 'zod';
import { nameKey } from '#src/core/names.ts';
import type { Persona } from '#src/core/persona.ts';
import type { PersonaFault } from './fault-reasons.ts';
import { reasonFor } from './fault-reasons.ts';
import { COUNT_LIMITS, EXTENSIONS_LIMITS, TEXT_LIMITS } from './limits.ts';
import { isPlainObject, isSmallPlainData } from './plain-data.ts';
import { statBlockSchema } from './stat-block-schema.ts';
import { cleanLine, cleanText, cleanUtterance, isPictureAddress, isUsableName } from './text.ts';

/** One sheet for files in `personas/` and for the campaign's own NPCs. */

const line = (limit: number) => z.string().overwrite(cleanLine).max(limit);
const prose = (limit: number) => z.string().overwrite(cleanText).max(limit);
const lines = (limit: number, count: number) => z.array(line(limit).min(1)).max(count).default([]);

const name = z
  .string()
  .overwrite(cleanText)
  .min(1)
  .max(TEXT_LIMITS.name)
  .refine(
    (text) => text === '' || isUsableName(text),
    'must stand on one line, hold a letter or a digit, and no colon: it labels what they say',
  );

const aliases = z
  .array(name)
  .max(COUNT_LIMITS.aliases)
  .overwrite((names) => [...new Map(names.map((alias) => [nameKey(alias), alias])).values()])
  .default([]);

const bond = z.strictObject({
  to: name.describe("The other's name."),
  tie: line(TEXT_LIMITS.tie).min(1).describe('What the other is to them.'),
});

const secret = z.strictObject({
  text: line(TEXT_LIMITS.secret).min(1),
  until: line(TEXT_LIMITS.until)
    .default('')
    .describe('When it may be told: "when shown the ring". Left out: never by itself.'),
});

const personaFields = z.strictObject({
  name: name.describe('How they are addressed, and what labels their lines.'),
  aliases: aliases.describe('Other names that address them: a nickname, a title.'),
  pronouns: line(TEXT_LIMITS.pronouns)
    .default('they/them')
    .describe('As a person would write them: she/her.'),
  role: line(TEXT_LIMITS.role).default('').describe('Trade or place in the world, in a few words.'),
  avatar: line(TEXT_LIMITS.avatar)
    .refine(
      (text) => text === '' || isPictureAddress(text),
      'must be an https address of a picture, such as https://example.org/quince.png',
    )
    .exactOptional()
    .describe('An https address of their picture. Left out: one is drawn.'),
  description: prose(TEXT_LIMITS.description)
    .default('')
    .describe('What anybody sees: looks, dress, bearing.'),
  personality: prose(TEXT_LIMITS.personality).default('').describe('How they are, and what moves them.'),
  voice: prose(TEXT_LIMITS.voice)
    .default('')
    .describe('How they speak: rhythm, habits, favourite words. Everybody may see it.'),
  mes_example: z
    .array(z.string().overwrite(cleanUtterance).min(1).max(TEXT_LIMITS.mes_example))
    .max(COUNT_LIMITS.mes_example)
    .default([])
    .describe('Lines they might say, without quotation marks. The first is shown to everybody.'),
  first_mes: z
    .string()
    .overwrite(cleanUtterance)
    .max(TEXT_LIMITS.first_mes)
    .default('')
    .describe('What they say when they are met for the first time.'),
  goals: lines(TEXT_LIMITS.goals, COUNT_LIMITS.goals).describe('What they want.'),
  fears: lines(TEXT_LIMITS.fears, COUNT_LIMITS.fears).describe('What they would do much to avoid.'),
  bonds: z.array(bond).max(COUNT_LIMITS.bonds).default([]).describe('Who matters to them, and how.'),
  knowledge: lines(TEXT_LIMITS.knowledge, COUNT_LIMITS.knowledge).describe('What they know and would tell.'),
  secrets: z
    .array(secret)
    .max(COUNT_LIMITS.secrets)
    .default([])
    .describe('What they know and hold back until a condition is met.'),
  talkativeness: z
    .number()
    .min(0)
    .max(1)
    // -0 would come back from JSON as another value.
    .overwrite((share) => share + 0)
    .default(0.5)
    .describe('0: speaks when spoken to. 1: answers everything.'),
  stat_block: statBlockSchema
    .exactOptional()
    .describe(
      '5e-compatible. Only what cannot be derived: modifiers, hit points and bonuses follow from it.',
    ),
  tags: lines(TEXT_LIMITS.tags, COUNT_LIMITS.tags).describe('Words to find them by.'),
  creator_notes: prose(TEXT_LIMITS.creator_notes).default('').describe('For the GM; no NPC knows it.'),
  extensions: z
    .record(z.string(), z.unknown())
    .refine(
      (value) => isSmallPlainData(value, EXTENSIONS_LIMITS),
      `holds too much, or what JSON cannot say: at most ${EXTENSIONS_LIMITS.characters} characters fit`,
    )
    .default({})
    .describe('Data of other tools, kept as it came.'),
});

/** At least one of these says who it is that bears the name. */
const SUBSTANCE = ['role', 'description', 'personality'] as const;

const personaSchema = personaFields.refine((persona) => SUBSTANCE.some((field) => persona[field] !== ''), {
  error: `needs at least one of ${SUBSTANCE.join(', ')}: a name alone is nobody to play`,
});

/** More than this many faults of one sheet are counted, not listed. */
const FAULTS_LISTED = 30;

/**
 * Reads a sheet of whatever origin: trims and cleans its texts, fills in what was left out, refuses what does not fit.
 * Never throws.
 */
export function parsePersona(
  value: unknown,
): { readonly persona: Persona } | { readonly faults: readonly PersonaFault[] } {
  const result = personaSchema.safeParse(withoutNulls(value), { error: reasonFor });
  if (result.success) return { persona: result.data };
  const faults = result.error.issues.flatMap((issue) => {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    if (issue.code !== 'unrecognized_keys') return [{ path, reason: issue.message }];
    const reasons = issue.message.split('\n');
    return issue.keys.map((key, index) => ({ path: [...path, key], reason: reasons[index] ?? '' }));
  });
  const more = faults.length - FAULTS_LISTED;
  if (more <= 0) return { faults };
  return { faults: [...faults.slice(0, FAULTS_LISTED), { path: [], reason: `has ${more} more faults` }] };
}

/** A key with nothing after it counts as left out. `extensions` are not ours to touch. */
function withoutNulls(value: unknown, depthLeft = 4): unknown {
  if (depthLeft === 0) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depthLeft - 1));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null && part !== undefined)
      .map(([key, part]) => [key, key === 'extensions' ? part : withoutNulls(part, depthLeft - 1)]),
  );
}

/** JSON Schema of a persona file, for editors. */
export function personaJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $id: 'persona.schema.json',
    title: 'Persona',
    description: 'An NPC of Dramatis: one YAML file each in this folder. See docs/personas.md.',
    ...z.toJSONSchema(personaSchema, { io: 'input' }),
    anyOf: SUBSTANCE.map((field) => ({ required: [field] })),
  };
}
