import { stringify } from 'yaml';
import type { CommandDeclaration } from '#src/core/command.ts';
import { clip } from '#src/core/text.ts';
import { isSlashWord, UMBRELLA } from './command-words.ts';
import { EVENTS_PATH, REDIRECT_PATH } from './paths.ts';
import { SCOPE_NAMES } from './scopes.ts';
import { shortcutsFor } from './shortcuts.ts';

/** Slack's limits. */
const MAX_SLASH_COMMANDS = 50;
const MAX_SLASH_DESCRIPTION = 100;
const MAX_USAGE_HINT = 1000;

const BOT_EVENTS: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'message.channels',
  'message.groups',
  'message.im',
  'message.mpim',
  'tokens_revoked',
];

export interface ManifestOptions {
  readonly commands: readonly CommandDeclaration[];
  /** The https address of our own server: HTTP mode needs it, and so do installations by OAuth. */
  readonly publicUrl: string | undefined;
  readonly socketMode: boolean;
}

/** The app as Slack is told of it, to be pasted under "Create an app from a manifest". */
export function slackManifest(options: ManifestOptions): string {
  return stringify(manifestData(options), { lineWidth: 0 });
}

function manifestData({ commands, publicUrl, socketMode }: ManifestOptions) {
  const eventsUrl = publicUrl === undefined ? undefined : new URL(EVENTS_PATH, publicUrl).href;
  const requestUrl = socketMode || eventsUrl === undefined ? {} : { request_url: eventsUrl };
  return {
    display_information: {
      name: 'Dramatis',
      description: 'NPCs for tabletop groups, who speak under their own names',
      background_color: '#2b2233',
    },
    features: {
      app_home: {
        home_tab_enabled: false,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: 'Dramatis', always_online: true },
      shortcuts: shortcutsFor(commands).map(({ name, type, callbackId, description }) => ({
        name,
        type,
        callback_id: callbackId,
        description,
      })),
      slash_commands: slashCommands(commands).map((command) => ({
        ...command,
        ...(socketMode || eventsUrl === undefined ? {} : { url: eventsUrl }),
        // People and groups come with their ids.
        should_escape: true,
      })),
    },
    oauth_config: {
      ...(publicUrl === undefined ? {} : { redirect_urls: [new URL(REDIRECT_PATH, publicUrl).href] }),
      scopes: { bot: [...SCOPE_NAMES] },
    },
    settings: {
      event_subscriptions: { ...requestUrl, bot_events: [...BOT_EVENTS] },
      interactivity: { is_enabled: true, ...requestUrl },
      org_deploy_enabled: false,
      socket_mode_enabled: socketMode,
      token_rotation_enabled: false,
    },
  };
}

/** One slash command for each first word, and one under which all can be typed. */
function slashCommands(commands: readonly CommandDeclaration[]) {
  const groups = Map.groupBy(commands, ({ name }) => name.split(' ')[0] ?? name);
  const own = [...groups]
    .filter(([word]) => isSlashWord(word))
    .slice(0, MAX_SLASH_COMMANDS - 1)
    .map(([word, members]) => ({
      command: `/${word}`,
      description: clip(summaryOf(word, members), MAX_SLASH_DESCRIPTION),
      usage_hint: clip(usageOf(word, members), MAX_USAGE_HINT),
    }));
  return [
    ...own,
    {
      command: `/${UMBRELLA}`,
      description: 'Every command of Dramatis, such as /dramatis help',
      usage_hint: 'help | npc talk Mira | roll 2d6+3',
    },
  ];
}

function summaryOf(word: string, members: readonly CommandDeclaration[]): string {
  const [only] = members;
  if (members.length === 1 && only !== undefined) return only.summary;
  return `${word}: ${members.map(({ name }) => name.slice(word.length + 1)).join(', ')}`;
}

function usageOf(word: string, members: readonly CommandDeclaration[]): string {
  const [only] = members;
  if (members.length === 1 && only?.name === word) {
    return Object.entries(only.options)
      .map(([name, { required }]) => (required ? `${name}:…` : `[${name}:…]`))
      .join(' ');
  }
  return members.map(({ name }) => name.slice(word.length + 1)).join(' | ');
}
