import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CastMember } from '#src/core/entities.ts';
import { nameKey } from '#src/core/names.ts';
import { makeTiesMutual, planComplaints, planSchema } from '#src/generation/plan-schema.ts';
import { strictJsonSchema } from '#src/models/strict-schema.ts';

function member(name: string, ties: Record<string, string> = {}, role = `role of ${name}`): CastMember {
  return { name, role, hook: 'hook', ties: Object.entries(ties).map(([to, tie]) => ({ to, tie })) };
}

describe('planSchema', () => {
  it('cleans and clips what came', () => {
    const { members } = planSchema.parse({
      members: [
        {
          name: ' Tilda:\u202e  Marsh\n',
          role: 'r'.repeat(500),
          hook: 'x '.repeat(500),
          ties: [{ to: ' A\u0007 ', tie: 'y'.repeat(999) }],
        },
      ],
    });
    expect(members[0]?.name).toBe('Tilda Marsh');
    expect(members[0]?.role).toHaveLength(120);
    expect(members[0]?.hook.length).toBeLessThanOrEqual(300);
    expect(members[0]?.ties[0]?.to).toBe('A');
    expect(members[0]?.ties[0]?.tie).toHaveLength(300);
  });

  it('has a strict form to ask a model for', () => {
    expect(strictJsonSchema(planSchema)).toMatchObject({
      properties: { members: { items: { required: ['name', 'role', 'hook', 'ties'] } } },
    });
  });
});

describe('planComplaints', () => {
  const wanted = { count: 2, takenNames: ['Old Nan'] };

  it('has nothing against a sound plan', () =>
    expect(planComplaints([member('Ada'), member('Bo')], wanted)).toEqual([]));

  it('names every fault', () => {
    const members = [
      member('Ada'),
      member('ADA '),
      member('old  nan', {}, ''),
      member('', {}, 'Role of ada'),
    ];
    expect(planComplaints(members, wanted)).toEqual([
      'There must be exactly 2 members, but there are 4.',
      'Two members are called ADA : rename one.',
      'Two members have the role "role of ADA ": give one of them another, or say how they differ.',
      'The name old  nan is taken: choose another.',
      'old  nan has no role.',
      'Member 4 has no name that can be spoken.',
      'Two members have the role "Role of ada": give one of them another, or say how they differ.',
    ]);
  });
});

describe('makeTiesMutual', () => {
  it('drops ties to oneself, to strangers, without words, and second ones', () => {
    const [ada] = makeTiesMutual([
      member('Ada', { Ada: 'self', Zed: 'stranger', Bo: 'friend', 'bo ': 'enemy', Cy: '' }),
      member('Bo', { Ada: 'friend' }),
      member('Cy', { Bo: 'rival' }),
    ]);
    expect(ada?.ties).toEqual([{ to: 'Bo', tie: 'friend' }]);
  });

  it('gives names their written form, and finds a member by one word of the name where only one has it', () => {
    const [ada, oxley] = makeTiesMutual([
      member('Ada', { bram: 'baker', Marsh: 'which of them?' }),
      member('Bram Oxley', { ADA: 'customer' }),
      member('Tilda Marsh', { Ada: 'x' }),
      member('Old Marsh', { Ada: 'y' }),
    ]);
    expect(ada?.ties[0]).toEqual({ to: 'Bram Oxley', tie: 'baker' });
    expect(oxley?.ties).toEqual([{ to: 'Ada', tie: 'customer' }]);
    expect(ada?.ties.map(({ to }) => to)).toEqual(['Bram Oxley', 'Tilda Marsh', 'Old Marsh']);
  });

  it('takes a word that two names share for a stranger', () => {
    const [ada] = makeTiesMutual([
      member('Ada', { Marsh: 'which of them?', Bo: 'friend' }),
      member('Tilda Marsh', { Bo: 'x' }),
      member('Old Marsh', { Bo: 'y' }),
      member('Bo'),
    ]);
    expect(ada?.ties).toEqual([{ to: 'Bo', tie: 'friend' }]);
  });

  it.each([
    ['older sister; silent since the fire', 'sibling; as Ada has it: “older sister; silent since the fire”'],
    ['her apprentice', 'teacher of the trade; as Ada has it: “her apprentice”'],
    ['Rival', 'rival; as Ada has it: “Rival”'],
    ['hates her brother', 'as Ada has it: “hates her brother”'],
    ['owes money to the wife', 'as Ada has it: “owes money to the wife”'],
    ['constructor', 'as Ada has it: “constructor”'],
  ])('answers %j from the other side', (tie, answer) => {
    const [, bo] = makeTiesMutual([member('Ada', { Bo: tie }), member('Bo')]);
    expect(bo?.ties).toEqual([{ to: 'Ada', tie: answer }]);
  });

  it('leaves somebody who is alone alone', () =>
    expect(makeTiesMutual([member('Ada')])[0]?.ties).toEqual([]));

  it('ties everybody, from both sides, to others of the cast', () => {
    const names = ['Ada', 'Bo', 'Cy', 'Di Marsh', 'Ed Marsh'];
    const ties = fc.dictionary(
      fc.constantFrom(...names, 'bo', 'Marsh', 'Nobody'),
      fc.string({ maxLength: 400 }),
    );
    fc.assert(
      fc.property(
        fc.subarray(names, { minLength: 2 }),
        fc.array(ties, { minLength: 5, maxLength: 5 }),
        (some, given) => {
          const members = makeTiesMutual(some.map((name, index) => member(name, given[index])));
          for (const { name, ties: own } of members) {
            expect(own.length).toBeGreaterThan(0);
            expect(new Set(own.map(({ to }) => nameKey(to))).size).toBe(own.length);
            for (const { to, tie } of own) {
              expect(to).not.toBe(name);
              expect(tie).not.toBe('');
              const other = members.find((candidate) => candidate.name === to);
              expect(other?.ties.some((back) => back.to === name)).toBe(true);
            }
          }
          expect(makeTiesMutual(members)).toEqual(members);
        },
      ),
    );
  });
});
