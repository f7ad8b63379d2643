import type { OutputStream } from './output-stream.ts';
import { createPaint } from './paint.ts';
import type { Screen } from './screen.ts';

/** A file or a pipe: text is only ever appended, without any escape code. */
export class PlainScreen implements Screen {
  readonly paint = createPaint(false);
  readonly width = Number.POSITIVE_INFINITY;
  readonly isLive = false;
  readonly #output: OutputStream;
  /** What stands of the row that has no end yet. */
  #growing = '';

  constructor(output: OutputStream) {
    this.#output = output;
  }

  print(rows: readonly string[], growing = ''): Promise<void> {
    const text = rows.map((row) => `${row}\n`).join('') + growing;
    const stands = this.#growing;
    this.#growing = growing;
    if (stands === '') return this.#output.write(text);
    return this.#output.write(text.startsWith(stands) ? text.slice(stands.length) : `\n${text}`);
  }

  note(): void {}
}
