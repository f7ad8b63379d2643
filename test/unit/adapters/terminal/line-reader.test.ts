import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LONGEST_LINE, readLines } from '#src/adapters/terminal/line-reader.ts';

const linesOf = async (...chunks: readonly (string | Uint8Array)[]) => {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks))) lines.push(line);
  return lines;
};

describe('readLines', () => {
  it('splits at line ends, also over chunks', async () =>
    expect(await linesOf('one\ntw', 'o\r\n\nthr', 'ee\n')).toEqual(['one', 'two', '', 'three']));
  it('counts a last line without an end', async () =>
    expect(await linesOf('one\ntwo')).toEqual(['one', 'two']));
  it('yields nothing from nothing', async () => expect(await linesOf()).toEqual([]));
  it('joins characters that were cut in two', async () => {
    const bytes = Buffer.from('a🌊b\n');
    expect(await linesOf(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(['a🌊b']);
  });
  it('replaces what is not UTF-8 and drops a byte order mark', async () => {
    expect(await linesOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff, 0x0a, 0xc3))).toEqual([
      'a\ufffd',
      '\ufffd',
    ]);
  });
  it('keeps only so much of an endless line that it can be refused, and goes on after it', async () => {
    const [long = '', next] = await linesOf(
      ...Array.from({ length: 100 }, () => 'x'.repeat(1000)),
      '\nnext\n',
    );
    expect(long.length).toBeGreaterThan(LONGEST_LINE);
    expect(long.length).toBeLessThan(LONGEST_LINE + 10);
    expect(next).toBe('next');
  });
});
