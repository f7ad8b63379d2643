import { LRUCache } from 'lru-cache';
import type { SeenLine } from '#src/core/model.ts';
import { speakerName } from '#src/core/speaker-name.ts';
import { gistOf } from '#src/memory/gist.ts';
import { importanceOf } from '#src/memory/importance.ts';

/** Of lines that were folded just now, and will be for the next prompt. */
const GISTS_KEPT = 500;
const gists = new LRUCache<string, string>({ max: GISTS_KEPT });

/** What is to be known of time before a line where what stands before it is not told. */
export function openingMark({ time, mark }: SeenLine): string | undefined {
  return time === undefined ? mark : `It is ${time}`;
}

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
  const said = lines.flatMap((line, index) => {
    const mark = index === 0 ? openingMark(line) : line.mark;
    const { speaker, speakerKind, text } = line;
    return [
      ...(mark === undefined ? [] : [{ speaker: '', text: `${mark}.`, isMark: true }]),
      // Nobody in the world says what the game master narrates.
      { speaker: speakerKind === 'gm' ? '' : speakerName(speaker), text, isMark: false },
    ];
  });
  const key = JSON.stringify(said.map(({ speaker, text }) => [speaker, text]));
  let gist = gists.get(key);
  if (gist === undefined) {
    // When something was said is left out last.
    gist = gistOf(
      said.map(({ isMark, ...line }) => ({ ...line, importance: isMark ? 1 : importanceOf(line.text) })),
    );
    gists.set(key, gist);
  }
  return gist;
}
