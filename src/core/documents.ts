import { Refusal } from './errors.ts';

export const MAX_FILE_IN_BYTES = 5 * 1024 * 1024;

/** A file that somebody hands in. Its name and kind are what they say it is; its bytes are not trusted. */
export interface HandedFile {
  readonly name: string;
  readonly sizeInBytes: number;
  /** @throws Refusal where it cannot be read any more, or is larger than it was said to be. */
  read(): Promise<Uint8Array>;
}

/** @throws Refusal where a file of that size is more than may be handed in. */
export function refuseTooLarge(sizeInBytes: number): void {
  if (sizeInBytes <= MAX_FILE_IN_BYTES) return;
  const size = (sizeInBytes / 1024 / 1024).toFixed(1);
  throw new Refusal(`That file has ${size} MB, and one may have 5. Hand it in in parts.`);
}

/** Takes the text out of documents that are not text. */
export interface TextExtractor {
  /**
   * The text of a PDF, a blank line between two pages.
   * @throws Refusal where it is no PDF, is protected, holds no text, or takes too long.
   */
  pdf(bytes: Uint8Array): Promise<string>;
}
