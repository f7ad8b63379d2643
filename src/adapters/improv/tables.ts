import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { ABILITIES } from '#src/core/persona.ts';

/**
 * The tables that casts are drafted from: one folder a language, so that another language or setting is a folder of its
 * own. What each key means stands at the head of its file. `cast/grammar.ts` says what may stand in a pattern.
 */

const text = z.string().trim().min(1);
/** One entry or several ways to put it. */
const pattern = text;
const tags = z.array(text);

const secretSchema = z.strictObject({ text: pattern, until: pattern });

const threadSchema = z.strictObject({
  id: text,
  tags: tags.min(1),
  moods: tags.min(1),
  hooks: z.array(pattern).min(2),
  goals: z.array(pattern).min(2),
  fears: z.array(pattern).min(2),
  secrets: z.array(secretSchema).min(2),
});

const tradeSchema = z
  .strictObject({
    id: text,
    title: text,
    also: tags,
    tags: tags.min(1),
    home: text,
    stats: text,
    props: z.array(pattern).min(2),
    wants: z.array(pattern).min(2),
    knows: z.array(pattern).min(2),
  })
  .transform((trade) => ({ ...trade, titles: trade.title.split(' / ') }));

/** "the [Tin|Blind] Heron" → both. */
function everyChoice(choices: string): string[] {
  const [whole, inner] = /\[([^[\]]*\|[^[\]]*)\]/u.exec(choices) ?? [];
  if (whole === undefined || inner === undefined) return [choices];
  return inner.split('|').flatMap((choice) => everyChoice(choices.replace(whole, choice)));
}

const placeSchema = z.strictObject({
  id: text,
  /** The preposition for roles where a prompt said "of". */
  instead_of_of: text.default('of'),
  nouns: tags.min(1),
  tags: tags.min(1),
  names: z
    .array(text)
    .transform((names) => names.flatMap(everyChoice))
    .pipe(z.array(text).min(5)),
  crowd: text,
  corners: z.array(text).min(6),
  news: z.array(pattern).min(6),
});

const cultureSchema = z.strictObject({
  id: text,
  line: text,
  people: text,
  everyday: z.boolean(),
  hints: tags.min(1),
  feminine: z.array(text).min(10),
  masculine: z.array(text).min(10),
  either: z.array(text).min(5),
  parts: z.record(text, z.array(text).min(4)),
  bynames: z.array(pattern).min(2),
  looks: z.array(pattern).min(4),
});

const post = text.transform((entry) => {
  const [role = '', trade] = entry.split(' = ');
  return { role, trade: trade ?? role };
});
const circleSchema = z.strictObject({
  id: text,
  words: tags,
  /** How a post is joined to the group; `place`: to the place instead. */
  link: z.enum(['for', 'of', 'place']),
  posts: z.array(post).min(8),
  /** So many of the first posts are always filled before the others. */
  core: z.int().min(0).default(0),
  around: z.array(post).min(4),
});

const peopleSchema = z.strictObject({
  id: text,
  noun: z.string(),
  match: tags.min(1),
  size: z.enum(['small', 'medium', 'large']),
  small: z.boolean().default(false),
  hairless: z.boolean().default(false),
  speed: z.int().min(5).max(60),
  type: text,
  languages: tags.min(1),
  cultures: tags,
});

const tieSchema = z.strictObject({
  one: pattern,
  two: pattern,
  tags: tags.default([]),
  kin: z.boolean().default(false),
  elder: z.enum(['one', 'two']).optional(),
  /** A side of it is not for strangers. */
  hidden: z.boolean().default(false),
});

const AGES = ['young', 'grown', 'middle', 'old'] as const;
export type Age = (typeof AGES)[number];
const byAge = <T extends z.ZodType>(schema: T) =>
  z.strictObject({ young: schema, grown: schema, middle: schema, old: schema });

/** `not`: kinds of folk it does not suit. `for`: the pronouns or ages it is kept for. */
const feature = z.strictObject({
  text: pattern,
  not: tags.default([]),
  for: tags.default([]),
  tags: tags.default([]),
  nick: text.optional(),
});
const plainFeature = pattern.transform((entry) => feature.parse({ text: entry }));

