import * as z from 'zod';
import type { CastMember } from '#src/core/entities.ts';
import { nameKey } from '#src/core/names.ts';
import type { Bond, Persona } from '#src/core/persona.ts';
import { clip } from '#src/core/text.ts';
import { COUNT_LIMITS, EXTENSIONS_LIMITS, TEXT_LIMITS } from './limits.ts';
import { parsePersona } from './persona-schema.ts';
import { isPlainObject, isSmallPlainData } from './plain-data.ts';
import { draftStatBlockSchema, statBlockOfDraft } from './stat-block-of-draft.ts';
import { cleanLine, cleanText, cleanUtterance, usableName } from './text.ts';

/**
 * What a model is asked to answer when it drafts one persona. The shape is that of a sheet; lengths are asked for in
 * the descriptions and enforced by clipping, because a sentence too long is no reason to pay for another call.
 */

const needed = (description: string) =>
  z
    .string()
    .refine((text) => cleanText(text) !== '', 'is empty')
    .describe(description);

const list = (description: string) => z.array(z.string()).describe(description);

const draftFields = z.looseObject({
  name: z
    .string()
    .refine((name) => usableName(name, TEXT_LIMITS.name) !== undefined, 'is no name that can be spoken')
    .describe('Full name as people use it; no title that is not part of it'),
  aliases: list('0 to 3 nicknames or titles that people really call them'),
  pronouns: z.string().describe('"she/her", "he/him", "they/them" or their own'),
  role: needed('Trade or place in the world, 3 to 8 words, concrete: "ferrywoman at the salt docks"'),
  description: needed('What anybody sees in the first minute: 2 to 4 sentences, one detail nobody forgets'),
  personality: needed('2 to 4 sentences: a strength, a flaw, and the contradiction between the two'),
  voice: needed('How they speak, so that a line is known without its name: rhythm, habits, favourite words'),
  mes_example: list(
    '4 to 6 lines they might say, each in that voice and on another matter, without quotation marks',
  ),
  first_mes: needed('What they say when met for the first time, 1 to 3 sentences that ask for an answer'),
  goals: list('1 to 3 things they want, one of them this week'),
  fears: list('1 or 2, concrete'),
  bonds: z
    .array(
      z.object({
        to: z.string().describe("The other's name"),
        tie: z.string().describe('What the other is to them, and what stands between them'),
      }),
    )
    .describe('Everybody of the cast they are tied to, and 0 to 2 others'),
  knowledge: list('3 to 6 concrete facts they would tell: names, places, times that a player can act on'),
  secrets: z
    .array(
      z.object({
        text: z.string().describe('What they hold back'),
        until: z
          .string()
          .describe('When they would tell it: "when shown the ring"; empty: never by themselves'),
      }),
    )
    .describe('1 or 2'),
  talkativeness: z.number().nullable().describe('0 speaks when spoken to, 1 answers everything'),
  stat_block: draftStatBlockSchema.nullable().describe('5e-compatible; null unless asked for'),
});

/** What stands in for a field that a lean draft, an unwilling model or the embedded tables leave out. */
const LEFT_OUT: Readonly<Record<string, unknown>> = {
  aliases: [],
  pronouns: '',
  mes_example: [],
  goals: [],
  fears: [],
  bonds: [],
  knowledge: [],
  secrets: [],
  talkativeness: null,
  stat_block: null,
};

/**
 * Reads a draft of either depth. Keys that are not asked for pass through: tables of our own bring `extensions` and `tags` along.
 */
export const draftSchema = z.preprocess((value) => {
  if (!isPlainObject(value)) return value;
  const given = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return { ...LEFT_OUT, ...Object.fromEntries(given) };
}, draftFields);
export type PersonaDraft = z.infer<typeof draftSchema>;

/** Bonds are left too, but for those that were planned. */
const LEFT_FOR_LATER = { goals: [], fears: [], knowledge: [], secrets: [], stat_block: undefined };

/**
 * The sheet that a draft makes. The planned name and ties stand whatever the model made of them, and `keep` stands
 * above all; the rest is cleaned, clipped after whole words, and freed of empty and repeated items. A lean sheet leaves
 * what is to be deepened later empty, also where the draft already has it.
 */
