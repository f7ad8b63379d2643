import type { Readable } from 'node:stream';

/** A typed line is at most this long, in UTF-16 units: what is longer was not typed by a person. */
export const LONGEST_LINE = 10_000;

/**
 * The lines of an input that is no terminal. A line without an end counts; of one that is too long only so much is
 * kept that it can be told; bytes that are not UTF-8 become replacement characters.
 */
export async function* readLines(input: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = '';
  for await (const chunk of input) {
    const text: string = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const [first = '', ...rest] = text.split('\n');
    line = bounded(line + first);
    for (const next of rest) {
      yield withoutReturn(line);
      line = bounded(next);
    }
  }
  line = bounded(line + decoder.decode());
  if (line !== '') yield withoutReturn(line);
}

function bounded(line: string): string {
  return line.slice(0, LONGEST_LINE + 2);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
