import { describe, expect, it } from 'vitest';
import { pdfReader } from '#src/adapters/pdf/pdf-text.ts';
import { packedPdf, pdfOf } from '../../../support/pdf.ts';

const PROTECTED = `/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'5a'.repeat(32)}> /U <${'a5'.repeat(32)}> >>`;

describe('pdfReader', () => {
  const reader = pdfReader();

  it('reads the text of every page', async () => {
    const text = await reader.pdf(pdfOf(['The toll is two coppers.', 'Hroon keeps the tally.']));
    expect(text).toBe('The toll is two coppers.\n\nHroon keeps the tally.');
  });

  it.each([
    ['pictures of pages', pdfOf(['']), /no text/u],
    ['a password', pdfOf(['secret'], PROTECTED), /protected by a password/u],
    ['damage', pdfOf(['text']).slice(0, 40), /no PDF that can be read/u],
    ['lies', new TextEncoder().encode(`%PDF-1.7\n${'<<'.repeat(50_000)}`), /no PDF that can be read/u],
    ['noise', Uint8Array.from({ length: 5_000 }, (_, at) => (at * 131) % 256), /no PDF that can be read/u],
  ])('refuses a file with %s', async (_, bytes, why) => {
    await expect(reader.pdf(bytes)).rejects.toThrow(why);
  });

  it('gives up on a file that takes too long', async () => {
    await expect(pdfReader({ timeLimitInMs: 0 }).pdf(pdfOf(['text']))).rejects.toThrow(
      /longer than 0 seconds/u,
    );
  });

  it('gives up on a file that unpacks to more than there is room for', async () => {
    const small = packedPdf(96);
    expect(small.byteLength).toBeLessThan(250_000);
    await expect(pdfReader({ memoryLimitInMb: 48 }).pdf(small)).rejects.toThrow(/more than 48 MB of memory/u);
  });

  it('reads one file at a time, and lets few wait', async () => {
    const page = (at: number) => `Page ${at}.`;
    const reads = await Promise.allSettled(
      Array.from({ length: 4 }, (_, at) => pdfReader().pdf(pdfOf([page(at)]))),
    );
    expect(reads.slice(0, 3)).toEqual(
      Array.from({ length: 3 }, (_, at) => ({ status: 'fulfilled', value: page(at) })),
    );
    expect(reads[3]).toMatchObject({ status: 'rejected', reason: { message: /Other PDFs are being read/u } });
    expect(await reader.pdf(pdfOf([page(7)]))).toBe(page(7));
  });
});
