/** Rolls dice. */
export interface Dice {
  /**
   * @param notation as players write it: "2d6+3", "4d6kh3", "1d20".
   * @throws Refusal where it is no roll, or more dice than a table needs.
   */
  roll(notation: string): Promise<{ readonly total: number; readonly detail: string }>;
}