const TOPICS = ['hair', 'eyes', 'dress', 'mark'] as const;
export type Topic = (typeof TOPICS)[number];
const byTopic = <T extends z.ZodType>(schema: T) =>
  z.strictObject({ hair: schema, eyes: schema, dress: schema, mark: schema });

const looksSchema = z.strictObject({
  ages: byAge(z.array(pattern).min(3)),
  builds: z.array(feature).min(20),
  hair: z.array(feature).min(20),
  features: z.array(feature).min(8),
  eyes: z.array(plainFeature).min(20),
  dress: z.array(feature).min(20),
  marks: z.array(feature).min(20),
  bearing: z.array(plainFeature).min(20),
  templates: z.array(pattern).min(8),
  topics: byTopic(tags.min(1)),
  extras: byTopic(pattern),
});

const temperamentSchema = z.strictObject({
  text: pattern,
  suits: tags,
  moods: tags,
  wish: tags,
  talk: z.number().min(0).max(1),
});

const charactersSchema = z.strictObject({
  temperaments: z.array(temperamentSchema).min(30),
  soft: z.array(pattern).min(30),
  pressure: z.array(pattern).min(30),
  sounds: z.array(text).min(30),
  tells: z.array(pattern).min(24),
  asks: z.array(pattern).min(30),
  quirks: z.array(feature).min(80),
  dreads: z.array(pattern).min(30),
  errands: z.array(pattern).min(30),
  foibles: z.array(secretSchema).min(30),
});

const attackSchema = z.strictObject({
  name: text,
  ability: z.enum(ABILITIES),
  reach: text,
  dice: z.string().regex(/^1d(?:4|6|8|10|12)$/u),
  type: text,
  grows: z.boolean().default(false),
});
const archetypeSchema = z.strictObject({
  id: text,
  order: z.array(z.enum(ABILITIES)).length(6),
  hit_die: z.literal([6, 8, 10, 12]),
  armor: z.int().min(10).max(18),
  max_dex: z.int().min(0).max(5),
  saves: z.array(z.enum(ABILITIES)),
  skills: tags.min(2),
  attacks: z.array(attackSchema).min(1),
  feats: z.array(z.strictObject({ level: z.int().min(1), name: text, text })),
});

const gossipSchema = z.strictObject({ about: z.array(pattern).min(20), kin: z.array(pattern).min(20) });

const storySchema = z.strictObject({
  things: z.array(text).min(20),
  sums: z.array(text).min(10),
  years: z.array(text).min(6),
  numbers: z.array(text).min(5),
  ordinals: z.array(text).min(5),
  towns: z.array(text).min(15),
});

const wordsSchema = z.strictObject({
  ages: byAge(tags),
  tie_ages: z.strictObject({ old: tags, young: tags }),
  older: tags,
  younger: tags,
  pronouns: z.record(text, tags),
  wish_talk: z.strictObject({ more: tags, less: tags }),
  moods: z.record(text, tags),
  kin: tags,
  joiners: tags,
  collectives: tags,
  stop: tags,
  prepositions: tags,
  place_ends: tags,
  times: tags,
  likely_trades: z.record(text, tags),
  vague_places: tags,
  noun: z.record(text, text),
  notes: z.strictObject({
    labels: z.record(text, tags),
    secret: tags,
    goal: tags,
    fear: tags,
    looks: tags,
    temper: tags,
    bond: tags,
    goal_start: text,
    bare: tags,
    verbs: tags,
    persons: tags,
    posts: z.record(text, text),
    ranks: tags,
    discreet: tags,
    titles: tags,
    until: text,
  }),
});

const FILES = {
  threads: z.array(threadSchema).min(40),
  trades: z.array(tradeSchema).min(60),
  places: z.array(placeSchema).min(10),
  cultures: z.array(cultureSchema).min(8),
  circles: z.array(circleSchema).min(10),
  people: z.array(peopleSchema).min(10),
  ties: z.array(tieSchema).min(40),
  looks: looksSchema,
  characters: charactersSchema,
  'stat-blocks': z.array(archetypeSchema).min(10),
  gossip: gossipSchema,
  story: storySchema,
  words: wordsSchema,
};

