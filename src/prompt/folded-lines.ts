import { LRUCache } from 'lru-cache';
import type { SeenLine } from '#src/core/model.ts';
import { gistOf } from '#src/memory/gist.ts';
import { importanceOf } from '#src/memory/importance.ts';
import { speakerName } from './speaker-name.ts';

/** Of lines that were folded just now, and will be for the next prompt. */
const GISTS_KEPT = 500;
const gists = new LRUCache<string, string>({ max: GISTS_KEPT });

/**
 * Lines of a transcript folded, so many at a time: the most important sentences of each part, the newest part first. A part
 * stays the same when more lines follow.
 * @param lines oldest first.
 */
export function* foldedParts(
  lines: readonly SeenLine[],
  linesAPart: number,
): Generator<{ readonly start: number; readonly gist: string }> {
  for (let end = lines.length; end > 0; ) {
    const start = Math.floor((end - 1) / linesAPart) * linesAPart;
    const gist = keptGistOf(lines.slice(start, end));
    if (gist !== '') yield { start, gist };
    end = start;
  }
}

function keptGistOf(lines: readonly SeenLine[]): string {
  const said = lines.map(({ speaker, speakerKind, text }) => ({
    // Nobody in the world says what the game master narrates.
    speaker: speakerKind === 'gm' ? '' : speakerName(speaker),
    text,
  }));
  const key = JSON.stringify(said.map(({ speaker, text }) => [speaker, text]));
  let gist = gists.get(key);
  if (gist === undefined) {
    gist = gistOf(said.map((line) => ({ ...line, importance: importanceOf(line.text) })));
    gists.set(key, gist);
  }
  return gist;
}
