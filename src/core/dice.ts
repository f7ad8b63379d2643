/** Rolls dice. */
export interface Dice {
  /**
   * @param notation as players write it: "2d6+3", "4d6kh3", "1d20", "adv".
   * @throws Refusal where it is no roll, or more dice than a table needs.
   */
  roll(notation: string): Promise<Rolled>;
}

export interface Rolled {
  readonly total: number;
  /** What was rolled: "4d6kh3", "1d20+5 with advantage". */
  readonly dice: string;
  /** What came of it: "[3, 5, 1d, 2] = 10", "17+5 = 22 (3 dropped)". */
  readonly detail: string;
}
