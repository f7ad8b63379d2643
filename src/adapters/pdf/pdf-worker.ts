import { parentPort, workerData } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';

export type PdfAnswer =
  | { readonly outcome: 'read'; readonly text: string }
  | { readonly outcome: 'protected' | 'unreadable' };

/** More text than any document of 5 MB holds honestly. */
const MOST_CHARACTERS = 5_000_000;

parentPort?.postMessage(await read(workerData));

async function read(bytes: unknown): Promise<PdfAnswer> {
  if (!(bytes instanceof Uint8Array)) return { outcome: 'unreadable' };
  try {
    const document = await getDocumentProxy(bytes);
    const pages: string[] = [];
    let length = 0;
    for (let number = 1; number <= document.numPages && length < MOST_CHARACTERS; number += 1) {
      const { items } = await (await document.getPage(number)).getTextContent();
      const page = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
      pages.push(page);
      length += page.length;
    }
    return { outcome: 'read', text: pages.join('\n\n').slice(0, MOST_CHARACTERS) };
  } catch (error) {
    const isProtected = error instanceof Error && error.name === 'PasswordException';
    return { outcome: isProtected ? 'protected' : 'unreadable' };
  }
}
