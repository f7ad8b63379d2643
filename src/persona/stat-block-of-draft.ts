import * as z from 'zod';
import type { StatAction, StatBlock } from '#src/core/persona.ts';
import { ABILITIES } from '#src/core/persona.ts';
import { clip } from '#src/core/text.ts';
import { STAT_LIMITS as LIMITS } from './limits.ts';
import { CHALLENGE_RATINGS, DAMAGE_TYPES, HIT_DIE_SIDES, SIZES, SKILLS } from './stat-block.ts';
import { cleanLine, cleanText } from './text.ts';

/** One of these words; servers that do not enforce it may answer others, which are then dropped or replaced. */
const oneOf = (words: readonly string[]) => z.string().meta({ enum: [...words] });

const score = z.number().describe('1 to 30');

const attack = z.object({
  ability: oneOf(ABILITIES),
  reach: z.string().describe('"reach 5 ft." or "range 80/320 ft."'),
  damage_dice: z.string().describe('Dice without a bonus: "1d8". The bonus follows from the ability.'),
  damage_type: oneOf(DAMAGE_TYPES),
});

const action = z.preprocess(
  (value) => (typeof value === 'object' && value !== null ? { attack: null, ...value } : value),
  z.object({
    name: z.string(),
    text: z.string().describe('What it does besides damage, in one or two sentences; may be empty.'),
    attack: attack.nullable().describe('null unless it is an attack roll'),
  }),
);

/** A 5e-compatible stat block as a model is asked for it. */
export const draftStatBlockSchema = z.object({
  system: oneOf(['5e']),
  size: oneOf(SIZES),
  creature_type: z.string().describe('"humanoid (dwarf)"'),
  alignment: z.string(),
  challenge_rating: z.number().describe('0, 0.125, 0.25, 0.5, or a whole number from 1 to 30'),
  abilities: z.object({ str: score, dex: score, con: score, int: score, wis: score, cha: score }),
  armor_class: z.number().describe('What armour and Dexterity give: 10 to 21'),
  hit_dice: z.object({
    count: z.number().describe('1 to 60'),
    sides: z.number().describe('4, 6, 8, 10, 12 or 20'),
  }),
  speed_in_feet: z.number(),
  saving_throws: z.array(oneOf(ABILITIES)).describe('Abilities they are proficient in; often none'),
  skills: z.array(oneOf(Object.keys(SKILLS))).describe('Skills they are proficient in: 2 to 5'),
  languages: z.array(z.string()),
  actions: z.array(action).describe('1 to 4'),
});

/** Brings what a model answered into the ranges of the rules; nothing in it makes this fail. */
export function statBlockOfDraft(draft: z.infer<typeof draftStatBlockSchema>): StatBlock {
  const { abilities } = draft;
  const scoreWithin = (value: number) => within(value, LIMITS.abilityMin, LIMITS.abilityMax);
  return {
    system: '5e',
    size: known(draft.size, SIZES) ?? 'medium',
    creature_type: clip(cleanLine(draft.creature_type), LIMITS.word) || 'humanoid',
    alignment: clip(cleanLine(draft.alignment), LIMITS.word) || 'neutral',
    challenge_rating: nearest(draft.challenge_rating, CHALLENGE_RATINGS),
    abilities: {
      str: scoreWithin(abilities.str),
      dex: scoreWithin(abilities.dex),
      con: scoreWithin(abilities.con),
      int: scoreWithin(abilities.int),
      wis: scoreWithin(abilities.wis),
      cha: scoreWithin(abilities.cha),
    },
    armor_class: within(draft.armor_class, LIMITS.armorClassMin, LIMITS.armorClassMax),
    hit_dice: {
      count: within(draft.hit_dice.count, 1, LIMITS.hitDiceMax),
      sides: nearest(draft.hit_dice.sides, HIT_DIE_SIDES),
    },
    speed_in_feet: within(draft.speed_in_feet, 0, LIMITS.speedMaxInFeet),
    saving_throws: allKnown(draft.saving_throws, ABILITIES),
    skills: allKnown(draft.skills, Object.keys(SKILLS)),
    languages: unique(draft.languages.map((language) => clip(cleanLine(language), LIMITS.word)))
      .filter((language) => language !== '')
      .slice(0, LIMITS.languages),
    actions: draft.actions.flatMap(actionOfDraft).slice(0, LIMITS.actions),
  };
}

function actionOfDraft(draft: z.infer<typeof action>): StatAction[] {
  const name = clip(cleanLine(draft.name), LIMITS.word);
  if (name === '') return [];
  const text = clip(cleanText(draft.text), LIMITS.actionText);
  const ability = draft.attack === null ? undefined : known(draft.attack.ability, ABILITIES);
  const dice = /\b[1-9]\d?d(?:20|12|10|8|6|4)\b/u.exec(draft.attack?.damage_dice ?? '')?.[0];
  const type = known(draft.attack?.damage_type ?? '', DAMAGE_TYPES);
  if (draft.attack === null || ability === undefined || dice === undefined || type === undefined)
    return [{ name, text }];
  const reach = clip(cleanLine(draft.attack.reach), LIMITS.reach) || 'reach 5 ft.';
  return [{ name, text, attack: { ability, reach, damage_dice: dice, damage_type: type } }];
}

function within(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.round(value)));
}

function nearest(value: number, allowed: readonly number[]): number {
  return allowed.reduce((best, one) => (Math.abs(one - value) < Math.abs(best - value) ? one : best));
}

function known<T extends string>(word: string, words: readonly T[]): T | undefined {
  const asked = cleanLine(word).toLowerCase();
  return words.find((candidate) => candidate === asked);
}

function allKnown<T extends string>(asked: readonly string[], words: readonly T[]): T[] {
  return unique(asked.flatMap((word) => known(word, words) ?? []));
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
