import { bitOf } from './cues.ts';
import type { Layout } from './layout.ts';
import { WEIGHTS } from './ranking.ts';

/** What kind of line it is: features that are the same whatever is asked. */
export const LINE_KINDS = [
  'asks',
  'length',
  'short',
  'novelty',
  'names',
  'self',
  'afterQuestion',
  'opens',
  'early',
  'reply',
  'past',
] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** A line with fewer words that say something is a short one. */
const SHORT = 5;
/** The turns at the start of a session, in which people tell their news. */
const EARLY = 3;
const [SELF, REPLY, PAST] = [bitOf('self'), bitOf('reply'), bitOf('past')];

export type KindsLayout = Pick<
  Layout,
  'turns' | 'lengths' | 'cues' | 'endsAsking' | 'asks' | 'novelty' | 'names'
>;

/** What the features of `LINE_KINDS` are at a place. */
export function kindsOf(layout: KindsLayout, place: number): Readonly<Record<LineKind, number>> {
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
export function worthOfKinds(layout: KindsLayout, place: number): number {
  const kinds = kindsOf(layout, place);
  let worth = 0;
  for (const kind of LINE_KINDS) worth += WEIGHTS[kind] * kinds[kind];
  return worth;
}
