import type { Cast, CastMember } from '#src/core/entities.ts';
import { nameKey } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';

/** Who failed longer ago is forgotten. */
const CASTS_LOOKED_BACK = 5;

/** A person of a cast that was planned and of whom no NPC was ever made. */
export interface MissingMember {
  readonly cast: Cast;
  readonly member: CastMember;
}

/** The missing members of the newest casts, the newest cast first. Who was renamed or discarded is not missing. */
export async function missingOfRecentCasts(store: CampaignStore): Promise<readonly MissingMember[]> {
  const casts = await store.casts.recent(CASTS_LOOKED_BACK);
  const missing = await Promise.all(
    casts.map(async (cast) => {
      const made = await madeMembers(store, cast);
      return cast.members.filter(({ name }) => !made.has(nameKey(name))).map((member) => ({ cast, member }));
    }),
  );
  return missing.flat();
}

/** Of which members an NPC was made, whatever became of it: keys of the names that were planned. */
export async function madeMembers(store: CampaignStore, cast: Cast): Promise<ReadonlySet<string>> {
  const npcs = await store.npcs.ofCast(cast.id);
  return new Set(npcs.flatMap((npc) => (npc.cast === undefined ? [] : [nameKey(npc.cast.member)])));
}
