import { clip, withoutActingCharacters } from '#src/core/text.ts';

/** Text in paragraphs: nothing that acts on a screen, single spaces, at most one empty line in a row, none around it. */
export function cleanText(text: string): string {
  return withoutActingCharacters(text.toWellFormed())
    .normalize('NFC')
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}

/** Text on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/gu, ' ');
}

const QUOTE_PAIRS = [
  ['"', '"'],
  ['“', '”'],
  ['„', '“'],
  ['«', '»'],
] as const;

/** What somebody says, on one line and without the quotation marks that models and people like to put around it. */
export function cleanUtterance(text: string): string {
  const line = cleanLine(text);
  for (const [open, close] of QUOTE_PAIRS) {
    const inner = line.slice(1, -1);
    if (line.length > 1 && line.startsWith(open) && line.endsWith(close) && !/["“”„«»]/u.test(inner))
      return cleanUtterance(inner);
  }
  return line;
}

/**
 * A name must be sayable and must not break the lines it labels ("Tilda: Good evening."): one line, a letter or a
 * digit in it, and no colon, also not one that compatible forms hide.
 */
export function isUsableName(name: string): boolean {
  return /[\p{L}\p{N}]/u.test(name) && !/[:\n]/u.test(name.normalize('NFKC'));
}

/** What can be used as a name of what somebody else wrote as one, or undefined. At most `limit` characters. */
export function usableName(text: string, limit: number): string | undefined {
  const speakable = [...cleanLine(text)].filter((letter) => !letter.normalize('NFKC').includes(':')).join('');
  const name = cleanLine(clip(cleanLine(speakable), limit).replace(/…$/u, ''));
  return isUsableName(name) ? name : undefined;
}

/** Whether a text is an address that platforms may fetch a picture from: https, and no name or password in it. */
export function isPictureAddress(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && !/\s/u.test(text);
}
