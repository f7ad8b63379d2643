import { type APIAttachment, type APIMessage, MessageFlags, MessageReferenceType } from 'discord.js';
import type { GuildView } from './guild-view.ts';
import { displayName, type MemberFacts } from './people.ts';

/** What we read of a message; a change of one may bring less. */
export type ReadableMessage = Omit<Partial<APIMessage>, 'mentions'> & {
  readonly mentions?: readonly (APIMessage['mentions'][number] & {
    readonly member?: Partial<MemberFacts>;
  })[];
};

/** Of text with times in it: "2026-11-20 09:44 UTC". */
const TIME = /<t:(-?\d{1,13})(?::[tTdDfFRsS])?>/gu;

/** What somebody wrote, as people read it: names instead of ids, and us left out, since it is us they speak to. */
export function readableText(
  message: ReadableMessage,
  own: { readonly userId: string; readonly guild: GuildView | undefined },
): string {
  const { content = '', mentions = [] } = message;
  const { userId, guild } = own;
  return withoutUs(content, userId, guild)
    .replace(/<@!?(\d{1,20})>/gu, (_, id: string) => {
      const mentioned = mentions.find((user) => user.id === id);
      return `@${mentioned === undefined ? 'somebody' : displayName(mentioned, mentioned.member)}`;
    })
    .replace(/<@&(\d{1,20})>/gu, (_, id: string) => `@${guild?.role(id)?.name ?? 'some role'}`)
    .replace(/<#(\d{1,20})>/gu, (_, id: string) => `#${guild?.channelName(id) ?? 'some channel'}`)
    .replace(/<a?(:\w{2,32}:)\d{1,20}>/gu, '$1')
    .replace(/<(\/[^:<>\n]{1,100}):\d{1,20}>/gu, '$1')
    .replace(TIME, (_, seconds: string) => timeText(Number(seconds)))
    .trim();
}

function withoutUs(content: string, userId: string, guild: GuildView | undefined): string {
  const role = guild?.ownRoleId === undefined ? '' : `|<@&${guild.ownRoleId}>`;
  const us = `(?:<@!?${userId}>${role})`;
  return (
    content
      // "@Us, who are you?": what set us off from the words goes with us.
      .replace(new RegExp(`^\\s*${us}[\\s,:;]*`, 'u'), '')
      .replace(new RegExp(`[^\\S\\n]*${us}`, 'gu'), '')
  );
}

function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? '' : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What came along that no NPC can see, as people call it. */
export function attachmentsOf(message: ReadableMessage): readonly string[] {
  const isVoice = ((message.flags ?? 0) & MessageFlags.IsVoiceMessage) !== 0;
  return [
    ...(message.attachments ?? []).map((attachment) =>
      isVoice ? 'a voice message' : attachmentWords(attachment),
    ),
    ...(message.sticker_items ?? []).map(({ name }) => `the sticker “${name}”`),
    ...(message.poll === undefined ? [] : ['a poll']),
    ...(message.message_reference?.type === MessageReferenceType.Forward ? ['a forwarded message'] : []),
  ];
}

function attachmentWords({ content_type: type = '', filename }: APIAttachment): string {
  if (type.startsWith('image/')) return 'a picture';
  if (type.startsWith('video/')) return 'a video';
  if (type.startsWith('audio/')) return 'a recording';
  return filename === '' ? 'a file' : filename;
}
