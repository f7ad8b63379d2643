import type { Ear } from './hearing.ts';
import { wordsOf } from './words.ts';

/** A longer one says what the secret is. In words. */
const BARE_IN_WORDS = 9;
/** A name, a "please": what may stand beside the asking alone. In words. */
const LEFT_IN_WORDS = 2;
/** What belongs together stands so near, with answers between. In lines. */
const NEAR_IN_LINES = 3;

interface Told {
  readonly speaker: string;
  readonly text: string;
}

/**
 * Which of these lines were told in confidence: those that ask for it, and what the same person said beside a line that
 * does little else: "The duke is bald." "Keep it to yourself."
 * @param lines oldest first.
 */
export function confided<T extends Told>(
  lines: readonly T[],
  ear: Pick<Ear, 'asksForSecrecy'>,
): ReadonlySet<T> {
  const found = new Set<T>();
  for (const [index, line] of lines.entries()) {
    if (line.speaker === '' || !ear.asksForSecrecy(line.text)) continue;
    found.add(line);
    if (!isBare(line.text, ear)) continue;
    const before = lines.slice(Math.max(0, index - NEAR_IN_LINES), index).reverse();
    const after = lines.slice(index + 1, index + 1 + NEAR_IN_LINES);
    // "Can you keep a secret?" opens; "Tell nobody!" closes.
    const beside = (line.text.includes('?') ? after : before).find(({ speaker }) => speaker === line.speaker);
    if (beside !== undefined) found.add(beside);
  }
  return found;
}

/** "Tell nobody!", "Wenna, can you keep a secret?": it only says how to take what stands beside it. */
function isBare(text: string, ear: Pick<Ear, 'asksForSecrecy'>): boolean {
  const others = text.split(/[.!?;:\n,()*]/u).filter((clause) => !ear.asksForSecrecy(clause));
  return wordsOf(text).length <= BARE_IN_WORDS && wordsOf(others.join(' ')).length <= LEFT_IN_WORDS;
}
