/**
 * What memory fades by: the time in which its campaign was played, so that a group that meets once a week is not
 * forgotten between evenings; or time as it passes.
 */
export const MEMORY_CLOCKS = ['played', 'wall'] as const;
export type MemoryClock = (typeof MEMORY_CLOCKS)[number];

/** What becomes of memories that leave their tier. */
export interface MemorySettings {
  readonly clock: MemoryClock;
  /** How fast what does not come to mind fades: after a day e^-this of its score is left. */
  readonly decayPerDay: number;
  /** What scores above this is moved to long-term memory. */
  readonly promoteAbove: number;
}

export const USUAL_MEMORY_SETTINGS: MemorySettings = {
  clock: 'played',
  decayPerDay: 0.1,
  promoteAbove: 0.75,
};
