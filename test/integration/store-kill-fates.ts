import type { Line } from '#src/core/entities.ts';

const FATES = ['said', 'revised', 'spoken', 'retracted', 'said', 'spoken'] as const;

export const REVISED = 'What was meant.';

/** What becomes of a line before its id is printed; the id ends with its number. */
export function fateOf(id: string): (typeof FATES)[number] {
  return FATES[Number(id.slice(id.lastIndexOf('-') + 1)) % FATES.length] ?? 'said';
}

/** How a line must stand whose id was printed. */
export function promisedOf(id: string): Pick<Line, 'id' | 'text' | 'state'> {
  const fate = fateOf(id);
  if (fate === 'retracted') return { id, text: '', state: 'retracted' };
  return { id, text: fate === 'revised' ? REVISED : `What ${id} says.`, state: 'said' };
}

/** How much each tier holds where memories are consolidated: little, so that there is always something to do. */
export const SMALL_BOUNDS = { shortTerm: 10, episodic: 20, longTerm: 20, semantic: 1_000_000 };
