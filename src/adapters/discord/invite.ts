import { NEEDED_PERMISSIONS } from './permissions.ts';

/** The address at which somebody who manages a server adds the bot to it, with exactly what it needs. */
export function inviteLink(applicationId: string): string {
  const permissions = NEEDED_PERMISSIONS.reduce((bits, { bit }) => bits | bit, 0n);
  const query = new URLSearchParams({
    client_id: applicationId,
    permissions: permissions.toString(),
    scope: 'bot applications.commands',
  });
  return `https://discord.com/oauth2/authorize?${query.toString()}`;
}
