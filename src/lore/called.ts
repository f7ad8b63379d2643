import type { LorePassage } from '#src/core/lore.ts';
import { Said, type SoughtKey, soughtKey } from './said.ts';

interface Keyed {
  readonly passage: LorePassage;
  readonly secondaryKeys: readonly SoughtKey[];
  /** Which part of an entry that was cut into several it is, from 0. */
  readonly part: number;
}

/** A key, and what it calls. */
interface Caller {
  readonly key: SoughtKey;
  /** Its place among the keys of its passage, and that passage's among the others. */
  readonly at: number;
  readonly of: number;
}

/**
 * The keyed passages of some documents: each comes up when one of its words is said, in any case, with or without
 * accents, in any of its English forms; in scripts without spaces wherever its characters stand.
 */
export class CalledPassages {
  readonly #keyed: readonly Keyed[];
  /** By the first word of a key, or its first character: most keys are ruled out by it. */
  readonly #callers = new Map<string, Caller[]>();

  constructor(passages: readonly LorePassage[]) {
    const keyed: Keyed[] = [];
    for (const passage of passages.filter(({ keys }) => keys.length > 0)) {
      const before = keyed.at(-1);
      const part = before !== undefined && isNextPart(before.passage, passage) ? before.part + 1 : 0;
      for (const [at, written] of passage.keys.entries()) this.#add(written, at, keyed.length);
      keyed.push({
        passage,
        part,
        secondaryKeys: passage.secondaryKeys.flatMap((written) => soughtKey(written) ?? []),
      });
    }
    this.#keyed = keyed;
  }

  /**
   * Those that a text calls, in the order of their documents, each with the key that called it.
   * @param options.among only passages for which this holds are called.
   * @param options.limit of more, the first parts of all entries go before the second ones: a long entry leaves room for
   * others.
   */
  in(
    text: string,
    options: { readonly limit: number; readonly among: (passage: LorePassage) => boolean },
  ): readonly { readonly passage: LorePassage; readonly key: string }[] {
    if (this.#keyed.length === 0) return [];
    const said = new Said(text);
    const calledBy = new Map<number, number>();
    for (const beginning of said.beginnings())
      for (const { key, at, of } of this.#callers.get(beginning) ?? [])
        if (at < (calledBy.get(of) ?? Number.POSITIVE_INFINITY) && said.holds(key)) calledBy.set(of, at);
    return [...calledBy]
      .flatMap(([of, at]) => {
        const keyed = this.#keyed[of];
        return keyed === undefined ? [] : [{ ...keyed, of, key: keyed.passage.keys[at] ?? '' }];
      })
      .filter(
        ({ passage, secondaryKeys }) =>
          options.among(passage) &&
          (passage.secondaryKeys.length === 0 || secondaryKeys.some((key) => said.holds(key))),
      )
      .sort((a, b) => a.part - b.part || a.of - b.of)
      .slice(0, options.limit)
      .sort((a, b) => a.of - b.of)
      .map(({ passage, key }) => ({ passage, key }));
  }

  #add(written: string, at: number, of: number): void {
    const key = soughtKey(written);
    if (key === undefined) return;
    const [first = ''] = key.is === 'words' ? key.words : key.text.trim();
    const callers = this.#callers.get(first) ?? [];
    callers.push({ key, at, of });
    this.#callers.set(first, callers);
  }
}

/** Whether one passage goes on where the one before ended: an entry of a lorebook in parts. */
function isNextPart(before: LorePassage, passage: LorePassage): boolean {
  return (
    before.documentId === passage.documentId &&
    before.seq + 1 === passage.seq &&
    before.heading === passage.heading &&
    before.keys.join('\n') === passage.keys.join('\n') &&
    before.secondaryKeys.join('\n') === passage.secondaryKeys.join('\n')
  );
}
