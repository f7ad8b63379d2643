import * as z from 'zod';
import type { CastMember } from '#src/core/entities.ts';
import { nameKey } from '#src/core/names.ts';
import { clip } from '#src/core/text.ts';
import { TEXT_LIMITS } from '#src/persona/limits.ts';
import { cleanLine, usableName } from '#src/persona/text.ts';

/** One sentence, not a story. */
const HOOK_LIMIT = 300;

const text = (limit: number) => z.string().overwrite((value) => clip(cleanLine(value), limit));

/** What a model is asked to answer when it plans a cast. Too long a text is cut; `planComplaints` says the rest. */
export const planSchema = z.object({
  members: z.array(
    z.object({
      name: z
        .string()
        .overwrite((name) => usableName(name, TEXT_LIMITS.name) ?? '')
        .describe('Full name; no two alike or easily confused, none that is taken'),
      role: text(TEXT_LIMITS.role).describe('Trade or place in the world, 3 to 8 words; no two alike'),
      hook: text(HOOK_LIMIT).describe('One sentence that sets this person apart from the rest of the cast'),
      ties: z
        .array(
          z.object({
            to: z.string().overwrite(cleanLine).describe('Full name of another member'),
            tie: text(TEXT_LIMITS.tie).describe(
              'What that member is to this one: "older sister; has not spoken to her since the fire"',
            ),
          }),
        )
        .describe('1 to 3; where A has a tie to B, B has one to A'),
    }),
  ),
});

/** What is wrong with a plan, in sentences that a model can act on; none where it holds. */
export function planComplaints(
  members: readonly CastMember[],
  wanted: { readonly count: number; readonly takenNames: readonly string[] },
): string[] {
  const complaints: string[] = [];
  if (members.length !== wanted.count)
    complaints.push(`There must be exactly ${wanted.count} members, but there are ${members.length}.`);
  const taken = new Set(wanted.takenNames.map(nameKey));
  const names = new Set<string>();
  const roles = new Set<string>();
  for (const [index, { name, role }] of members.entries()) {
    const who = name === '' ? `Member ${index + 1}` : name;
    if (name === '') complaints.push(`${who} has no name that can be spoken.`);
    else if (names.has(nameKey(name))) complaints.push(`Two members are called ${name}: rename one.`);
    else if (taken.has(nameKey(name))) complaints.push(`The name ${name} is taken: choose another.`);
    if (role === '') complaints.push(`${who} has no role.`);
    else if (roles.has(nameKey(role)))
      complaints.push(
        `Two members have the role "${role}": give one of them another, or say how they differ.`,
      );
    names.add(nameKey(name));
    roles.add(nameKey(role));
  }
  return complaints;
}

type Tie = CastMember['ties'][number];

/**
 * Makes the ties of a cast hold from both sides. Ties to oneself, to strangers and second ones to the same person are
 * dropped; who is tied to somebody without being answered gets an answer from there; who has no tie gets one.
 */
export function makeTiesMutual(members: readonly CastMember[]): CastMember[] {
  /** By index of the member, then of whom the tie leads to. */
  const ties = members.map((member, index) => tiesWithin(members, member, index));
  for (const [from, own] of ties.entries())
    for (const [to, tie] of own) {
      const back = ties[to];
      const holder = members[from];
      if (holder !== undefined && back !== undefined && !back.has(from))
        back.set(from, answerTo(tie, holder.name));
    }
  for (const [index, own] of ties.entries()) {
    const other = index === 0 ? 1 : index - 1;
    const back = ties[other];
    if (own.size > 0 || back === undefined) continue;
    const acquaintance = ACQUAINTANCES[index % ACQUAINTANCES.length];
    if (acquaintance === undefined) continue;
    own.set(other, acquaintance.one);
    back.set(index, acquaintance.other);
  }
  return members.map((member, index) => ({ ...member, ties: named(ties[index], members) }));
}

function tiesWithin(members: readonly CastMember[], member: CastMember, index: number): Map<number, string> {
  const ties = new Map<number, string>();
  for (const { to, tie } of member.ties) {
    const other = indexOfName(members, to);
    if (other !== undefined && other !== index && tie !== '' && !ties.has(other)) ties.set(other, tie);
  }
  return ties;
}

