import type { AvatarAddress } from '#src/core/adapter.ts';
import { AVATARS_PATH } from './avatar-route.ts';
import { fileOf, portraitOf } from './portrait.ts';

/** Longer ones are refused by the platforms. */
const LONGEST_ADDRESS_IN_CHARACTERS = 2000;

/**
 * Where the picture of an NPC is: the one that its sheet names, else the drawn one, which has an address where we have
 * one. It depends on the NPC's id and name alone, so that platforms fetch it once.
 */
export function avatarAddress(publicUrl: string | undefined): AvatarAddress {
  const own = publicUrl !== undefined && isSafe(publicUrl) ? publicUrl : undefined;
  return (npc) => {
    if (isSafe(npc.avatar)) return npc.avatar;
    return own === undefined ? undefined : `${own}${AVATARS_PATH}${fileOf(portraitOf(npc))}`;
  };
}

/** Platforms fetch pictures over https alone, and show the address to nobody whom it could mislead with a login. */
function isSafe(address: string): boolean {
  if (address.length > LONGEST_ADDRESS_IN_CHARACTERS) return false;
  const url = URL.parse(address);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}
