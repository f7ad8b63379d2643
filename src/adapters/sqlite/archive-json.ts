import * as z from 'zod';

/**
 * The JSON that an archive may hold, checked whole: unlike the rest of the database it comes from a file that somebody
 * may have sent. Limits are wider than those by which a sheet is written, since they may have been others then.
 */
const MOST_ITEMS = 5_000;

const text = z.string().max(1_000_000);
const texts = z.array(text).max(MOST_ITEMS);
const someNumber = z.number();

const ability = z.enum(['str', 'dex', 'con', 'int', 'wis', 'cha']);
const abilities = z.strictObject({
  ...{ str: someNumber, dex: someNumber, con: someNumber, int: someNumber, wis: someNumber, cha: someNumber },
});

const statBlock = z.object({
  system: z.literal('5e'),
  size: text,
  creature_type: text,
  alignment: text,
  challenge_rating: someNumber,
  abilities,
  armor_class: someNumber,
  hit_dice: z.object({ count: someNumber, sides: someNumber }),
  speed_in_feet: someNumber,
  saving_throws: z.array(ability).max(MOST_ITEMS),
  skills: texts,
  languages: texts,
  actions: z
    .array(
      z.object({
        name: text,
        text,
        attack: z.object({ ability, reach: text, damage_dice: text, damage_type: text }).exactOptional(),
      }),
    )
    .max(MOST_ITEMS),
});

const sheet = z.object({
  name: text,
  aliases: texts,
  pronouns: text,
  role: text,
  avatar: text.exactOptional(),
  description: text,
  personality: text,
  voice: text,
  mes_example: texts,
  first_mes: text,
  goals: texts,
  fears: texts,
  bonds: z.array(z.object({ to: text, tie: text })).max(MOST_ITEMS),
  knowledge: texts,
  secrets: z.array(z.object({ text, until: text })).max(MOST_ITEMS),
  talkativeness: someNumber,
  stat_block: statBlock.exactOptional(),
  tags: texts,
  creator_notes: text,
  extensions: z.custom(isRecordOfData),
});

const request = z.object({
  count: someNumber,
  prompt: text,
  level: someNumber.optional(),
  tone: text.optional(),
  system: z.enum(['5e', 'none']),
  seed: text,
});

const members = z
  .array(
    z.object({
      name: text,
      role: text,
      hook: text,
      ties: z.array(z.object({ to: text, tie: text })).max(MOST_ITEMS),
    }),
  )
  .max(MOST_ITEMS);

const fits = (schema: z.ZodType) => (value: unknown) => schema.safeParse(value).success;

export const isArchivedSheet = fits(sheet);
export const isArchivedRequest = fits(request);
export const isArchivedMembers = fits(members);
export const isArchivedTexts = fits(texts);

export function isRecordOfData(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
