import type { LorePassage } from '#src/core/lore.ts';

/** At what a passage comes up, for people: "tunnel, mine, beside lighthouse or sea". */
export function keysText({ keys, secondaryKeys }: Pick<LorePassage, 'keys' | 'secondaryKeys'>): string {
  const beside = secondaryKeys.length === 0 ? [] : [`beside ${secondaryKeys.join(' or ')}`];
  return [...keys, ...beside].join(', ');
}