export type Thread = z.infer<typeof threadSchema>;
export type Trade = z.infer<typeof tradeSchema>;
export type PlaceKind = z.infer<typeof placeSchema>;
export type Culture = z.infer<typeof cultureSchema>;
export type Circle = z.infer<typeof circleSchema>;
export type People = z.infer<typeof peopleSchema>;
export type Feature = z.infer<typeof feature>;
export type Temperament = z.infer<typeof temperamentSchema>;
export type Archetype = z.infer<typeof archetypeSchema>;
export type TiePair = z.infer<typeof tieSchema>;

export interface Tables {
  readonly threads: readonly Thread[];
  readonly trades: readonly Trade[];
  readonly places: readonly PlaceKind[];
  readonly cultures: readonly Culture[];
  readonly circles: readonly Circle[];
  readonly people: readonly People[];
  readonly ties: readonly TiePair[];
  readonly looks: z.infer<typeof looksSchema>;
  readonly characters: z.infer<typeof charactersSchema>;
  readonly archetypes: readonly Archetype[];
  readonly gossip: z.infer<typeof gossipSchema>;
  readonly story: z.infer<typeof storySchema>;
  readonly words: z.infer<typeof wordsSchema>;
}

/**
 * Reads and checks every table of a folder. Rejects with an Error that names the file and the fault; also where a table
 * speaks of a trade, place or people that another one does not have.
 */
export async function loadTables(directory: string): Promise<Tables> {
  const read = async <T>(name: string, schema: z.ZodType<T>): Promise<T> => {
    const path = join(directory, `${name}.yaml`);
    const result = schema.safeParse(parse(await readFile(path, 'utf8')));
    if (result.success) return result.data;
    throw new Error(`The table ${path} does not hold: ${z.prettifyError(result.error)}`);
  };
  const [threads, trades, places, cultures, circles, people] = await Promise.all([
    read('threads', FILES.threads),
    read('trades', FILES.trades),
    read('places', FILES.places),
    read('cultures', FILES.cultures),
    read('circles', FILES.circles),
    read('people', FILES.people),
  ]);
  const [ties, looks, characters, archetypes, gossip, story, words] = await Promise.all([
    read('ties', FILES.ties),
    read('looks', FILES.looks),
    read('characters', FILES.characters),
    read('stat-blocks', FILES['stat-blocks']),
    read('gossip', FILES.gossip),
    read('story', FILES.story),
    read('words', FILES.words),
  ]);
  const links: [string, readonly string[], readonly { id: string }[]][] = [
    ['trades.yaml: home', trades.map(({ home }) => home), places],
    ['trades.yaml: stats', trades.map(({ stats }) => stats), archetypes],
    [
      'circles.yaml: posts',
      circles.flatMap(({ posts, around }) => [...posts, ...around].map(({ trade }) => trade)),
      trades,
    ],
    ['words.yaml: likely_trades', Object.keys(words.likely_trades), trades],
    ['cultures.yaml: people', cultures.map((culture) => culture.people), people],
    ['people.yaml: cultures', people.flatMap((kind) => kind.cultures), cultures],
  ];
  for (const [where, ids, known] of links) {
    const unknown = ids.find((id) => !known.some((entry) => entry.id === id));
    if (unknown !== undefined)
      throw new Error(`${where} in ${directory} names "${unknown}", which is not there.`);
  }
  return {
    threads,
    trades,
    places,
    cultures,
    circles,
    people,
    ties,
    looks,
    characters,
    archetypes,
    gossip,
    story,
    words,
  };
}

/** The entry of that id; ids that tables name are known to be there since they were loaded. */
export function entryOf<T extends { readonly id: string }>(entries: readonly T[], id: string): T {
  const entry = entries.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new RangeError(`No entry is called "${id}".`);
  return entry;
}
