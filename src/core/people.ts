/** What is kept of one person, in all campaigns of a database: to be told of, and to be forgotten. */
export interface PeopleStore {
  /** The campaigns in which there is anything of a person. @param personId the platform's id. */
  traces(personId: string): Promise<readonly PersonTrace[]>;
  /**
   * Takes back all that a person said, as if they had deleted each of their messages: what was made of it is unmade, and
   * the search is told. Then the names they spoke under and what waits for them go, and nothing of it stays in the file.
   * @param options.signal ends it between two lines: what is left is found again.
   * @param options.onLines hears how many lines are taken back.
   * @returns whether all is forgotten.
   */
  forget(
    personId: string,
    options: { readonly signal: AbortSignal; readonly onLines: (lines: number) => void },
  ): Promise<boolean>;
  close(): Promise<void>;
}

export interface PersonTrace {
  readonly campaignId: string;
  /** Said by the person. */
  readonly lines: number;
  /** Names they speak under, and what waits or waited for them. */
  readonly others: number;
}
