import { elementsOf } from './blocks.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from './fields.ts';
import { type Channel, canRead, type Member, newId } from './world.ts';

export type Author =
  | { readonly kind: 'person'; readonly member: Member }
  /** Our app, as itself or under a name it gave. */
  | { readonly kind: 'app'; readonly username?: string; readonly icon?: string }
  /** Another app. */
  | { readonly kind: 'bot'; readonly username: string; readonly botId: string };

export interface Wording {
  readonly text: string;
  readonly blocks: readonly Fields[];
}

export interface Message {
  readonly ts: string;
  readonly channel: Channel;
  readonly threadTs: string | undefined;
  readonly author: Author;
  readonly postedAtInMs: number;
  /** Only this person sees it. */
  readonly onlyFor: string | undefined;
  readonly files: readonly Fields[];
  /** What the app attached for itself. */
  readonly metadata: Fields | undefined;
  wording: Wording;
  isDeleted: boolean;
  isEdited: boolean;
  /** Undefined: it is not, and never was, being streamed. */
  streaming: 'open' | 'stopped' | 'stopped by user' | 'expired' | undefined;
  streamedFor?: string;
  /** What it said before, oldest first, with when it was replaced. */
  readonly history: (Wording & { readonly untilInMs: number })[];
}

/** A message as one person sees it. */
export interface SeenMessage {
  readonly ts: string;
  /** Name over the message. */
  readonly from: string;
  readonly icon: string | undefined;
  /** As it reads: entities and codes resolved, blocks one under the other. */
  readonly text: string;
  /** What is written on its buttons, in their order. */
  readonly buttons: readonly string[];
  readonly threadTs: string | undefined;
  readonly isEphemeral: boolean;
  readonly isStreaming: boolean;
  readonly message: Message;
}

/** Characters from which on a text is not found elsewhere by chance. */
const TELLING_LENGTH = 15;

