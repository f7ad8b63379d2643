import { keepScore } from './keeping.ts';
import { pause, type RestWork } from './rest-work.ts';

/** Semantic memory is for good, but not without end: what is worth least leaves. */
export async function dropMemories(work: RestWork): Promise<void> {
  const { store, npcId, counts, signal, bounds, atOnce } = work;
  const { consolidation, memories } = store;
  let tooMany = (await memories.counts(npcId)).semantic - bounds.semantic;
  if (tooMany <= 0) return;
  const scored = await scoredMemories(work);
  scored.sort((one, other) => one.score - other.score || (one.id < other.id ? -1 : 1));
  for (let start = 0; tooMany > 0 && start < scored.length; start += atOnce.dropped) {
    const some = scored.slice(start, start + Math.min(atOnce.dropped, tooMany));
    tooMany -= some.length;
    counts.done.dropped += await consolidation.drop(
      npcId,
      some.map(({ id }) => id),
    );
    await pause(signal);
  }
}

interface Scored {
  readonly id: string;
  readonly score: number;
}

/** What may leave, with what it is worth. */
async function scoredMemories({ store, npcId, now, settings, atOnce, signal }: RestWork): Promise<Scored[]> {
  const scored: Scored[] = [];
  for (let isMore = true; isMore; ) {
    const some = await store.consolidation.semantic(npcId, { limit: atOnce.dropped, offset: scored.length });
    for (const held of some)
      scored.push({
        id: held.unit.id,
        score: keepScore(held, held.importance ?? 0, now, settings.decayPerDay),
      });
    isMore = some.length === atOnce.dropped;
    await pause(signal);
  }
  return scored;
}
