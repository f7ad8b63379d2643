import type { MemoryUnit } from '#src/core/memory.ts';
import { Evidence } from '#src/memory/evidence.ts';
import { FEATURES, type Feature, LINE_KINDS } from '#src/memory/features.ts';
import { kindsOf } from '#src/memory/line-kinds.ts';
import { understand } from '#src/memory/question.ts';
import { Shelf } from '#src/memory/shelf.ts';
import { ADVERSARIAL, type Asked, goldOf, type LocomoConversation } from './locomo.ts';
import { type Choice, fitSoftmax, scoresOf } from './softmax.ts';

/** A question with the features of every line of its conversation, in the order of `FEATURES`. */
export interface Example extends Choice {
  readonly category: number;
  readonly gold: ReadonlySet<string>;
  /** The line of each row. */
  readonly units: readonly MemoryUnit[];
}

/** The questions of a conversation from which can be learned: those that have an answer in it. */
export function examplesOf({ units, questions }: LocomoConversation): readonly Example[] {
  const shelf = new Shelf();
  for (const unit of units) shelf.add(unit);
  const { layout, years } = shelf;
  const speakers = [...shelf.speakers];
  const ordered = layout.units.slice(0, layout.count).map((unit) => required(unit));
  const ids = new Set(units.map(({ id }) => id));
  const evidence = new Evidence();
  return questions.flatMap((asked) => {
    const gold = goldOf(asked, ids);
    const { category } = asked;
    if (gold.size === 0 || category === undefined || category === ADVERSARIAL) return [];
    evidence.weigh(understand(asked.question, { speakers, years }), shelf);
    const rows = new Float32Array(ordered.length * FEATURES.length);
    const fill = (feature: Feature, valueAt: (place: number) => number) => {
      const at = FEATURES.indexOf(feature);
      for (let place = 0; place < ordered.length; place += 1)
        rows[place * FEATURES.length + at] = valueAt(place);
    };
    for (const [feature, column] of evidence.columns) fill(feature, (place) => column[place] ?? 0);
    for (const kind of LINE_KINDS) fill(kind, (place) => kindsOf(layout, place)[kind]);
    const wanted = ordered.flatMap(({ id }, place) => (gold.has(id) ? [place] : []));
    return [{ rows, wanted, category, gold, units: ordered }];
  });
}

function required(unit: MemoryUnit | undefined): MemoryUnit {
  if (unit === undefined) throw new RangeError('A place holds no line.');
  return unit;
}

/** What each feature counts for, as `src/memory/ranking.ts` has it: three places behind the point. */
export function weightsFrom(examples: readonly Example[], l2: number): Readonly<Record<string, number>> {
  const fitted = fitSoftmax(examples, FEATURES.length, l2);
  return Object.fromEntries(FEATURES.map((feature, at) => [feature, Number((fitted[at] ?? 0).toFixed(3))]));
}

/** The lines of each question in the order that some weights give them; equal ones newest first. */
export function rankedBy(
  weights: Readonly<Record<string, number>>,
  examples: readonly Example[],
): readonly Asked[] {
  const values = Float64Array.from(FEATURES, (feature) => weights[feature] ?? 0);
  return examples.map((example) => {
    const { category, gold, units } = example;
    const scores = scoresOf(example, values);
    const order = units
      .map((_, place) => place)
      .sort(
        (one, other) =>
          (scores[other] ?? 0) - (scores[one] ?? 0) ||
          (units[other]?.saidAtInMs ?? 0) - (units[one]?.saidAtInMs ?? 0) ||
          other - one,
      );
    return { category, gold, ranked: order.map((place) => required(units[place])) };
  });
}