/** All messages of all workspaces. */
export class MessageBook {
  readonly #messages: Message[] = [];
  readonly #now: () => number;
  #lastMicro = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  post(
    channel: Channel,
    author: Author,
    wording: Wording,
    more: {
      readonly metadata?: Fields;
      readonly threadTs?: string | undefined;
      readonly onlyFor?: string;
      readonly files?: readonly Fields[];
    } = {},
  ): Message {
    const message: Message = {
      ts: this.newTs(),
      channel,
      threadTs: more.threadTs,
      author,
      postedAtInMs: this.#now(),
      onlyFor: more.onlyFor,
      files: more.files ?? [],
      metadata: more.metadata,
      wording: { text: wording.text, blocks: withIds(wording.blocks) },
      isDeleted: false,
      isEdited: false,
      streaming: undefined,
      history: [],
    };
    this.#messages.push(message);
    return message;
  }

  edit(message: Message, wording: Wording): void {
    message.history.push({ ...message.wording, untilInMs: this.#now() });
    message.wording = { text: wording.text, blocks: withIds(wording.blocks) };
    message.isEdited = true;
  }

  /** Seconds and microseconds, later than any before. */
  newTs(): string {
    const micro = Math.max(this.#now() * 1000, this.#lastMicro + 1);
    this.#lastMicro = micro;
    return `${Math.floor(micro / 1_000_000)}.${String(micro % 1_000_000).padStart(6, '0')}`;
  }

  find(channelId: string, ts: string): Message | undefined {
    return this.#messages.find((message) => message.channel.id === channelId && message.ts === ts);
  }

  in(channel: Channel): readonly Message[] {
    return this.#messages.filter((message) => message.channel === channel);
  }

  /** What stands in a channel for this person, threads included, in the order posted. */
  visibleTo(personId: string, channel: Channel): readonly SeenMessage[] {
    if (!canRead(channel, personId)) return [];
    return this.in(channel)
      .filter((message) => !message.isDeleted && (message.onlyFor ?? personId) === personId)
      .map(seen);
  }

  wordsOfPeople(): readonly string[] {
    return this.#messages
      .filter(({ author }) => author.kind === 'person')
      .map(({ wording }) => wording.text)
      .filter((text) => text.length >= TELLING_LENGTH);
  }

  /** What was posted last, for whoever looks into a test that failed. */
  lately(): string {
    return this.#messages
      .slice(-10)
      .map((message) => {
        const { from, text, buttons, threadTs } = seen(message);
        const where = `#${message.channel.name}${threadTs === undefined ? '' : ` (thread ${threadTs})`}`;
        const only = message.onlyFor === undefined ? '' : ` only for ${message.onlyFor}`;
        return `${message.ts} ${where}${only} ${from}: ${text.slice(0, 300)} [${buttons.join(', ')}]`;
      })
      .join('\n');
  }

  /** All that this person was ever shown, anywhere, edits and deleted messages included. */
  everVisibleTo(personId: string): string {
    return this.#messages
      .filter(({ channel, onlyFor }) => canRead(channel, personId) && (onlyFor ?? personId) === personId)
      .flatMap(({ wording, history }) => [...history, wording])
      .flatMap((wording) => [wording.text, reading(wording)])
      .join('\n');
  }
}

function seen(message: Message): SeenMessage {
  const { author, wording } = message;
  return {
    ts: message.ts,
    from:
      author.kind === 'person'
        ? author.member.name
        : author.kind === 'bot'
          ? author.username
          : (author.username ?? message.channel.team.bot.name),
    icon: author.kind === 'app' ? author.icon : undefined,
    text: reading(wording),
    buttons: wording.blocks.flatMap(buttonsOf).map(({ label }) => label),
    threadTs: message.threadTs,
    isEphemeral: message.onlyFor !== undefined,
    isStreaming: message.streaming === 'open',
    message,
  };
}

export interface ButtonOnScreen {
  readonly label: string;
  readonly element: Fields;
  readonly block: Fields;
}

export function buttonsOf(block: Fields): readonly ButtonOnScreen[] {
  return elementsOf(block)
    .filter(({ type }) => type === 'button')
    .map((element) => ({ label: textOf(fieldsOf(element.text).text), element, block }));
}

/** Where there are blocks they are shown, and `text` only where there is no room for them. */
function reading({ text, blocks }: Wording): string {
  if (blocks.length === 0) return unescaped(text);
  return blocks
    .map(readingOf)
    .filter((line) => line !== '')
    .join('\n');
}

function readingOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(readingOf).filter(Boolean).join('\n');
  if (!isFields(value)) return '';
  const { type } = value;
  if (type === 'button') return '';
  if (type === 'mrkdwn') return unescaped(textOf(value.text));
  if (type === 'rich_text_section' || type === 'rich_text_quote' || type === 'rich_text_preformatted')
    return listOf(value.elements).map(readingOf).join('');
  if (typeof value.text === 'string') return value.text;
  return [
    value.title,
    value.subtitle,
    value.body,
    value.label,
    value.text,
    value.fields,
    value.elements,
    value.rows,
  ]
    .map(readingOf)
    .filter(Boolean)
    .join('\n');
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Slack gives ids to blocks and elements that came without. */
function withIds(blocks: readonly Fields[]): readonly Fields[] {
  return blocks.map((block) => ({
    ...block,
    block_id: block.block_id ?? newId('b'),
    ...(Array.isArray(block.elements) && block.type === 'actions'
      ? { elements: block.elements.map(withActionId) }
      : {}),
    ...(isFields(block.accessory) ? { accessory: withActionId(block.accessory) } : {}),
    ...(isFields(block.element) ? { element: withActionId(block.element) } : {}),
  }));
}

export function withActionId(element: unknown): unknown {
  return isFields(element) ? { ...element, action_id: element.action_id ?? newId('a') } : element;
}

/** A message as events and answers of the Web API show it. */
export function messageFields(message: Message): Fields {
  const { author, wording, channel } = message;
  const team = channel.team;
  return {
    type: 'message',
    ts: message.ts,
    text: wording.text,
    ...(wording.blocks.length > 0 ? { blocks: wording.blocks } : {}),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(message.isEdited ? { edited: { user: authorId(message), ts: message.ts } } : {}),
    ...(message.files.length > 0 ? { files: message.files } : {}),
    ...authorFields(author, team.bot.id, team.botId, team.id),
  };
}

function authorFields(author: Author, botUserId: string, botId: string, teamId: string): Fields {
  if (author.kind === 'person')
    return { user: author.member.id, team: teamId, client_msg_id: `c-${author.member.id}` };
  if (author.kind === 'bot')
    return { subtype: 'bot_message', bot_id: author.botId, username: author.username };
  if (author.username !== undefined)
    return {
      subtype: 'bot_message',
      bot_id: botId,
      app_id: 'A0DRAMATIS',
      username: author.username,
      ...(author.icon === undefined ? {} : { icons: { image_48: author.icon } }),
    };
  return { user: botUserId, bot_id: botId, app_id: 'A0DRAMATIS', team: teamId };
}

function authorId({ author, channel }: Message): string {
  return author.kind === 'person' ? author.member.id : channel.team.bot.id;
}
