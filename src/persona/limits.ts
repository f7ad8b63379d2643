import { MAX_NAME_IN_CHARACTERS } from '#src/core/names.ts';

/**
 * How much a sheet may hold. A sheet goes into every prompt of its NPC, so all of it at its fullest (about 45,000
 * characters, 11,000 tokens) must still leave room in a window of 32,000 tokens; ordinary sheets hold a tenth of it.
 */
export const TEXT_LIMITS = {
  name: MAX_NAME_IN_CHARACTERS,
  pronouns: 40,
  /** A few words, not a life. */
  role: 120,
  /** An address. */
  avatar: 1000,
  description: 2000,
  personality: 2000,
  voice: 1000,
  first_mes: 1000,
  creator_notes: 4000,
  aliases: MAX_NAME_IN_CHARACTERS,
  tags: 40,
  /** One utterance. */
  mes_example: 400,
  goals: 300,
  fears: 300,
  knowledge: 500,
  tie: 300,
  secret: 500,
  until: 200,
} as const;

/** How many items a list may hold. */
export const COUNT_LIMITS = {
  aliases: 8,
  mes_example: 20,
  goals: 10,
  fears: 10,
  /** The other 19 of the largest cast, and some. */
  bonds: 24,
  knowledge: 30,
  secrets: 10,
  tags: 16,
} as const;

export const STAT_LIMITS = {
  /** Highest and lowest ability score of the rules. */
  abilityMin: 1,
  abilityMax: 30,
  armorClassMin: 1,
  armorClassMax: 30,
  hitDiceMax: 60,
  speedMaxInFeet: 240,
  word: 60,
  languages: 12,
  actions: 12,
  actionText: 600,
  reach: 60,
} as const;

/** `extensions` is kept as it came, so only its bulk is bounded: characters of its keys and texts, and values in all. */
export const EXTENSIONS_LIMITS = { characters: 16_384, values: 1000, depth: 8 } as const;
