/** Forms ask for files with it alone, and only with it can they be read. */
export const FILES_SCOPE = 'files:read';

/** What the app may do in a workspace, and what somebody misses without it: ends "Without it …". */
export const SCOPES: readonly {
  readonly name: string;
  /** Nothing works without it. */
  readonly isVital: boolean;
  readonly without: string;
}[] = [
  { name: 'chat:write', isVital: true, without: 'nothing can be said at all' },
  { name: 'commands', isVital: true, without: 'there are no slash commands and no shortcuts' },
  { name: 'chat:write.customize', isVital: false, without: 'NPCs speak under the app’s name, not their own' },
  { name: 'app_mentions:read', isVital: false, without: 'mentions are not heard' },
  { name: 'channels:history', isVital: false, without: 'lines in public channels are not heard' },
  { name: 'groups:history', isVital: false, without: 'lines in private channels are not heard' },
  { name: 'im:history', isVital: false, without: 'direct messages are not heard' },
  { name: 'mpim:history', isVital: false, without: 'lines in group conversations are not heard' },
  { name: 'channels:read', isVital: false, without: 'nobody can tell who reads a public channel' },
  {
    name: 'groups:read',
    isVital: false,
    without: 'nobody can tell who reads a private channel, so none can be the GM room',
  },
  { name: 'im:read', isVital: false, without: 'direct messages cannot be checked to be private' },
  { name: 'im:write', isVital: false, without: 'no direct conversation can be the GM room' },
  { name: 'mpim:read', isVital: false, without: 'nobody can tell who reads a group conversation' },
  {
    name: 'users:read',
    isVital: false,
    without: 'people have no names, and who manages the workspace is unknown',
  },
  { name: FILES_SCOPE, isVital: false, without: 'files cannot be handed in' },
  { name: 'usergroups:read', isVital: false, without: 'user groups cannot be game masters' },
];

export const SCOPE_NAMES: readonly string[] = SCOPES.map(({ name }) => name);

export function missingScopes(granted: readonly string[]): readonly string[] {
  return SCOPE_NAMES.filter((name) => !granted.includes(name));
}

/** One sentence for a missing scope. */
export function withoutScope(name: string): string {
  const scope = SCOPES.find((each) => each.name === name);
  return `The Slack app lacks the scope ${name}: ${scope?.without ?? 'a part of it does not work'}.`;
}

export const HOW_TO_ADD_SCOPES =
  'Add it under "OAuth & Permissions" on api.slack.com/apps and install the app again.';
