import { speakerName } from '#src/core/speaker-name.ts';
import { clip } from '#src/core/text.ts';
import { importanceOf } from './importance.ts';

/** A summary is at most so long. */
export const MOST_OF_A_SUMMARY_IN_CHARACTERS = 600;
/** More of one sentence says no more. */
const MOST_OF_A_SENTENCE_IN_CHARACTERS = 240;
/** A line with more sentences is a tale: what follows is not looked at. */
const MOST_SENTENCES_OF_A_LINE = 30;
/** What ends somebody's words in a gist, in whatever script it is typed. */
const QUOTES = /["＂″\u201A\u201E\u301D-\u301F\p{Pi}\p{Pf}]/gu;
const SENTENCE = /[^.!?…。！？]+[.!?…。！？]*["”’)]*/gu;

export interface GistLine {
  /** Empty where nobody in the world said it. */
  readonly speaker: string;
  readonly text: string;
  readonly importance: number;
}

interface Sentence {
  readonly line: number;
  readonly text: string;
  readonly worth: number;
}

/**
 * The most important sentences of some lines in their order, each with who said it: what stays where nobody retells them.
 * What is said stands between quotation marks, what is narrated between square brackets, and neither holds any of these:
 * `Mira: "I owe you a crown." [The bell rings.]` Nobody can type words of another into it.
 */
export function gistOf(lines: readonly GistLine[]): string {
  const speakers = lines.map(({ speaker }) => (speaker === '' ? '' : withoutQuotes(speakerName(speaker))));
  const sentences = lines.flatMap(({ text, importance }, line) => sentencesOf(text, line, importance));
  const chosen = new Set<Sentence>();
  let left = MOST_OF_A_SUMMARY_IN_CHARACTERS;
  for (const sentence of sentences.toSorted((one, other) => other.worth - one.worth)) {
    const cost = told(speakers[sentence.line] ?? '', sentence.text).length + 1;
    if (cost > left) continue;
    left -= cost;
    chosen.add(sentence);
  }
  const runs: { readonly speaker: string; readonly said: string[] }[] = [];
  for (const sentence of sentences) {
    if (!chosen.has(sentence)) continue;
    const speaker = speakers[sentence.line] ?? '';
    const run = runs.at(-1);
    if (run?.speaker === speaker) run.said.push(sentence.text);
    else runs.push({ speaker, said: [sentence.text] });
  }
  return runs.map(({ speaker, said }) => told(speaker, said.join(' '))).join(' ');
}

function told(speaker: string, text: string): string {
  return speaker === '' ? `[${text}]` : `${speaker}: "${text}"`;
}

function withoutQuotes(text: string): string {
  return text.replace(QUOTES, '’');
}

function sentencesOf(text: string, line: number, importance: number): readonly Sentence[] {
  const flat = withoutQuotes(text)
    .replace(/\p{Ps}/gu, '(')
    .replace(/\p{Pe}/gu, ')')
    .replace(/\s+/gu, ' ')
    .trim();
  const found = (flat.match(SENTENCE) ?? [flat])
    .map((sentence) => clip(sentence.trim(), MOST_OF_A_SENTENCE_IN_CHARACTERS))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
    .slice(0, MOST_SENTENCES_OF_A_LINE);
  if (found.length === 1) return found.map((sentence) => ({ line, text: sentence, worth: importance }));
  // What is said in an important line counts for more than the same words elsewhere.
  return found.map((sentence) => ({
    line,
    text: sentence,
    worth: (importance + importanceOf(sentence)) / 2,
  }));
}
