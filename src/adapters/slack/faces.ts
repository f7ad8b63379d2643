import { createHash } from 'node:crypto';
import type { AvatarAddress } from '#src/core/adapter.ts';
import { clip, withoutActingCharacters } from '#src/core/text.ts';
import type { SpeakingNpc } from '#src/core/view.ts';
import type { Look } from './slack-api.ts';

const MAX_USERNAME = 80;

/** Faces for NPCs whose picture cannot be reached from outside. */
const EMOJI: readonly string[] = [
  ':mage:',
  ':elf:',
  ':genie:',
  ':fairy:',
  ':vampire:',
  ':crown:',
  ':dagger_knife:',
  ':bow_and_arrow:',
  ':shield:',
  ':scroll:',
  ':crystal_ball:',
  ':candle:',
  ':key:',
  ':anchor:',
  ':hammer_and_pick:',
  ':wolf:',
  ':owl:',
  ':fox_face:',
  ':snake:',
  ':spider_web:',
  ':dragon_face:',
  ':skull:',
  ':beer:',
  ':herb:',
];

/** The name and face of an NPC, the same each time. */
export function lookOf(npc: SpeakingNpc, avatarOf: AvatarAddress): Look {
  const address = avatarOf(npc);
  const username = clip(withoutActingCharacters(npc.name).replace(/\s+/gu, ' ').trim(), MAX_USERNAME) || '…';
  if (address?.startsWith('https://')) return { username, icon_url: address };
  const [byte = 0] = createHash('sha256').update(npc.id).digest();
  return { username, icon_emoji: EMOJI[byte % EMOJI.length] ?? ':mage:' };
}
