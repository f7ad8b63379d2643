import type { Database } from './tables.ts';

/** The platform's messages in which a line stands, in order. */
export async function messagesOf(
  database: Database,
  campaignId: string,
  lineId: string,
): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('posts')
    .select('message_id')
    .where('campaign_id', '=', campaignId)
    .where('line_id', '=', lineId)
    .orderBy('number')
    .execute();
  return rows.map((row) => row.message_id);
}

/** Adds a message behind those in which the line stands already, once. */
export async function addMessage(
  database: Database,
  campaignId: string,
  line: { readonly id: string; readonly sceneId: string },
  messageId: string,
): Promise<void> {
  const last = await database
    .selectFrom('posts')
    .select('number')
    .where('campaign_id', '=', campaignId)
    .where('line_id', '=', line.id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  await database
    .insertInto('posts')
    .values({
      campaign_id: campaignId,
      scene_id: line.sceneId,
      message_id: messageId,
      line_id: line.id,
      number: (last?.number ?? 0) + 1,
    })
    .onConflict((conflict) => conflict.columns(['campaign_id', 'scene_id', 'message_id']).doNothing())
    .execute();
}
