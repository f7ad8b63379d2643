import { bitOf } from './cues.ts';
import { LINE_KINDS, type LineKind } from './features.ts';
import { WEIGHTS } from './ranking.ts';

/** A line with fewer words that say something is a short one. */
const SHORT = 5;
/** The turns at the start of a session, in which people tell their news. */
const EARLY = 3;
const [SELF, REPLY, PAST] = [bitOf('self'), bitOf('reply'), bitOf('past')];

type Numbers = ArrayLike<number>;

/** What of a layout says of which kind a line is. */
export interface LinesInOrder {
  readonly turns: Numbers;
  readonly lengths: Numbers;
  readonly cues: Numbers;
  readonly endsAsking: Numbers;
  readonly asks: Numbers;
  readonly novelty: Numbers;
  readonly names: Numbers;
}

/** What the features of `LINE_KINDS` are at a place. */
export function kindsOf(layout: LinesInOrder, place: number): Readonly<Record<LineKind, number>> {
  const turn = layout.turns[place] ?? 0;
  const words = layout.lengths[place] ?? 0;
  const cues = layout.cues[place] ?? 0;
  return {
    asks: layout.endsAsking[place] ?? 0,
    length: Math.log1p(words),
    short: words < SHORT ? 1 : 0,
    novelty: Math.log1p(layout.novelty[place] ?? 0),
    names: layout.names[place] ?? 0,
    self: (cues & SELF) === 0 ? 0 : 1,
    afterQuestion: turn > 0 && layout.asks[place - 1] === 1 ? 1 : 0,
    opens: turn === 0 ? 1 : 0,
    early: turn < EARLY ? 1 : 0,
    reply: (cues & REPLY) === 0 ? 0 : 1,
    past: (cues & PAST) === 0 ? 0 : 1,
  };
}

/** What they are worth together. */
export function worthOfKinds(layout: LinesInOrder, place: number): number {
  const kinds = kindsOf(layout, place);
  let worth = 0;
  for (const kind of LINE_KINDS) worth += WEIGHTS[kind] * kinds[kind];
  return worth;
}
