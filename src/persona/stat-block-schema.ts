import * as z from 'zod';
import { ABILITIES } from '#src/core/persona.ts';
import { STAT_LIMITS as LIMITS } from './limits.ts';
import { CHALLENGE_RATINGS, DAMAGE_TYPES, HIT_DIE_SIDES, SIZES, SKILLS } from './stat-block.ts';
import { cleanLine, cleanText } from './text.ts';

/** The form in which words of the rules are compared: "Sleight of Hand" and "sleight of hand" are one. */
function ruleWord(value: unknown): unknown {
  return typeof value === 'string' ? cleanLine(value).toLowerCase() : value;
}

const word = z.string().overwrite(cleanLine).min(1).max(LIMITS.word);
const ability = z.preprocess(ruleWord, z.enum(ABILITIES));

/** As sheets write the ratings below 1. */
const FRACTIONS: Readonly<Record<string, number>> = { '1/8': 0.125, '1/4': 0.25, '1/2': 0.5 };

const challengeRating = z.union(
  [
    z.literal(CHALLENGE_RATINGS),
    z.literal(Object.keys(FRACTIONS)).transform((fraction) => FRACTIONS[fraction] ?? 0),
  ],
  { error: 'must be 0, 1/8, 1/4, 1/2, or a whole number from 1 to 30' },
);

const DICE = `[1-9]\\d?d(?:${HIT_DIE_SIDES.join('|')})`;

const HIT_DICE_FORM = `must be written like 3d8: 1 to ${LIMITS.hitDiceMax} dice of ${HIT_DIE_SIDES.join(', ')} sides, without a bonus`;
const hitDice = z.union(
  [
    z.strictObject({ count: z.int().min(1).max(LIMITS.hitDiceMax), sides: z.literal(HIT_DIE_SIDES) }),
    z
      .string()
      .regex(new RegExp(`^${DICE}$`, 'u'))
      .transform((dice) => {
        const [count = 0, sides = 0] = dice.split('d').map(Number);
        return { count, sides };
      })
      .refine(({ count }) => count <= LIMITS.hitDiceMax, HIT_DICE_FORM),
  ],
  { error: HIT_DICE_FORM },
);

const score = z.int().min(LIMITS.abilityMin).max(LIMITS.abilityMax).default(10);
const scores = z.strictObject({ str: score, dex: score, con: score, int: score, wis: score, cha: score });

const attack = z.strictObject({
  ability,
  reach: z.string().overwrite(cleanLine).min(1).max(LIMITS.reach).default('reach 5 ft.'),
  damage_dice: z
    .string()
    .regex(
      new RegExp(`^${DICE}$`, 'u'),
      'must be dice like 1d8, without a bonus: that follows from the ability',
    ),
  damage_type: z.preprocess(ruleWord, z.enum(DAMAGE_TYPES)),
});

const action = z.strictObject({
  name: word,
  text: z.string().overwrite(cleanText).max(LIMITS.actionText).default(''),
  attack: attack.exactOptional(),
});

const skill = z.preprocess(ruleWord, z.enum(Object.keys(SKILLS)));

/** What is left out is a commoner's: tens throughout, one hit die, challenge rating 0. */
export const statBlockSchema = z.strictObject({
  system: z.literal('5e').default('5e'),
  size: z.preprocess(ruleWord, z.enum(SIZES)).default('medium'),
  creature_type: word.default('humanoid'),
  alignment: word.default('neutral'),
  challenge_rating: challengeRating.default(0),
  abilities: scores.prefault({}),
  armor_class: z.int().min(LIMITS.armorClassMin).max(LIMITS.armorClassMax).default(10),
  hit_dice: hitDice.default({ count: 1, sides: 8 }),
  speed_in_feet: z.int().min(0).max(LIMITS.speedMaxInFeet).default(30),
  saving_throws: z
    .array(ability)
    .overwrite((values) => [...new Set(values)])
    .default([]),
  skills: z
    .array(skill)
    .overwrite((values) => [...new Set(values)])
    .default([]),
  languages: z
    .array(word)
    .overwrite((values) => [...new Set(values)])
    .max(LIMITS.languages)
    .default([]),
  actions: z.array(action).max(LIMITS.actions).default([]),
});
