import { type RawBuilder, sql } from 'kysely';
import { UnsoundArchive } from '#src/core/archive.ts';
import type { Database } from './tables.ts';

/** More lines than a scene can come to. */
const MOST_LINES = 2 ** 31;

interface Rule {
  /** Finds a row that breaks it. */
  readonly broken: RawBuilder<unknown>;
  readonly says: string;
}

/**
 * What the store holds in play, and tables do not: a file may say otherwise.
 * @throws UnsoundArchive where a campaign that was written breaks one of these rules.
 */
export async function mustBeSound(transaction: Database, campaignId: string): Promise<void> {
  for (const { broken, says } of rulesOf(campaignId)) {
    const { rows } = await sql`${broken} limit 1`.execute(transaction);
    if (rows.length > 0)
      throw new UnsoundArchive(
        `The file cannot be imported: ${says}. What was written of it is taken back. Export the campaign again.`,
      );
  }
}

function rulesOf(campaignId: string): readonly Rule[] {
  return [
    {
      broken: sql`select 1 from line_witnesses as w
        join lines as l on l.campaign_id = w.campaign_id and l.scene_id = w.scene_id and l.seq = w.seq
        where w.campaign_id = ${campaignId} and l.kind = 'ooc'`,
      says: 'an NPC has heard what was said out of character',
    },
    {
      broken: sql`select 1 from scenes as s where s.campaign_id = ${campaignId} and (s.line_count > ${MOST_LINES}
        or s.line_count < coalesce((select max(seq) from lines as l where l.campaign_id = s.campaign_id and l.scene_id = s.id), 0))`,
      says: 'the lines of a scene are not counted right',
    },
    {
      broken: sql`select 1 from npcs as n where n.campaign_id = ${campaignId} and not exists (select 1 from npc_versions as v
        where v.campaign_id = n.campaign_id and v.npc_id = n.id and v.version = n.version)`,
      says: 'an NPC has no sheet',
    },
    {
      broken: sql`select 1 from memory_holders as h
        join memories as m on m.campaign_id = h.campaign_id and m.id = h.memory_id
        join memory_sources as s on s.campaign_id = m.campaign_id and s.memory_id = m.id
        join lines as l on l.campaign_id = s.campaign_id and l.id = s.source_id
        where h.campaign_id = ${campaignId} and m.kind = 'summary' and s.kind = 'line' and not exists (
          select 1 from line_witnesses as w where w.campaign_id = l.campaign_id and w.scene_id = l.scene_id
            and w.seq = l.seq and w.npc_id = h.npc_id)`,
      says: 'an NPC remembers what it did not hear',
    },
  ];
}
