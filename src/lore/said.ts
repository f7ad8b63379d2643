import { IRREGULAR_FORMS } from '#src/memory/irregular-forms.ts';

const ACCENTS = /[\u0300-\u036f]+/gu;
const POSSESSIVE = /['’]s(?![\p{L}\p{N}\p{M}])/gu;
/** What is no letter and no digit, nor a mark on one. */
const BETWEEN = /[^\p{L}\p{N}\p{M}]+/gu;
/** Scripts that put no spaces between words. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
const UNSPACED_ALL = new RegExp(UNSPACED.source, 'gu');
/** Words that grow at their end by what other languages put beside them: 터널 "tunnel", 터널이 "the tunnel (does)". */
const HANGUL = /\p{sc=Hangul}/u;

/** Ends of a word of which the rest is the word itself: none is shorter than this. */
const SHORTEST_STEM = 3;

/**
 * A key as it is looked for: words that stand behind one another, or a part of the text where its script puts no spaces
 * between words. Undefined where it has no letter and no digit.
 */
export type SoughtKey =
  | { readonly is: 'words'; readonly words: readonly string[] }
  | { readonly is: 'part'; readonly text: string };

export function soughtKey(key: string): SoughtKey | undefined {
  const text = folded(key);
  if (text === '') return undefined;
  if (UNSPACED.test(text)) return { is: 'part', text };
  if (HANGUL.test(text)) return { is: 'part', text: ` ${text}` };
  return { is: 'words', words: text.split(' ') };
}

/** What was said, as keys are looked for in it. */
export class Said {
  /** Between two blanks, as are its words. */
  readonly #text: string;
  /** Of each word, itself and what it may be a form of. */
  readonly #forms: readonly (readonly string[])[];
  /** Where each of these stands. */
  readonly #places = new Map<string, number[]>();

  constructor(text: string) {
    const plain = folded(text);
    this.#text = ` ${plain} `;
    this.#forms = plain
      .replace(UNSPACED_ALL, ' ')
      .split(' ')
      .filter((word) => word !== '')
      .map(formsOf);
    for (const [at, forms] of this.#forms.entries())
      for (const form of forms) {
        const places = this.#places.get(form);
        if (places === undefined) this.#places.set(form, [at]);
        else places.push(at);
      }
  }

  /** With what a key may begin that holds here: words, and single characters. */
  *beginnings(): Generator<string, void, void> {
    yield* this.#places.keys();
    yield* new Set(this.#text);
  }

  holds(key: SoughtKey): boolean {
    if (key.is === 'part') return this.#text.includes(key.text);
    const [first = ''] = key.words;
    return (this.#places.get(first) ?? []).some((at) =>
      key.words.every((word, behind) => this.#forms[at + behind]?.includes(word)),
    );
  }
}

/** Letters and digits in lower case and without accents, one blank between two words. */
function folded(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(ACCENTS, '')
      // What is no accent is put together again: a syllable of Hangul is one character, and so is が.
      .normalize('NFC')
      .toLowerCase()
      .replace(POSSESSIVE, '')
      .replace(BETWEEN, ' ')
      .trim()
  );
}

/**
 * A word and the words that it may be an English form of: "smugglers" also "smuggler", "poisoned" also "poison". Stems
 * would go further and take an organ for an organization: a key that somebody wrote means no more than its own forms.
 */
function formsOf(word: string): readonly string[] {
  if (!/^[a-z]+$/u.test(word)) return [word];
  const forms = new Set([word, IRREGULAR_FORMS.get(word) ?? word]);
  const add = (form: string) => {
    if (form.length >= SHORTEST_STEM) forms.add(form);
  };
  const [, one] = /^(.*[^su])s$/u.exec(word) ?? [];
  if (one !== undefined) {
    add(one);
    if (one.endsWith('ie')) add(`${one.slice(0, -2)}y`);
    else if (/(?:[sxzo]|ch|sh)e$/u.test(one)) add(one.slice(0, -1));
  }
  const [, done] = /^(.*[aeiouy].*)(?:ed|ing)$/u.exec(word) ?? [];
  if (done !== undefined) {
    add(done);
    add(`${done}e`);
    if (/(.)\1$/u.test(done)) add(done.slice(0, -1));
    if (done.endsWith('i')) add(`${done.slice(0, -1)}y`);
  }
  return [...forms];
}
