import type { CastMember } from '#src/core/entities.ts';
import type { ModelRequest } from '#src/core/model.ts';
import type { Script } from './scripted-model.ts';

/** A plan of the given members, tied in a ring. */
export function planOf(...names: readonly string[]): Script {
  const members: CastMember[] = names.map((name, index) => {
    const next = names[(index + 1) % names.length] ?? name;
    const ties = names.length > 1 ? [{ to: next, tie: `owes ${next} a favour` }] : [];
    return { name, role: `trade number ${index + 1}`, hook: `${name} has lost a ring.`, ties };
  });
  return [JSON.stringify({ members })];
}

/** A sheet for whoever is asked for; `parts` go over it. */
export function draftOf(parts: Readonly<Record<string, unknown>> = {}) {
  return (request: ModelRequest): Script => {
    const { task } = request;
    const name = (task.kind === 'draft' && task.member?.name) || 'Wen';
    return [
      JSON.stringify({
        name,
        aliases: [],
        pronouns: 'she/her',
        role: task.kind === 'draft' ? (task.member?.role ?? 'ferrywoman') : '',
        description: 'Salt in her hair.',
        personality: 'Patient, until she is not.',
        voice: 'Slow.',
        mes_example: ['Tide waits for none.'],
        first_mes: 'Mind the step.',
        goals: ['a dry bed'],
        fears: ['deep water'],
        bonds: [],
        knowledge: ['the toll is doubled at night'],
        secrets: [{ text: 'she cannot swim', until: 'when she trusts somebody' }],
        talkativeness: 0.5,
        stat_block: null,
        ...parts,
      }),
    ];
  };
}
