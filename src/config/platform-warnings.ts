import { isSet } from './names-set.ts';
import { isLoopback } from './reach-settings.ts';
import type { SettingName, WrittenSettings } from './settings.ts';

/** Settings of Discord, Slack and our own HTTP server without the effect that somebody may expect of them. */
export function aboutPlatforms(written: WrittenSettings): readonly string[] {
  const isOnDiscord = written.DISCORD_TOKEN !== undefined;
  const isOnSlack = written.SLACK_BOT_TOKEN !== undefined || written.SLACK_CLIENT_ID !== undefined;
  return [
    ...(isOnDiscord
      ? []
      : useless(
          written,
          ['DISCORD_GUILD_ID', 'DISCORD_API_URL', 'DISCORD_SHARDS'],
          'without DISCORD_TOKEN we do not join Discord. Set the token too, or leave this out',
        )),
    ...(isOnSlack ? aboutSlack(written) : useless(written, SLACK_ALONE, WITHOUT_SLACK)),
    ...(isOnDiscord || isOnSlack ? aboutReach(written) : useless(written, REACH, WITHOUT_PLATFORMS)),
  ];
}

const SLACK_ALONE = ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_API_URL'] as const;
const WITHOUT_SLACK =
  'without SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, we do not join Slack. Set one of these too, or leave this out';
const REACH = ['ADMIN_IDS', 'PUBLIC_URL', 'SECRET_KEY', 'HTTP_PORT'] as const;
const WITHOUT_PLATFORMS =
  'without a token of Discord or Slack the local table opens, which needs none of this. Set a token too, or leave this out';

function aboutSlack(written: WrittenSettings): readonly string[] {
  const warnings: string[] = [];
  if (written.SLACK_APP_TOKEN !== undefined && written.SLACK_SIGNING_SECRET !== undefined)
    warnings.push(
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are set: Slack is heard over Socket Mode, and nothing over HTTP. Leave SLACK_APP_TOKEN out to use HTTP.',
    );
  if (written.SLACK_CLIENT_ID !== undefined && written.SLACK_BOT_TOKEN !== undefined)
    warnings.push(
      'SLACK_CLIENT_ID is set without effect: SLACK_BOT_TOKEN serves its own workspace alone. Leave that token out so that workspaces can install us.',
    );
  return warnings;
}

function aboutReach(written: WrittenSettings): readonly string[] {
  const warnings: string[] = [];
  if (written.ADMIN_IDS === undefined)
    warnings.push(
      'ADMIN_IDS is not set: nobody on Discord or Slack may use the commands for admins. Set it to your own id there.',
    );
  const url = URL.parse(written.PUBLIC_URL ?? '');
  if (url !== null && isLoopback(url))
    warnings.push(
      'PUBLIC_URL is an address of this machine: Discord and Slack cannot fetch the pictures of NPCs from it, so these stay without. Set it to an https address that leads here.',
    );
  if (written.SECRET_KEY !== undefined && written.SLACK_CLIENT_ID === undefined)
    warnings.push(
      'SECRET_KEY is set without effect: it seals the tokens of workspaces that install us, which needs SLACK_CLIENT_ID and SLACK_CLIENT_SECRET.',
    );
  return warnings;
}

function useless(
  written: WrittenSettings,
  names: readonly SettingName[],
  consequence: string,
): readonly string[] {
  const found = names.filter((name) => written[name] !== undefined);
  return found.length === 0 ? [] : [`${isSet(found)} without effect: ${consequence}.`];
}
