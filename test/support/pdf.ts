import { deflateSync } from 'node:zlib';

/** A PDF of one page a text, written by hand. @param trailer entries of its trailer. */
export function pdfOf(pages: readonly string[], trailer = ''): Uint8Array {
  return pdfOfStreams(
    pages.map((text) => ({
      filter: '',
      stream: text === '' ? '' : `BT /F1 12 Tf 72 700 Td (${text}) Tj ET`,
    })),
    trailer,
  );
}

/** A small PDF with one page that unpacks to so many megabytes of nothing but spaces. */
export function packedPdf(unpackedInMb: number): Uint8Array {
  const packed = deflateSync(Buffer.alloc(unpackedInMb * 1024 * 1024, ' '));
  return pdfOfStreams([{ filter: '/Filter [/ASCIIHexDecode /FlateDecode]', stream: packed.toString('hex') }]);
}

function pdfOfStreams(
  pages: readonly { readonly filter: string; readonly stream: string }[],
  trailer = '',
): Uint8Array {
  const kids = pages.map((_, at) => `${4 + 2 * at} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap(({ filter, stream }, at) => {
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * at} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${stream.length} ${filter} >>\nstream\n${stream}\nendstream`,
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
