import { z } from 'zod';

/** What is wrong with a value, continuing "NAME (value) …", and what to do instead. */
export class Wrong extends Error {}

/** A rule for the text of one variable: gives its value, or throws what is wrong and what to do (`Wrong`). */
export function read<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });
}

export function wholeNumber(from: number, to: number) {
  return read((text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new Wrong(`is no whole number from ${from} to ${to}: write one, or leave it out`);
  });
}

/** A number as 0.75 is one, from `from` to `to`. */
export function decimalNumber(from: number, to: number) {
  return read((text) => {
    const value = decimalIn(text);
    if (value !== undefined && value >= from && value <= to) return value;
    throw new Wrong(
      `is no number from ${from} to ${to}: write one with a point, such as 0.5, or leave it out`,
    );
  });
}

/** A number with a point, of however many digits: 0.75, .5, -1, 5e-3. Undefined where a text is none. */
export function decimalIn(text: string): number | undefined {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/**
 * One of some words, in any case.
 * @param what continues "NAME (value) is …" where it is none of them: "no level of the log".
 */
export function oneOf<const Word extends string>(words: readonly Word[], text: string, what: string): Word {
  const word = words.find((known) => known === text.toLowerCase());
  if (word === undefined) throw new Wrong(`is ${what}: write one of ${words.join(', ')}`);
  return word;
}

/** An address under which others are found: no login, no query, nothing behind a #. */
export function httpAddress(text: string, example: string): URL {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  if (url === null)
    throw new Wrong(`is no address that begins with http:// or https://: write one like ${example}`);
  if (url.username !== '' || url.password !== '')
    throw new Wrong(
      'holds a user name or password, which is not sent from there: take it out of the address',
    );
  if (url.search !== '' || url.hash !== '')
    throw new Wrong('goes on after a ? or #: end the address before it');
  return url;
}

/** An address as it is put before a path: without a slash at its end. */
export function withoutEndSlash(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** A key or token as it was issued: one word of what is printed. */
export function keyText(text: string, what: string): string {
  if (/\s/.test(text))
    throw new Wrong(`holds a blank or a line break: copy the ${what} again, without what stands around it`);
  if (!/^[\x21-\x7e]+$/.test(text))
    throw new Wrong(`holds characters that no ${what} has: copy the ${what} again from where it was issued`);
  if (/^["'`]|["'`]$/.test(text))
    throw new Wrong(`has a quotation mark at its end: write the ${what} without quotes`);
  return text;
}
