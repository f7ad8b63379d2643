import { isDeepStrictEqual } from 'node:util';
import type { Npc, VersionReason } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Persona } from '#src/core/persona.ts';
import type { NpcStore } from '#src/core/store.ts';

/**
 * Adds a version to an NPC that is made from the newest one: where somebody else changes the NPC at the same time,
 * `revise` is asked again with what came of that. The NPC follows no file any more.
 * @throws Refusal where the NPC was discarded meanwhile or its new name is another's, and whatever `revise` throws.
 * Nothing is changed then.
 */
export async function reviseSheet(
  npcs: NpcStore,
  npc: Pick<Npc, 'id' | 'persona' | 'version'>,
  change: {
    readonly reason: VersionReason;
    /** Display name of who asks. */
    readonly by: string;
    revise(now: Npc): Persona;
  },
): Promise<Npc> {
  const { reason, by } = change;
  for (;;) {
    const now = await npcs.byId(npc.id);
    if (now === undefined || now.status === 'discarded') throw discardedMeanwhile(now ?? npc);
    const persona = change.revise(now);
    // Somebody else made the same change meanwhile: there is nothing to add.
    if (now.version > npc.version && isDeepStrictEqual(persona, now.persona)) return now;
    const revised = await npcs.addVersion(npc.id, {
      base: now.version,
      persona,
      reason,
      by,
      follow: false,
    });
    if (typeof revised === 'object') return revised;
    if (revised === 'gone') throw discardedMeanwhile(now);
    if (revised === 'name taken')
      throw new Refusal(
        `There is an NPC called ${persona.name} already: give one of the two another name. Nothing was changed.`,
      );
  }
}

function discardedMeanwhile({ persona: { name } }: Pick<Npc, 'persona'>): Refusal {
  return new Refusal(
    `${name} was discarded meanwhile, so nothing was changed. /npc restore npc:${name} brings them back.`,
  );
}