function named(ties: ReadonlyMap<number, string> | undefined, members: readonly CastMember[]): Tie[] {
  return [...(ties ?? [])].flatMap(([to, tie]) => {
    const other = members[to];
    return other === undefined ? [] : [{ to: other.name, tie }];
  });
}

/** The member of this name; else the only one whose name holds all its words ("Bram" for "Bram Oxley"). */
function indexOfName(members: readonly CastMember[], name: string): number | undefined {
  const key = nameKey(name);
  const exact = members.findIndex((member) => nameKey(member.name) === key);
  if (exact !== -1) return exact;
  const holding = [...members.keys()].filter((index) => {
    const words = new Set(nameKey(members[index]?.name ?? '').split(' '));
    return key !== '' && key.split(' ').every((word) => words.has(word));
  });
  return holding.length === 1 ? holding[0] : undefined;
}

/** What somebody is called whom the other calls so; what is on both sides the same stands in SAME_BOTH_WAYS. */
const COUNTERPARTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    mother: 'child',
    father: 'child',
    parent: 'child',
    son: 'parent',
    daughter: 'parent',
    child: 'parent',
    grandmother: 'grandchild',
    grandfather: 'grandchild',
    grandson: 'grandparent',
    granddaughter: 'grandparent',
    aunt: 'child of a sibling',
    uncle: 'child of a sibling',
    niece: "parent's sibling",
    nephew: "parent's sibling",
    sister: 'sibling',
    brother: 'sibling',
    husband: 'spouse',
    wife: 'spouse',
    master: 'apprentice',
    mistress: 'apprentice',
    apprentice: 'teacher of the trade',
    teacher: 'pupil',
    mentor: 'pupil',
    pupil: 'teacher',
    student: 'teacher',
    employer: 'works for them',
    boss: 'works for them',
    servant: 'employer',
    creditor: 'owes them',
    debtor: 'is owed by them',
    landlord: 'tenant',
    landlady: 'tenant',
    tenant: 'landlord',
    patron: 'protégé',
    supplier: 'customer',
    customer: 'supplier',
  }),
);

const SAME_BOTH_WAYS: ReadonlySet<string> = new Set([
  'ally',
  'accomplice',
  'colleague',
  'companion',
  'cousin',
  'enemy',
  'friend',
  'lover',
  'neighbour',
  'neighbor',
  'partner',
  'rival',
  'sibling',
  'spouse',
  'twin',
]);

/**
 * The tie back to `holder`: the other side of the relation where the tie begins with nothing but one ("older sister; …"),
 * and always whose word it is.
 */
function answerTo(tie: string, holder: string): string {
  const opening =
    tie
      .split(/[;,.:(]/u, 1)[0]
      ?.trim()
      .toLowerCase() ?? '';
  const relation =
    /^(?:(?:her|his|their|an?|the) )?(?:(?!(?:her|his|their) )\S+ ){0,2}(\p{L}+)$/u.exec(opening)?.[1] ?? '';
  const counterpart = COUNTERPARTS.get(relation) ?? (SAME_BOTH_WAYS.has(relation) ? relation : undefined);
  const asHolderHasIt = `as ${holder} has it: “${tie}”`;
  return clip(
    counterpart === undefined ? asHolderHasIt : `${counterpart}; ${asHolderHasIt}`,
    TEXT_LIMITS.tie,
  );
}

/** For who is tied to nobody: something between two people that asks for a scene and fits any trade. */
const ACQUAINTANCES = [
  { one: 'owes them a favour, and both know it', other: 'is owed a favour by them and has not named it yet' },
  {
    one: 'saw them somewhere they should not have been, and kept quiet',
    other: 'was seen by them somewhere, and does not know how much they saw',
  },
  {
    one: 'shares a table with them on market days; trusts them with small things',
    other: 'shares a table with them on market days; tells them more than is wise',
  },
  {
    one: 'lost a wager to them and suspects it was not a fair one',
    other: 'won a wager from them and has been waiting to be accused',
  },
  {
    one: 'once took the blame for them, unasked',
    other: 'let them take the blame once and has never said a word about it',
  },
] as const;
