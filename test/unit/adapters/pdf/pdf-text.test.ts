import { describe, expect, it } from 'vitest';
import { pdfReader } from '#src/adapters/pdf/pdf-text.ts';

/** A PDF of one page a text, written by hand. @param encrypt an entry of its trailer. */
function pdfOf(pages: readonly string[], trailer = ''): Uint8Array {
  const kids = pages.map((_, at) => `${4 + 2 * at} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((text, at) => {
      const stream = text === '' ? '' : `BT /F1 12 Tf 72 700 Td (${text}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * at} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      ];
    }),
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\n`;
  file += `startxref\n${file.indexOf('xref\n0')}\n%%EOF`;
  return new TextEncoder().encode(file);
}

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
});
