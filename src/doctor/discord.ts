import { inviteLink } from '../adapters/discord/invite.ts';
import type { DiscordProbe } from '../adapters/discord/probe.ts';
import type { Config } from '../config.ts';
import { type Finding, untilItIsBack } from './finding.ts';
import { transportFault } from './transport-fault.ts';

type DiscordConfig = NonNullable<Config['discord']>;

const SUBJECT = 'Discord';
const BOT_PAGE = 'discord.com/developers/applications → your application → Bot';

/** Whose token this is, what Discord grants it, and the link with which a server invites us. */
export async function checkDiscord(
  discord: Config['discord'],
  probe: (config: DiscordConfig) => Promise<DiscordProbe>,
): Promise<readonly Finding[]> {
  if (discord === undefined)
    return [
      {
        state: 'ok',
        subject: SUBJECT,
        what: 'DISCORD_TOKEN is not set, and we do not join',
        remedy: 'docs/discord.md goes from there to the first NPC',
      },
    ];
  const result = await probe(discord);
  if (result.outcome !== 'reached')
    return [{ state: 'problem', subject: SUBJECT, ...fault(result, discord) }];
  const { name, applicationId, readsMessages } = result;
  return [
    { state: 'ok', subject: SUBJECT, what: `DISCORD_TOKEN is taken: we are ${name}` },
    readsMessages
      ? { state: 'ok', subject: 'Message Content Intent', what: 'it is on' }
      : {
          state: 'warning',
          subject: 'Message Content Intent',
          what: 'it is off, so NPCs hear only mentions of us, /say, direct messages, and “Say to NPCs” on a message',
          remedy: `Turn it on at ${BOT_PAGE}`,
        },
    {
      state: 'ok',
      subject: 'Discord invitation',
      what: inviteLink(applicationId),
      remedy: 'Open it to add us to a server that you manage, with the permissions that we use',
    },
  ];
}

function fault(
  result: Exclude<DiscordProbe, { readonly outcome: 'reached' }>,
  { apiUrl }: DiscordConfig,
): Pick<Finding, 'what' | 'remedy'> {
  const address = apiUrl ?? 'https://discord.com/api';
  switch (result.outcome) {
    case 'turned away':
      return {
        what: 'Discord does not know this token',
        remedy: `Copy it anew from ${BOT_PAGE} → Reset Token, and set DISCORD_TOKEN to it`,
      };
    case 'unwilling':
      return {
        what: `${address} answers with an error (${result.status})`,
        remedy:
          result.status >= 500 || result.status === 429
            ? untilItIsBack('discordstatus.com tells whether Discord itself is down')
            : 'Leave DISCORD_API_URL out, or correct it',
      };
    case 'not discord':
      return {
        what: `${address} answers, but not as Discord does`,
        remedy: 'Leave DISCORD_API_URL out, or correct it',
      };
    case 'failed': {
      const { what, remedy } = transportFault(result.cause, { variable: 'DISCORD_API_URL', address });
      return { what, remedy: untilItIsBack(remedy) };
    }
  }
}
