import type { Ability, StatBlock } from '#src/core/persona.ts';
import { ABILITIES } from '#src/core/persona.ts';
import type { Random } from '../random.ts';
import type { Archetype, People } from '../tables.ts';

/** Best first: somebody who gets through the day, and somebody with a level. */
const PLAIN_SCORES = [13, 12, 11, 10, 10, 8];
const ABLE_SCORES = [16, 14, 13, 12, 10, 8];
const HIGHEST_SCORE = 20;
const HIGHEST_LEVEL = 20;
/** Levels at which damage gains a die. */
const DAMAGE_LEVELS = [5, 11, 17];
/** Levels at which the two best abilities grow. */
const GROWTH_LEVELS = [4, 8, 12, 16, 19];
const ALIGNMENTS = [
  'lawful good',
  'neutral good',
  'chaotic good',
  'lawful neutral',
  'neutral',
  'chaotic neutral',
];
const DARK_ALIGNMENTS = ['lawful evil', 'neutral evil', 'chaotic evil', 'chaotic neutral', 'lawful neutral'];

/**
 * A stat block for one trade's archetype. Without a level it is that of somebody who lives by the trade (rating 0 to
 * 1/4); with one, hit dice follow the level and the rating about half of it, which is where published NPCs lie.
 */
export function statBlockFor(
  archetype: Archetype,
  people: People,
  level: number | undefined,
  isDark: boolean,
  random: Random,
): StatBlock {
  const rank = Math.min(HIGHEST_LEVEL, Math.max(0, Math.round(level ?? 0)));
  const abilities = scoresFor(archetype, rank, random);
  const dexterity = Math.floor((abilities.dex - 10) / 2);
  const dice = 1 + DAMAGE_LEVELS.filter((each) => rank >= each).length;
  return {
    system: '5e',
    size: people.size,
    creature_type: people.type,
    alignment: random.pick(isDark ? DARK_ALIGNMENTS : ALIGNMENTS),
    challenge_rating: ratingFor(archetype, rank),
    abilities,
    armor_class: archetype.armor + Math.min(archetype.max_dex, dexterity) + (rank >= 11 ? 1 : 0),
    hit_dice: {
      count: rank === 0 ? random.integer(1, archetype.hit_die >= 10 ? 3 : 2) : rank + 1,
      sides: archetype.hit_die,
    },
    speed_in_feet: people.speed,
    saving_throws: rank === 0 ? [] : archetype.saves,
    skills: random.shuffle(archetype.skills).slice(0, rank >= 5 ? 4 : rank > 0 ? 3 : 2),
    languages: people.languages,
    actions: [
      ...archetype.attacks.map(({ name, ability, reach, dice: die, type, grows }) => ({
        name,
        text: '',
        attack: {
          ability,
          reach,
          damage_dice: grows ? die.replace('1', String(dice)) : die,
          damage_type: type,
        },
      })),
      ...archetype.feats
        .filter((feat) => feat.level <= Math.max(1, rank))
        .map(({ name, text }) => ({ name, text })),
    ].slice(0, 3),
  };
}

function scoresFor(archetype: Archetype, rank: number, random: Random): Record<Ability, number> {
  const base = rank === 0 ? PLAIN_SCORES : ABLE_SCORES;
  const growth = GROWTH_LEVELS.filter((each) => rank >= each).length;
  const scores: Record<Ability, number> = { str: 10, dex: 10, con: 10, int: 10, wis: 10, cha: 10 };
  for (const ability of ABILITIES) {
    const place = archetype.order.indexOf(ability);
    // A point up or down keeps two people of one trade from having one set of numbers.
    const own = (base[place] ?? 10) + random.integer(-1, 1);
    const grown = own + (place === 0 ? growth * 2 : place === 1 ? growth : 0);
    scores[ability] = Math.min(HIGHEST_SCORE, Math.max(6, grown));
  }
  return scores;
}

function ratingFor(archetype: Archetype, rank: number): number {
  const isFighter = archetype.hit_die >= 10 || archetype.attacks.some(({ grows }) => grows);
  if (rank === 0) return isFighter ? 0.125 : 0;
  const rating = rank * (isFighter ? 0.55 : 0.35);
  if (rating >= 1) return Math.round(rating);
  return [0.125, 0.25, 0.5].findLast((step) => step <= rating) ?? 0.125;
}
