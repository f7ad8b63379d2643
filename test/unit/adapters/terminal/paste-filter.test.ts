import { describe, expect, it } from 'vitest';
import { PasteFilter } from '#src/adapters/terminal/paste-filter.ts';

const filtered = (...chunks: readonly string[]) => {
  const filter = new PasteFilter();
  const out: Buffer[] = [];
  filter.on('data', (chunk: Buffer) => out.push(chunk));
  for (const chunk of chunks) filter.write(Buffer.from(chunk));
  return Buffer.concat(out).toString();
};

describe('PasteFilter', () => {
  it('passes keys as they come', () =>
    expect(filtered('é\r', '\u001b', '\u001b[A')).toBe('é\r\u001b\u001b[A'));
  it('makes a paste one line', () =>
    expect(filtered('a\u001b[200~one\r\n東京\tthree\r\u001b[201~\r')).toBe('aone 東京 three \r'));
  it('lets nothing in a paste press a key', () =>
    expect(filtered('\u001b[200~a\u0003\u001b[Ab\u001b[201~')).toBe('a [Ab'));
  it('finds the end also where it comes in pieces', () => {
    expect(filtered('\u001b[200~a\r', 'b\u001b[2', '01~\r')).toBe('a b\r');
    expect(filtered('\u001b[200~a\u001b', '[A\r\u001b[201~\r')).toBe('a [A \r');
  });
});
