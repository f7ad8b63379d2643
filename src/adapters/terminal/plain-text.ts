import { withoutActingCharacters } from '#src/core/text.ts';

/**
 * Text that may be written to a terminal: whatever would move the cursor, colour, rename the window, hide itself or
 * turn the reading direction is gone; line ends stay. Everything shown goes through here.
 */
export function plainText(text: string): string {
  return withoutActingCharacters(text).toWellFormed();
}

/** The same on one line: for names, labels and cells. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s+/gu, ' ').trim();
}
