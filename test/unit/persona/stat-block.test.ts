import { describe, expect, it } from 'vitest';
import { Refusal } from '#src/core/errors.ts';
import type { StatBlock } from '#src/core/persona.ts';
import { parsePersona } from '#src/persona/persona-schema.ts';
import {
  abilityModifier,
  attackBonus,
  attackDamage,
  challengeRatingText,
  hitPoints,
  modifierFor,
  passivePerception,
  proficiencyBonus,
  SKILLS,
  savingThrow,
  signed,
  skillModifier,
} from '#src/persona/stat-block.ts';

function statBlock(parts: object): StatBlock {
  const result = parsePersona({ name: 'Ada', role: 'x', stat_block: parts });
  if ('faults' in result || result.persona.stat_block === undefined)
    throw new Error('the stat block must hold');
  return result.persona.stat_block;
}

const scout = statBlock({
  challenge_rating: '1/2',
  abilities: { str: 11, dex: 14, con: 12, int: 11, wis: 13, cha: 7 },
  hit_dice: '3d8',
  saving_throws: ['dex'],
  skills: ['stealth', 'perception'],
  actions: [
    { name: 'Short-Sword', attack: { ability: 'dex', damage_dice: '1d6', damage_type: 'piercing' } },
    { name: 'Whistle' },
  ],
});

describe('what follows from scores', () => {
  it.each([
    [1, -5],
    [8, -1],
    [9, -1],
    [10, 0],
    [11, 0],
    [15, 2],
    [30, 10],
  ])('a score of %i modifies by %i', (score, modifier) => expect(abilityModifier(score)).toBe(modifier));

  it.each([
    [0, 2],
    [0.125, 2],
    [4, 2],
    [5, 3],
    [8, 3],
    [9, 4],
    [13, 5],
    [17, 6],
    [21, 7],
    [25, 8],
    [28, 8],
    [29, 9],
    [30, 9],
  ])('challenge rating %d gives a proficiency bonus of %i', (rating, bonus) =>
    expect(proficiencyBonus(rating)).toBe(bonus),
  );

  it.each([
    [{ hit_dice: '3d8', abilities: { con: 12 } }, 16],
    [{ hit_dice: '8d10', abilities: { con: 17 } }, 68],
    [{ hit_dice: '1d4', abilities: { con: 1 } }, 1],
  ])('%j has %i hit points', (parts, points) => expect(hitPoints(statBlock(parts))).toBe(points));

  it('adds proficiency where there is some', () => {
    expect(savingThrow(scout, 'dex')).toBe(4);
    expect(savingThrow(scout, 'wis')).toBe(1);
    expect(skillModifier(scout, 'stealth')).toBe(4);
    expect(skillModifier(scout, 'survival')).toBe(1);
    expect(passivePerception(scout)).toBe(13);
  });

  it('derives attacks', () => {
    const attack = {
      ability: 'dex',
      reach: 'reach 5 ft.',
      damage_dice: '1d6',
      damage_type: 'piercing',
    } as const;
    expect(attackBonus(scout, attack)).toBe(4);
    expect(attackDamage(scout, attack)).toEqual({ dice: '1d6 + 2', average: 5 });
    expect(attackDamage(scout, { ...attack, ability: 'str' })).toEqual({ dice: '1d6', average: 3 });
    expect(attackDamage(scout, { ...attack, ability: 'cha', damage_dice: '1d4' })).toEqual({
      dice: '1d4 - 2',
      average: 0,
    });
  });

  it('writes numbers as sheets do', () => {
    expect([signed(3), signed(0), signed(-2)]).toEqual(['+3', '+0', '-2']);
    expect([0, 0.125, 0.25, 0.5, 7].map(challengeRatingText)).toEqual(['0', '1/8', '1/4', '1/2', '7']);
  });

  it('knows the eighteen skills', () => expect(Object.keys(SKILLS)).toHaveLength(18));
});

describe('modifierFor', () => {
  it.each([
    ['stealth', 4],
    [' Sleight-of-Hand ', 2],
    ['sleight_of_hand', 2],
    ['dex', 2],
    ['Charisma', -2],
    ['dex save', 4],
    ['wisdom saving throw', 1],
    ['initiative', 2],
    ['short sword', 4],
  ])('%j adds %i', (check, modifier) => expect(modifierFor(scout, check)).toBe(modifier));

  it('refuses an unknown check with the nearest one', () => {
    expect(() => modifierFor(scout, 'stelth')).toThrow(/did you mean "stealth"\?/u);
    expect(() => modifierFor(scout, 'constructor')).toThrow(Refusal);
    expect(() => modifierFor(scout, 'whistle')).toThrow(/^There is no check of that name\. A check is/u);
    expect(() => modifierFor(scout, 'luck save')).toThrow(Refusal);
  });
});
