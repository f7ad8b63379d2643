import type { Insertable } from 'kysely';
import type { LineState } from '#src/core/entities.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import { LINE_COLUMNS, sameLine } from './line-rows.ts';
import type { Tables } from './tables.ts';

/** Nobody ever reads these again. */
const NEVER_SAID: readonly LineState[] = ['failed', 'retracted'];

interface OfCampaign {
  readonly campaignId: string;
}

interface OfLine extends OfCampaign {
  readonly id: string;
}

interface OfPlace extends OfCampaign {
  readonly sceneId: string;
  readonly seq: number;
}

export const LINE_BY_ID = new KeptQuery((db, given: Given<OfLine>) =>
  db
    .selectFrom('lines')
    .select(LINE_COLUMNS)
    .where('campaign_id', '=', given('campaignId'))
    .where('id', '=', given('id'))
    .compile(),
);

export const REPLIES = new KeptQuery((db, given: Given<OfLine>) =>
  db
    .selectFrom('lines')
    .select(LINE_COLUMNS)
    .where('campaign_id', '=', given('campaignId'))
    .where('reply_to', '=', given('id'))
    .orderBy('created_at_ms')
    .orderBy('seq')
    .compile(),
);

interface Newest extends OfCampaign {
  readonly sceneId: string;
  readonly limit: number;
}

/** The newest lines of a scene, newest first. */
export const RECENT = new KeptQuery((db, given: Given<Newest>) =>
  db
    .selectFrom('lines')
    .select(LINE_COLUMNS)
    .where('campaign_id', '=', given('campaignId'))
    .where('scene_id', '=', given('sceneId'))
    .where('state', 'not in', NEVER_SAID)
    .orderBy('seq', 'desc')
    .limit(given('limit'))
    .compile(),
);

/** The newest of them that an NPC witnessed and has not forgotten, newest first. */
export const WITNESSED = new KeptQuery((db, given: Given<Newest & { readonly npcId: string }>) =>
  db
    .selectFrom('lines')
    .innerJoin('line_witnesses', sameLine)
    .select([
      'lines.seq',
      'lines.id',
      'speaker_kind',
      'speaker_id',
      'speaker_name',
      'text',
      'created_at_ms',
      'world_minute',
    ])
    .where('lines.campaign_id', '=', given('campaignId'))
    .where('lines.scene_id', '=', given('sceneId'))
    .where('lines.state', 'not in', NEVER_SAID)
    .where('line_witnesses.npc_id', '=', given('npcId'))
    .where('line_witnesses.standing', '!=', 'forgotten')
    // By the column whose index leads to the lines: what an NPC saw is found without walking through what it did not.
    .orderBy('line_witnesses.seq', 'desc')
    .limit(given('limit'))
    .compile(),
);

/** NPCs that witnessed a line. */
export const WITNESSES = new KeptQuery((db, given: Given<OfLine>) =>
  db
    .selectFrom('lines')
    .innerJoin('line_witnesses', sameLine)
    .select('line_witnesses.npc_id')
    .where('lines.campaign_id', '=', given('campaignId'))
    .where('lines.id', '=', given('id'))
    .orderBy('line_witnesses.npc_id')
    .compile(),
);

/** NPCs that witnessed the line in a place and have not forgotten it. */
export const HOLDERS = new KeptQuery((db, given: Given<OfPlace>) =>
  db
    .selectFrom('line_witnesses')
    .select('npc_id')
    .where('campaign_id', '=', given('campaignId'))
    .where('scene_id', '=', given('sceneId'))
    .where('seq', '=', given('seq'))
    .where('standing', '!=', 'forgotten')
    .orderBy('npc_id')
    .compile(),
);

/** The next place in a scene; whoever has it holds the scene until its transaction ends, so no place is missed. */
export const TAKE_PLACE = new KeptQuery((db, given: Given<OfCampaign & { readonly sceneId: string }>) =>
  db
    .updateTable('scenes')
    .set((eb) => ({ line_count: eb('line_count', '+', 1) }))
    .where('campaign_id', '=', given('campaignId'))
    .where('id', '=', given('sceneId'))
    .returning('line_count')
    .compile(),
);

export const ADD_LINE = new KeptQuery((db, given: Given<Required<Insertable<Tables['lines']>>>) =>
  db
    .insertInto('lines')
    .values({
      campaign_id: given('campaign_id'),
      id: given('id'),
      scene_id: given('scene_id'),
      seq: given('seq'),
      speaker_kind: given('speaker_kind'),
      speaker_id: given('speaker_id'),
      speaker_name: given('speaker_name'),
      kind: given('kind'),
      text: given('text'),
      state: given('state'),
      reply_to: given('reply_to'),
      created_at_ms: given('created_at_ms'),
      spoken_by: given('spoken_by'),
      played_at_ms: given('played_at_ms'),
      played_day: given('played_day'),
      world_minute: given('world_minute'),
    })
    .compile(),
);

type NewWitness = Required<
  Pick<
    Insertable<Tables['line_witnesses']>,
    'campaign_id' | 'scene_id' | 'seq' | 'npc_id' | 'said_at_ms' | 'played_day'
  >
>;

export const ADD_WITNESS = new KeptQuery((db, given: Given<NewWitness>) =>
  db
    .insertInto('line_witnesses')
    .values({
      campaign_id: given('campaign_id'),
      scene_id: given('scene_id'),
      seq: given('seq'),
      npc_id: given('npc_id'),
      said_at_ms: given('said_at_ms'),
      uses: 0,
      played_day: given('played_day'),
    })
    .compile(),
);

interface Spoken extends OfLine {
  readonly text: string;
  readonly state: LineState;
  readonly spokenBy: string | null;
}

/** Says what an NPC has said so far. */
export const SPEAK = new KeptQuery((db, given: Given<Spoken>) =>
  db
    .updateTable('lines')
    .set({ text: given('text'), state: given('state'), spoken_by: given('spokenBy') })
    .where('campaign_id', '=', given('campaignId'))
    .where('id', '=', given('id'))
    .where('state', '!=', 'retracted')
    .returning(LINE_COLUMNS)
    .compile(),
);
