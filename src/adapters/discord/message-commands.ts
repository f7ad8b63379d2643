import type { APIGuildMember, APIMessageApplicationCommandInteractionData } from 'discord.js';
import type { PressedAction } from '#src/chat/action-code.ts';
import type { IncomingLine } from '#src/core/front.ts';
import { hearAnyway, type IncomingMessage } from './hearing.ts';
import type { InteractionScene } from './interaction-scene.ts';
import { RETRY_ANSWER, SAY_TO_NPCS } from './registration.ts';

/** What somebody wants done with a message. */
export type MessageUse =
  | { readonly action: PressedAction }
  /** To be heard, once it is known who wrote it: Discord does not say what roles they have. */
  | { readonly line: (memberOf: FindMember) => Promise<IncomingLine> }
  | { readonly refusal: string };

type FindMember = (guildId: string, userId: string) => Promise<APIGuildMember>;

/** Undefined: no command of ours, any more. */
export function messageCommand(
  { name, target_id: id, resolved }: APIMessageApplicationCommandInteractionData,
  scene: InteractionScene,
  own: { readonly userId: string; readonly applicationId: string; readonly readsAll: boolean },
): MessageUse | undefined {
  const message = resolved.messages[id];
  if (message === undefined) return undefined;
  if (name === RETRY_ANSWER) return { action: { command: 'retry', options: {} } };
  return name === SAY_TO_NPCS ? sayToNpcs(message, scene, own) : undefined;
}

function sayToNpcs(
  message: IncomingMessage,
  { place, person, guild }: InteractionScene,
  own: { readonly userId: string; readonly applicationId: string; readonly readsAll: boolean },
): MessageUse {
  const ears = { ...own, place, guild };
  const line = hearAnyway(message, ears);
  if (line === undefined) return { refusal: 'NPCs hear people, and this was posted by a program.' };
  if (line.source !== 'proxy' && message.author.id !== person.id && !person.isManager) {
    return { refusal: 'Only whoever wrote it can say it to the NPCs: they use this on their own message.' };
  }
  if (line.text === '' && line.attachments.length === 0) {
    return { refusal: 'There are no words in this message that an NPC could hear.' };
  }
  return {
    line: async (memberOf) => {
      if (message.author.id === person.id) return { ...line, person };
      if (guild === undefined || line.source === 'proxy') return line;
      // Who has left the server has no roles in it either.
      const member = await memberOf(guild.id, message.author.id).catch(() => undefined);
      return hearAnyway({ ...message, member }, ears) ?? line;
    },
  };
}
