/**
 * What we need to be allowed in a server, with Discord's bit for it and its name in the server's settings. Written out,
 * so that the invite link is made without loading discord.js.
 */
export const NEEDED_PERMISSIONS = [
  { bit: 1n << 10n, name: 'View Channels', forWhat: 'see what is said' },
  { bit: 1n << 11n, name: 'Send Messages', forWhat: 'answer' },
  { bit: 1n << 14n, name: 'Embed Links', forWhat: 'show cards' },
  { bit: 1n << 16n, name: 'Read Message History', forWhat: 'answer what was said before' },
  { bit: 1n << 29n, name: 'Manage Webhooks', forWhat: 'let NPCs speak under their own names' },
  { bit: 1n << 35n, name: 'Create Public Threads', forWhat: 'open a thread for a scene' },
  { bit: 1n << 38n, name: 'Send Messages in Threads', forWhat: 'play in threads' },
] as const;

const ADMINISTRATOR = 1n << 3n;

/** Names of the permissions that are missing from what somebody may do. */
export function missingPermissions(held: bigint): readonly string[] {
  if ((held & ADMINISTRATOR) !== 0n) return [];
  return NEEDED_PERMISSIONS.filter(({ bit }) => (held & bit) === 0n).map(({ name }) => name);
}
