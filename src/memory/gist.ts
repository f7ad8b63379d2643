import { clip } from '#src/core/text.ts';
import { importanceOf } from './importance.ts';

/** A summary is at most so long. */
export const MOST_OF_A_SUMMARY_IN_CHARACTERS = 600;
/** More of one sentence says no more. */
const MOST_OF_A_SENTENCE_IN_CHARACTERS = 240;
/** A line with more sentences is a tale: what follows is not looked at. */
const MOST_SENTENCES_OF_A_LINE = 30;
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

/** The most important sentences of some lines in their order, each with who said it: what stays where nobody retells them. */
export function gistOf(lines: readonly GistLine[]): string {
  const sentences = lines.flatMap(({ text, importance }, line) => sentencesOf(text, line, importance));
  const chosen = new Set<Sentence>();
  let left = MOST_OF_A_SUMMARY_IN_CHARACTERS;
  for (const sentence of sentences.toSorted((one, other) => other.worth - one.worth)) {
    const cost = sentence.text.length + (lines[sentence.line]?.speaker.length ?? 0) + 3;
    if (cost > left) continue;
    left -= cost;
    chosen.add(sentence);
  }
  const said: string[] = [];
  let before: string | undefined;
  for (const sentence of sentences) {
    if (!chosen.has(sentence)) continue;
    const speaker = lines[sentence.line]?.speaker ?? '';
    said.push(speaker === '' || speaker === before ? sentence.text : `${speaker}: ${sentence.text}`);
    before = speaker;
  }
  return clip(said.join(' '), MOST_OF_A_SUMMARY_IN_CHARACTERS);
}

function sentencesOf(text: string, line: number, importance: number): readonly Sentence[] {
  const flat = text.replace(/\s+/gu, ' ').trim();
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
