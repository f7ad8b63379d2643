import type { Cast, CastMember } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { cardActions } from '#src/generation/cast-board.ts';
import { defineCommand, npcOption } from './command.ts';
import { good, sheet } from './notices.ts';

export const npcReroll = defineCommand({
  name: 'npc reroll',
  summary: 'Draft an NPC again; locked fields stand',
  permission: 'gm',
  example: '/npc reroll Tilda Marsh hint:older, and afraid of water',
  options: {
    npc: npcOption('known', 'The NPC, or a member of the last cast that failed'),
    hint: { kind: 'text', description: 'What to do differently', maxLength: 1000, required: false },
    deepen: {
      kind: 'flag',
      description: 'Keep all that is there and fill what is empty',
      required: false,
    },
  },
  async run(context, { npc: typed, hint = '', deepen = false }) {
    const { roster, store, studio, stage } = context;
    const missing = await missingMember(store, typed);
    const npc =
      missing === undefined
        ? await studio.reroll(context, await roster.find(store, typed), { hint, deepen })
        : await studio.draftMissing(context, missing.cast, missing.member, hint);
    const { name } = npc.persona;
    const back = {
      label: 'Back',
      command: 'npc restore',
      options: { npc: name, version: String(npc.version - 1) },
    };
    const actions = npc.version > 1 ? [...cardActions(name), back] : cardActions(name);
    const text = missing !== undefined ? `${name} is drafted.` : `${name} is drafted again.`;
    await stage.tell(good(text, [sheet(npc)], actions), 'asker');
  },
});

/** A member of the newest cast that failed or was cancelled: planned, and never drafted. */
async function missingMember(
  store: CampaignStore,
  typed: string,
): Promise<{ cast: Cast; member: CastMember } | undefined> {
  const cast = await store.casts.latest();
  const member = cast?.members.find(({ name }) => nameKey(name) === nameKey(typed));
  if (cast === undefined || member === undefined) return undefined;
  const everMade = await store.npcs.list(['draft', 'kept', 'discarded']);
  const namesake = everMade.find((npc) => nameKey(npc.persona.name) === nameKey(member.name));
  if (namesake === undefined) return { cast, member };
  if (namesake.status !== 'discarded') return undefined;
  throw new Refusal(
    `${member.name} was discarded. /npc restore ${member.name} brings them back, then /npc reroll drafts them again.`,
  );
}
