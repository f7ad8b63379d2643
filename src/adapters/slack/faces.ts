import { createHash } from 'node:crypto';
import type { AvatarAddress } from '#src/core/adapter.ts';
import { clip, plainLine } from '#src/core/text.ts';
import type { SpeakingNpc } from '#src/core/view.ts';
import type { Look } from './slack-api.ts';

const MAX_USERNAME = 80;

/** Faces for NPCs whose picture cannot be reached from outside: so many that two on one stage seldom share one. */
const EMOJI: readonly string[] = `
  mage elf genie fairy vampire merperson crown dagger_knife crossed_swords bow_and_arrow shield scroll
  crystal_ball candle key old_key anchor hammer hammer_and_pick axe pick chains wolf owl fox_face snake
  spider_web spider dragon_face dragon skull beer wine_glass tea herb mushroom evergreen_tree maple_leaf
  rose sunflower cactus shamrock wilted_flower lion_face bear boar horse unicorn_face eagle bat turtle frog
  fish octopus whale shark cat dog rabbit mouse rat hedgehog deer ram goat ox rooster duck swan parrot
  peacock bee butterfly snail scorpion gem ring coin moneybag hourglass compass world_map telescope
  amphora trumpet drum_with_drumsticks violin bell feather book closed_book envelope fire snowflake ocean
  star2 crescent_moon sunny cloud zap tornado rainbow ghost jack_o_lantern japanese_ogre japanese_goblin
  bone black_joker game_die chess_pawn boat tent european_castle japanese_castle moyai bread
  cheese_wedge meat_on_bone apple grapes cherries honey_pot salt chestnut
`
  .trim()
  .split(/\s+/u);

/** The name and face of an NPC, the same each time. */
export function lookOf(npc: SpeakingNpc, avatarOf: AvatarAddress): Look {
  const address = avatarOf(npc);
  const username = clip(plainLine(npc.name), MAX_USERNAME) || '…';
  if (address?.startsWith('https://')) return { username, icon_url: address };
  const number = createHash('sha256').update(`${npc.id} ${npc.name}`).digest().readUInt32BE();
  return { username, icon_emoji: `:${EMOJI[number % EMOJI.length] ?? 'mage'}:` };
}
