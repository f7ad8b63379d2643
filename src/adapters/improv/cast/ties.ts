import type { CastMember } from '#src/core/entities.ts';
import type { Random } from '../random.ts';
import type { Tables, TiePair, Trade } from '../tables.ts';
import { render, type Slots } from './grammar.ts';
import type { Named } from './names.ts';

export interface Tied {
  readonly named: Named;
  readonly trade: Trade;
  readonly slots: Slots;
  readonly isKin: boolean;
  /** What the role already says of their age. */
  readonly age: 'young' | 'old' | undefined;
}

/** Ties of one person in a cast of the largest size, at most. */
const MOST_TIES = 4;

/**
 * Ties a cast together: everybody to at least one other, no pair twice, no wording twice. Both sides of a tie are
 * there, each in its own words, and nobody is the elder of one and the child of another.
 */
export function tieCast(cast: readonly Tied[], random: Random, tables: Tables): CastMember['ties'][] {
  const ties: { to: string; tie: string }[][] = cast.map(() => []);
  const ages = cast.map(({ age }) => age);
  const used = new Set<TiePair>();
  const pairs = new Set<string>();

  const fits = (pair: TiePair, one: number, two: number): boolean => {
    const [first, second] = [cast[one], cast[two]];
    if (first === undefined || second === undefined || used.has(pair)) return false;
    if (pair.kin !== (first.isKin && second.isKin)) return false;
    const suits = ({ trade }: Tied) =>
      pair.tags.length === 0 || pair.tags.some((tag) => trade.tags.includes(tag));
    const agesFit = pair.elder === undefined || (ages[one] !== 'young' && ages[two] !== 'old');
    return agesFit && suits(first) && suits(second);
  };

  const tie = (from: number, to: number): void => {
    const sides = random.chance(0.5) ? [from, to] : [to, from];
    const [one = 0, two = 0] = sides;
    const open = tables.ties.filter((pair) => fits(pair, one, two));
    // A large family runs out of kinds of kinship before it runs out of people.
    const pair = random.pick(
      open.length > 0
        ? open
        : tables.ties.filter(
            (each) => !each.kin && each.elder === undefined && each.tags.length === 0 && !used.has(each),
          ),
    );
    const [first, second] = [cast[one], cast[two]];
    if (first === undefined || second === undefined) return;
    used.add(pair);
    pairs.add(pairKey(from, to));
    if (pair.elder !== undefined) {
      ages[one] ??= 'old';
      ages[two] ??= 'young';
    }
    const shared = first.slots.texts;
    ties[one]?.push({ to: second.named.name, tie: side(pair.one, first, second, shared, random) });
    ties[two]?.push({ to: first.named.name, tie: side(pair.two, second, first, shared, random) });
  };

  const order = random.shuffle(cast.map((_, index) => index));
  for (const [place, member] of order.entries()) {
    const before = order.slice(0, place);
    const free = before.filter((other) => (ties[other]?.length ?? 0) < MOST_TIES - 1);
    if (before.length > 0) tie(member, random.pick(free.length > 0 ? free : before));
  }
  for (let extra = Math.floor(cast.length / 3); extra > 0; extra -= 1) {
    const open = order.flatMap((one) =>
      order
        .filter((two) => one < two && !pairs.has(pairKey(one, two)))
        .filter((two) => Math.max(ties[one]?.length ?? 0, ties[two]?.length ?? 0) < MOST_TIES)
        .map((two) => [one, two] as const),
    );
    if (open.length === 0) break;
    const [one, two] = random.pick(open);
    tie(one, two);
  }
  return ties;
}

const pairKey = (one: number, two: number): string => [one, two].sort((a, b) => a - b).join('-');

function side(pattern: string, from: Tied, to: Tied, texts: Slots['texts'], random: Random): string {
  const other = { called: to.named.given, pronouns: to.named.pronouns };
  return render(
    pattern,
    { self: from.slots.self, people: { ...from.slots.people, o: other }, texts },
    random,
  );
}
