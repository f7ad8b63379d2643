import { clip } from '#src/core/text.ts';
import { MAX_SENTENCE_IN_CHARACTERS, SentenceSplitter } from './sentence-splitter.ts';

/** What a rule says of one sentence: pass it (perhaps cleaned), or hold it back and tell the model why. */
export type Verdict = { readonly pass: string } | { readonly complaint: string };

/** A rule of the gate. Rules see one sentence at a time and what has passed before it. */
export interface GateRule {
  readonly name: string;
  judge(sentence: string, passed: string): Verdict;
}

/** Why nothing more of a stream passes. */
export type GateClosed =
  | { readonly because: 'rule'; readonly rule: string; readonly complaint: string }
  | { readonly because: 'length' };

export interface GateStep {
  /** Text that may be shown now; empty where there is none. */
  readonly passed: string;
  /** Set once the gate is shut: the rest of the stream is of no use. */
  readonly closed: GateClosed | undefined;
}

/** A letter or a picture. */
const SAYS_SOMETHING = /\p{L}|\p{Extended_Pictographic}/u;

/**
 * Stands between the model and the screen: whole sentences pass once every rule has seen them. Where a rule holds one
 * back, the gate shuts; whether what stands is enough or the model is asked again is the turn's affair.
 */
export class Gate {
  readonly #rules: readonly GateRule[];
  readonly #maxCharacters: number;
  readonly #splitter = new SentenceSplitter();
  #passed = '';
  /** Marks that passed before anything was said behind them. */
  #lead = '';
  #closed: GateClosed | undefined;

  constructor(options: { readonly rules: readonly GateRule[]; readonly maxCharacters: number }) {
    this.#rules = options.rules;
    this.#maxCharacters = options.maxCharacters;
  }

  push(text: string): GateStep {
    return this.#admit(this.#closed === undefined ? this.#splitter.push(text) : []);
  }

  /**
   * The stream has ended. With `keepTail` false an unfinished sentence at its end is dropped, if anything stands
   * without it: a model that ran out of tokens broke off there.
   */
  end(keepTail: boolean): GateStep {
    const tail = this.#splitter.flush();
    const drop = this.#closed !== undefined || (!keepTail && this.#passed.trim() !== '');
    return this.#admit(tail.trim() === '' || drop ? [] : [tail]);
  }

  #admit(sentences: Iterable<string>): GateStep {
    const before = this.#passed.length;
    for (const sentence of sentences) {
      this.#judge(sentence);
      if (this.#closed !== undefined) break;
    }
    return { passed: this.#passed.slice(before), closed: this.#closed };
  }

  #judge(sentence: string): void {
    // A word that was cut for its length stays cut: joined again on the screen it could be what no rule has seen.
    const isCut = sentence.length >= MAX_SENTENCE_IN_CHARACTERS && !/\s$/u.test(sentence);
    let text = isCut ? `${sentence} ` : sentence;
    for (const rule of this.#rules) {
      const verdict = rule.judge(text, this.#passed);
      if ('complaint' in verdict) {
        this.#closed = { because: 'rule', rule: rule.name, complaint: verdict.complaint };
        return;
      }
      text = verdict.pass;
    }
    text = this.#lead + (this.#passed === '' ? text.trimStart() : text);
    this.#lead = '';
    if (!SAYS_SOMETHING.test(text)) {
      // "1. " or "…" alone is nothing yet: it waits for what it belongs to.
      this.#lead = text;
      return;
    }
    const room = this.#maxCharacters - this.#passed.length;
    if (text.length > room) {
      this.#closed = { because: 'length' };
      // A first sentence that is too long by itself is cut at a word, since nothing would stand otherwise.
      if (this.#passed === '') this.#passed = clip(text, room).replace(/…$/u, '');
      return;
    }
    this.#passed += text;
  }
}
