import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';

/** The first byte of what is sealed says how it was. */
const VERSION = 1;
const CIPHER = 'aes-256-gcm';
const KEY_IN_BYTES = 32;
const NONCE_IN_BYTES = 12;
const TAG_IN_BYTES = 16;
const HEAD_IN_BYTES = 1 + NONCE_IN_BYTES + TAG_IN_BYTES;

/**
 * Slow on purpose (some 100 ms and 32 MiB, once per process): a SECRET_KEY that a person made up cannot be tried out
 * quickly. Every key is for this one use, so that it needs no salt of its own.
 */
const SALT = 'dramatis tokens at rest';
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** Seals short texts, so that only who has the same secret can read them, and only as what they were sealed for. */
export class Seal {
  readonly #secret: string;
  #key: Promise<Buffer> | undefined;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** @param use what it is for: opening it as anything else fails. */
  async seal(text: string, use: string): Promise<string> {
    const nonce = randomBytes(NONCE_IN_BYTES);
    const cipher = createCipheriv(CIPHER, await this.#derived(), nonce).setAAD(Buffer.from(use));
    const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), hidden]).toString('base64');
  }

  /** Undefined where it was sealed with another secret, for another use, or is damaged. */
  async open(sealed: string, use: string): Promise<string | undefined> {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes[0] !== VERSION || bytes.length < HEAD_IN_BYTES) return undefined;
    const nonce = bytes.subarray(1, 1 + NONCE_IN_BYTES);
    const decipher = createDecipheriv(CIPHER, await this.#derived(), nonce, { authTagLength: TAG_IN_BYTES })
      .setAAD(Buffer.from(use))
      .setAuthTag(bytes.subarray(1 + NONCE_IN_BYTES, HEAD_IN_BYTES));
    const shown = decipher.update(bytes.subarray(HEAD_IN_BYTES));
    try {
      return Buffer.concat([shown, decipher.final()]).toString('utf8');
    } catch {
      // The tag does not fit; what was deciphered is nothing.
      return undefined;
    }
  }

  async #derived(): Promise<Buffer> {
    this.#key ??= new Promise((resolve, reject) => {
      scrypt(this.#secret.normalize('NFC'), SALT, KEY_IN_BYTES, COST, (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      });
    });
    return this.#key;
  }
}
