import type { CommandDeclaration } from '#src/core/command.ts';

/** What can be done with a message, or from anywhere, where no slash command can be typed. */
export interface Shortcut {
  readonly callbackId: string;
  readonly type: 'message' | 'global';
  readonly name: string;
  readonly description: string;
  /** `say`: the message is said to those who play; `type`: a command is typed into a form; else that command. */
  readonly does: 'say' | 'type' | { readonly command: string };
}

const ALL: readonly Shortcut[] = [
  {
    callbackId: 'dramatis-say',
    type: 'message',
    name: 'Say to NPCs',
    description: 'Those on stage hear this message',
    does: 'say',
  },
  {
    callbackId: 'dramatis-talk',
    type: 'message',
    name: 'Bring an NPC on stage',
    description: 'Choose who joins the scene',
    does: { command: 'npc talk' },
  },
  {
    callbackId: 'dramatis-retry',
    type: 'message',
    name: 'Retry the reply',
    description: 'Ask again for a reply that failed',
    does: { command: 'retry' },
  },
  {
    callbackId: 'dramatis-stop',
    type: 'message',
    name: 'Stop the replies',
    description: 'End what NPCs are saying here',
    does: { command: 'stop' },
  },
  {
    callbackId: 'dramatis-command',
    type: 'message',
    name: 'Run a command here',
    description: 'Type any command, in threads too',
    does: 'type',
  },
  {
    callbackId: 'dramatis-anywhere',
    type: 'global',
    name: 'Dramatis command',
    description: 'Choose a channel and type a command',
    does: 'type',
  },
];

/** Those whose commands there are; Slack takes ten. */
export function shortcutsFor(commands: readonly CommandDeclaration[]): readonly Shortcut[] {
  const names = new Set(commands.map(({ name }) => name));
  return ALL.filter(({ does }) => typeof does === 'string' || names.has(does.command));
}
