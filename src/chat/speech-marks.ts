import { type SpeechEnding, UNFINISHED_MARKS } from '#src/core/view.ts';
import { closings, type Mark, openAfter } from './open-marks.ts';

const END_MARKS: Readonly<Record<SpeechEnding['state'], string>> = {
  ...UNFINISHED_MARKS,
  said: '',
  failed: UNFINISHED_MARKS.cut,
};

/**
 * A reply's text as it stands at its end. The mark is part of no markup: nobody has to uncover a spoiler to see it.
 * @param open markup that is open where this text begins.
 */
export function markedText(text: string, state: SpeechEnding['state'], open: readonly Mark[] = []): string {
  const said = text.trimEnd();
  const mark = END_MARKS[state];
  if (mark === '') return said;
  const closed = said + closings(openAfter(said, open));
  // Behind a block of code there is room only on the next line.
  return closed.endsWith('```') ? `${closed}\n${mark.trimStart()}` : closed + mark;
}