export function personaOfDraft(
  draft: PersonaDraft,
  options: {
    readonly keep: Partial<Persona>;
    readonly member: CastMember | undefined;
    readonly depth?: 'full' | 'lean';
  },
): Persona {
  const { keep, member, depth = 'full' } = options;
  const planned = usableName(member?.name ?? '', TEXT_LIMITS.name);
  const name = keep.name ?? planned ?? usableName(draft.name, TEXT_LIMITS.name) ?? '';
  const aliases = draft.aliases.flatMap((alias) => usableName(alias, TEXT_LIMITS.aliases) ?? []);
  const said = (line: string) => withoutLabel(line, [name, ...aliases]);
  const fresh = {
    name,
    aliases: distinct(aliases, nameKey)
      .filter((alias) => nameKey(alias) !== nameKey(name))
      .slice(0, COUNT_LIMITS.aliases),
    pronouns: clip(cleanLine(draft.pronouns), TEXT_LIMITS.pronouns) || 'they/them',
    role: clip(cleanLine(draft.role), TEXT_LIMITS.role),
    description: clip(cleanText(draft.description), TEXT_LIMITS.description),
    personality: clip(cleanText(draft.personality), TEXT_LIMITS.personality),
    voice: clip(cleanText(draft.voice), TEXT_LIMITS.voice),
    mes_example: lines(draft.mes_example.map(said), TEXT_LIMITS.mes_example, COUNT_LIMITS.mes_example),
    first_mes: clip(said(draft.first_mes), TEXT_LIMITS.first_mes),
    goals: lines(draft.goals, TEXT_LIMITS.goals, COUNT_LIMITS.goals),
    fears: lines(draft.fears, TEXT_LIMITS.fears, COUNT_LIMITS.fears),
    bonds: bonds([...(member?.ties ?? []), ...(depth === 'lean' ? [] : draft.bonds)], name),
    knowledge: lines(draft.knowledge, TEXT_LIMITS.knowledge, COUNT_LIMITS.knowledge),
    secrets: distinct(draft.secrets, ({ text }) => nameKey(cleanLine(text)))
      .map(({ text, until }) => ({
        text: clip(cleanLine(text), TEXT_LIMITS.secret),
        until: clip(cleanLine(until), TEXT_LIMITS.until),
      }))
      .filter(({ text }) => text !== '')
      .slice(0, COUNT_LIMITS.secrets),
    talkativeness: Math.min(1, Math.max(0, draft.talkativeness ?? 0.5)),
    tags: Array.isArray(draft.tags)
      ? lines(
          draft.tags.filter((tag) => typeof tag === 'string'),
          TEXT_LIMITS.tags,
          COUNT_LIMITS.tags,
        )
      : [],
    ...(draft.stat_block === null ? {} : { stat_block: statBlockOfDraft(draft.stat_block) }),
    extensions:
      isPlainObject(draft.extensions) && isSmallPlainData(draft.extensions, EXTENSIONS_LIMITS)
        ? draft.extensions
        : {},
  };
  const result = parsePersona({ ...fresh, ...(depth === 'lean' ? LEFT_FOR_LATER : {}), ...keep });
  if ('persona' in result) return result.persona;
  throw new Error(
    `A draft made a sheet that does not hold: ${result.faults.map(({ path }) => path.join('.')).join(', ')}`,
  );
}

/** What is said, without the speaker's name that models put before it. */
function withoutLabel(line: string, names: readonly string[]): string {
  const text = cleanUtterance(line);
  const colon = text.indexOf(':');
  const isLabel = colon > 0 && names.some((name) => nameKey(name) === nameKey(text.slice(0, colon)));
  return isLabel ? cleanUtterance(text.slice(colon + 1)) : text;
}

/** The first tie to anybody stands; nobody is tied to themselves. */
function bonds(ties: readonly Bond[], self: string): Bond[] {
  const usable = ties.flatMap(({ to, tie }) => {
    const name = usableName(to, TEXT_LIMITS.name);
    const text = clip(cleanLine(tie), TEXT_LIMITS.tie);
    return name === undefined || text === '' || nameKey(name) === nameKey(self)
      ? []
      : [{ to: name, tie: text }];
  });
  return distinct(usable, ({ to }) => nameKey(to)).slice(0, COUNT_LIMITS.bonds);
}

function lines(texts: readonly string[], limit: number, count: number): string[] {
  const clipped = texts.map((text) => clip(cleanLine(text), limit)).filter((text) => text !== '');
  return distinct(clipped, nameKey).slice(0, count);
}

/** The first of those that share a key. */
function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const first = new Map<string, T>();
  for (const item of items) if (!first.has(keyOf(item))) first.set(keyOf(item), item);
  return [...first.values()];
}
