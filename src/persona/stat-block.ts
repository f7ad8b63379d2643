import { Refusal } from '#src/core/errors.ts';
import { nearestName } from '#src/core/names.ts';
import type { Ability, StatAction, StatBlock } from '#src/core/persona.ts';
import { ABILITIES } from '#src/core/persona.ts';

/** What follows from a stat block by the rules of the fifth edition (System Reference Document 5.2.1). */

/** The eighteen skills, each with the ability that it goes by. */
export const SKILLS: Readonly<Record<string, Ability>> = {
  acrobatics: 'dex',
  'animal handling': 'wis',
  arcana: 'int',
  athletics: 'str',
  deception: 'cha',
  history: 'int',
  insight: 'wis',
  intimidation: 'cha',
  investigation: 'int',
  medicine: 'wis',
  nature: 'int',
  perception: 'wis',
  performance: 'cha',
  persuasion: 'cha',
  religion: 'int',
  'sleight of hand': 'dex',
  stealth: 'dex',
  survival: 'wis',
};

export const SIZES = ['tiny', 'small', 'medium', 'large', 'huge', 'gargantuan'] as const;
export const HIT_DIE_SIDES = [4, 6, 8, 10, 12, 20] as const;
export const CHALLENGE_RATINGS: readonly number[] = [
  0,
  0.125,
  0.25,
  0.5,
  ...Array.from({ length: 30 }, (_, index) => index + 1),
];
export const DAMAGE_TYPES = [
  'acid',
  'bludgeoning',
  'cold',
  'fire',
  'force',
  'lightning',
  'necrotic',
  'piercing',
  'poison',
  'psychic',
  'radiant',
  'slashing',
  'thunder',
] as const;

const ABILITY_NAMES: Readonly<Record<Ability, string>> = {
  str: 'strength',
  dex: 'dexterity',
  con: 'constitution',
  int: 'intelligence',
  wis: 'wisdom',
  cha: 'charisma',
};

/** The modifier of an ability score: half of what it has above 10, rounded down. */
export function abilityModifier(score: number): number {
  return Math.floor((score - 10) / 2);
}

/** +2 up to challenge rating 4, and one more for every four ratings above that. */
export function proficiencyBonus(challengeRating: number): number {
  return 2 + Math.max(0, Math.floor((Math.ceil(challengeRating) - 1) / 4));
}

function modifier(stat: StatBlock, ability: Ability): number {
  return abilityModifier(stat.abilities[ability]);
}

/** Average of the hit dice, each with the modifier of Constitution; at least 1. */
export function hitPoints(stat: StatBlock): number {
  const { count, sides } = stat.hit_dice;
  return Math.max(1, Math.floor(averageOf(count, sides)) + count * modifier(stat, 'con'));
}

export function savingThrow(stat: StatBlock, ability: Ability): number {
  const isProficient = stat.saving_throws.includes(ability);
  return modifier(stat, ability) + (isProficient ? proficiencyBonus(stat.challenge_rating) : 0);
}

/** @param skill one of SKILLS. */
export function skillModifier(stat: StatBlock, skill: string): number {
  const isProficient = stat.skills.includes(skill);
  return (
    modifier(stat, SKILLS[skill] ?? 'int') + (isProficient ? proficiencyBonus(stat.challenge_rating) : 0)
  );
}

export function passivePerception(stat: StatBlock): number {
  return 10 + skillModifier(stat, 'perception');
}

type Attack = NonNullable<StatAction['attack']>;

/** Bonus to hit; NPCs are proficient with what they fight with. */
export function attackBonus(stat: StatBlock, attack: Attack): number {
  return modifier(stat, attack.ability) + proficiencyBonus(stat.challenge_rating);
}

/** The dice with the ability's modifier ("1d8 + 3"), and the average rounded down, at least 0. */
export function attackDamage(
  stat: StatBlock,
  attack: Attack,
): { readonly dice: string; readonly average: number } {
  const bonus = modifier(stat, attack.ability);
  const [count = 0, sides = 0] = attack.damage_dice.split('d').map(Number);
  const sign = bonus < 0 ? ' - ' : ' + ';
  return {
    dice: attack.damage_dice + (bonus === 0 ? '' : sign + Math.abs(bonus)),
    average: Math.max(0, Math.floor(averageOf(count, sides)) + bonus),
  };
}

function averageOf(count: number, sides: number): number {
  return (count * (sides + 1)) / 2;
}

/** A modifier as it is written: "+2", "-1". */
export function signed(value: number): string {
  return value < 0 ? String(value) : `+${value}`;
}

/** A challenge rating as it is written: "1/4", "5". */
export function challengeRatingText(challengeRating: number): string {
  return challengeRating > 0 && challengeRating < 1 ? `1/${1 / challengeRating}` : String(challengeRating);
}

/**
 * What this stat block adds to a d20 for `check`: a skill ("stealth"), an ability ("dex", "dexterity"), a saving throw
 * ("dex save"), "initiative", or one of its attacks by name.
 * @throws Refusal where there is no such check, naming what there is.
 */
export function modifierFor(stat: StatBlock, check: string): number {
  const asked = spelled(check);
  const save = /^(\w+) (?:save|saving throw)$/u.exec(asked);
  const saveAbility = abilityNamed(save?.[1]);
  if (saveAbility !== undefined) return savingThrow(stat, saveAbility);
  const ability = abilityNamed(asked);
  if (ability !== undefined) return modifier(stat, ability);
  if (asked === 'initiative') return modifier(stat, 'dex');
  if (Object.hasOwn(SKILLS, asked)) return skillModifier(stat, asked);
  const attacks = stat.actions.filter((action) => action.attack !== undefined);
  const attack = attacks.find(({ name }) => spelled(name) === asked)?.attack;
  if (attack !== undefined) return attackBonus(stat, attack);

  const checks = [...Object.keys(SKILLS), ...Object.values(ABILITY_NAMES), 'initiative'];
  const guess = nearestName(asked, [...checks, ...attacks.map(({ name }) => name)]);
  throw new Refusal(
    `There is no check of that name${guess === undefined ? '. ' : `; did you mean "${guess}"? `}` +
      'A check is a skill (stealth), an ability (dex), a saving throw (dex save), initiative, or an attack by its name.',
  );
}

/** The form in which checks are compared: "sleight-of-hand" is "Sleight of Hand". */
function spelled(check: string): string {
  return check
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/gu, ' ');
}

function abilityNamed(word: string | undefined): Ability | undefined {
  return ABILITIES.find((ability) => ability === word || ABILITY_NAMES[ability] === word);
}
