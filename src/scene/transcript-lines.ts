import type { Line } from '#src/core/entities.ts';
import { clip } from '#src/core/text.ts';
import { UNFINISHED_MARKS } from '#src/core/view.ts';

const MARKS = { ...UNFINISHED_MARKS, speaking: ' …', failed: '', retracted: '', said: '' } as const;

/** Longer lines are cut. */
const MAX_SHOWN_IN_CHARACTERS = 300;

/** Lines as the transcript shows them; those of which an edit left nothing are left out. */
export function transcriptLines(lines: readonly Line[]): readonly string[] {
  return lines.filter(({ text, state }) => text !== '' || state === 'speaking').map(transcriptLine);
}

function transcriptLine(line: Line): string {
  const aside = line.kind === 'ooc' ? ' (aside)' : '';
  return `${line.speaker.name}${aside}: ${clip(line.text, MAX_SHOWN_IN_CHARACTERS)}${MARKS[line.state]}`;
}
