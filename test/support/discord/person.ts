import { Buffer } from 'node:buffer';
import { Interacted, type SeenMessage, type Until } from './interacted.ts';
import { createInteraction, FIRST_ANSWER_WITHIN_IN_MS, INTERACTION } from './interactions.ts';
import { post, remove, revise, textOf } from './messages.ts';
import type { FilledModal } from './modal-on-screen.ts';
import {
  commandsIn,
  completionData,
  type Looker,
  type OptionValues,
  offeredTo,
  slashData,
} from './offered-commands.ts';
import { permissionsIn } from './permissions.ts';
import { PROXY_PROGRAM, type ProxyProgram } from './proxies.ts';
import {
  type ChannelRecord,
  COMPONENT,
  type ComponentBody,
  FLAG,
  flatten,
  type InteractionRecord,
  type MessageRecord,
  type UserRecord,
} from './records.ts';
import { toChannel, toGuild, toMember, toMessage, toUser } from './wire.ts';
import type { World } from './world.ts';

const MESSAGE_COMMAND = 3;
const MAX_LINE_IN_CHARACTERS = 4000;

export interface SaysOptions {
  readonly replyTo?: string;
  /** Whether a reply mentions its author, as Discord does unless that is switched off. */
  readonly replyPings?: boolean;
  readonly attachments?: readonly { readonly name: string; readonly type: string }[];
  readonly stickers?: readonly string[];
}

/** Somebody before a Discord client: does what that lets them do, and sees what it shows them. */
export class Person {
  readonly user: UserRecord;
  readonly #world: World;
  readonly #until: Until;

  constructor(world: World, user: UserRecord, until: Until) {
    this.#world = world;
    this.user = user;
    this.#until = until;
  }

  get id(): string {
    return this.user.id;
  }

  /** @throws Error where Discord would not let them. */
  says(channel: ChannelRecord, text: string, options: SaysOptions = {}): MessageRecord {
    if (!this.#world.canRead(this.id, channel))
      throw new Error(`${this.user.name} does not see #${channel.name}`);
    if (text.length > MAX_LINE_IN_CHARACTERS) throw new Error('Discord takes 4,000 characters at most');
    const original = options.replyTo === undefined ? undefined : channel.messages.get(options.replyTo);
    // A reply to a webhook's message mentions nobody: there is no user behind it.
    const pinged =
      original?.author.kind === 'user' && options.replyPings !== false ? [original.author.user.id] : [];
    return post(this.#world, {
      channel,
      author: { kind: 'user', user: this.user },
      body: {
        content: text,
        ...(original === undefined ? {} : { message_reference: { message_id: original.id } }),
      },
      files: (options.attachments ?? []).map((each) => ({
        ...each,
        id: this.#world.ids.next(),
        bytes: Buffer.from(each.name),
      })),
      stickers: options.stickers ?? [],
      mentions: pinged,
    });
  }

  edits(message: MessageRecord, text: string): void {
    revise(this.#world, message, { content: text });
  }

  deletes(message: MessageRecord): void {
    remove(this.#world, message);
  }

  /** Speaks through a program such as PluralKit: the program posts the words again, then deletes the original. */
  saysByProxy(
    channel: ChannelRecord,
    text: string,
    as: { readonly name: string; readonly by?: ProxyProgram },
  ): {
    readonly original: MessageRecord;
    readonly proxied: MessageRecord;
  } {
    const applicationId = PROXY_PROGRAM[as.by ?? 'PluralKit'];
    const home = this.#world.governing(channel);
    const known = [...this.#world.webhooks.values()].find(
      (each) => each.channelId === home.id && each.applicationId === applicationId,
    );
    const webhook =
      known ??
      this.#world.addWebhook({
        channelId: home.id,
        guildId: home.guildId ?? '',
        name: 'Proxy',
        applicationId,
      });
    const original = this.says(channel, text);
    const author = { kind: 'webhook', webhookId: webhook.id, name: as.name, avatarUrl: undefined } as const;
    const proxied = post(this.#world, { channel, author, body: { content: text }, applicationId });
    remove(this.#world, original);
    return { original, proxied };
  }

  /** The direct conversation with the bot. */
  get directChannel(): ChannelRecord {
    return this.#world.directChannel(this.user);
  }

  /** What is on their screen in a channel, oldest first. */
  sees(channel: ChannelRecord): readonly SeenMessage[] {
    if (!this.#world.canRead(this.id, channel)) return [];
    return [...channel.messages.values()]
      .filter((each) => each.deletedAtInMs === undefined && (each.ephemeralFor ?? this.id) === this.id)
      .map((each) => ({
        id: each.id,
        author: each.author.kind === 'user' ? each.author.user.name : each.author.name,
        text: textOf(each),
        isEphemeral: each.ephemeralFor !== undefined,
        isLoading: (each.flags & FLAG.loading) !== 0,
        buttons: buttonsOf(each).map(({ label }) => label ?? ''),
      }));
  }

  /** All that was ever on their screen there, deleted and edited texts too: what they must never have seen is not in it. */
  hasSeen(channel: ChannelRecord): string {
    if (!this.#world.canRead(this.id, channel)) return '';
    return [...channel.messages.values()]
      .filter((each) => (each.ephemeralFor ?? this.id) === this.id)
      .flatMap((each) => [each.firstText, ...each.edits.map(({ text }) => text)])
      .join('\n');
  }

  /** Waits for a message that they see. */
  waitFor(
    channel: ChannelRecord,
    find: (message: SeenMessage) => boolean,
    what: string,
  ): Promise<SeenMessage> {
    return this.#until(() => this.sees(channel).findLast(find), `${this.user.name} sees ${what}`);
  }

  /** Runs a slash command as it is registered: "npc generate". @throws Error where their client would not offer or send it. */
  slash(channel: ChannelRecord, command: string, options: OptionValues = {}): Interacted {
    const data = slashData(this.#looking(channel), command, options);
    return this.#interact({ type: INTERACTION.command, channel, source: undefined, data });
  }

  /** What is offered while an option is typed. */
  async completes(
    channel: ChannelRecord,
    command: string,
    option: string,
    typed: string,
    others: OptionValues = {},
  ): Promise<readonly string[]> {
    const data = completionData(this.#looking(channel), command, { option, typed, others });
    const asked = this.#interact({ type: INTERACTION.autocomplete, channel, source: undefined, data });
    const choices = await this.#until(() => asked.record.completions, 'completions come');
    return choices.map(({ value }) => String(value));
  }

  /**
   * Presses a button by its label, as it is on the message now.
   * @param near what stands in the same box, where several have such a button: "Tilda Marsh".
   */
  presses(channel: ChannelRecord, message: { readonly id: string }, label: string, near = ''): Interacted {
    const record = this.#world.message(channel.id, message.id);
    if ((record.ephemeralFor ?? this.id) !== this.id)
      throw new Error(`${this.user.name} does not see that message`);
    const boxes = record.components.filter((box) =>
      textOf({ content: '', embeds: [], components: near === '' ? [] : [box] }).includes(near),
    );
    const button = boxes.flatMap(buttonsIn).find((each) => each.label === label);
    const offered = boxes.flatMap(buttonsIn).map((each) => each.label);
    if (button === undefined) throw new Error(`no button "${label}" ${near}: ${offered.join(', ')}`);
    if (button.disabled === true) throw new Error(`the button "${label}" is off`);
    return this.pressesCode(channel, message, button.custom_id ?? '');
  }

  /** Presses whatever has this code, whether it is there or not: a forged or stale press. */
  pressesCode(channel: ChannelRecord, message: { readonly id: string }, customId: string): Interacted {
    const source = this.#world.message(channel.id, message.id);
    const data = { component_type: COMPONENT.button, custom_id: customId };
    return this.#interact({ type: INTERACTION.component, channel, source, data });
  }

  /** Sends a modal back, also one that was never shown: forged. */
  submits(channel: ChannelRecord, modal: FilledModal, source?: MessageRecord): Interacted {
    return this.#interact({ type: INTERACTION.modal, channel, source, data: modal });
  }

  /** Runs a command of the menu on a message. */
  usesOnMessage(channel: ChannelRecord, message: MessageRecord, command: string): Interacted {
    const registered = commandsIn(this.#looking(channel)).find(
      ({ name, type }) => type === MESSAGE_COMMAND && name === command,
    );
    if (registered === undefined) throw new Error(`no message command "${command}"`);
    const data = {
      id: registered.id,
      name: registered.name,
      type: MESSAGE_COMMAND,
      target_id: message.id,
      // Whatever the intents: who runs a command on a message shows it to the application.
      resolved: {
        messages: { [message.id]: toMessage(this.#world, message, { isWhole: true, isEvent: false }) },
      },
    };
    return this.#interact({ type: INTERACTION.command, channel, source: undefined, data });
  }

  /** Names of the slash commands that their client offers in a channel. */
  offered(channel: ChannelRecord): readonly string[] {
    return offeredTo(this.#looking(channel));
  }

  #looking(channel: ChannelRecord): Looker {
    return { world: this.#world, user: this.user, channel };
  }

  #interact(options: Pick<InteractionRecord, 'type' | 'channel' | 'source' | 'data'>): Interacted {
    const { channel, source, type, data } = options;
    const record = createInteraction(this.#world, { ...options, user: this.user });
    const guild = channel.guildId === undefined ? undefined : this.#world.guild(channel.guildId);
    const member = guild?.members.get(this.id);
    const bits = (id: string) =>
      guild === undefined ? 0n : permissionsIn(guild, this.#world.governing(channel), id);
    const told = {
      id: record.id,
      token: record.token,
      application_id: this.#world.applicationId,
      type,
      version: 1,
      data,
      channel_id: channel.id,
      channel: { ...toChannel(this.#world, channel), permissions: String(bits(this.id)) },
      app_permissions: String(guild === undefined ? 274877975552n : bits(this.#world.bot.id)),
      locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: { '0': guild?.id ?? '0' },
      context: guild === undefined ? 1 : 0,
      attachment_size_limit: 10_485_760,
      ...(source === undefined
        ? {}
        : { message: toMessage(this.#world, source, { isWhole: true, isEvent: false }) }),
      ...(guild === undefined || member === undefined
        ? { user: toUser(this.user) }
        : {
            guild_id: guild.id,
            guild: { ...toGuild(guild), locale: 'en-US' },
            guild_locale: 'en-US',
            member: { ...toMember(member), permissions: String(bits(this.id)) },
          }),
    };
    // The three seconds are the person's: then their client says that the application did not respond.
    setTimeout(() => {
      record.hasFailed = record.acknowledged === undefined;
      this.#world.changed();
    }, FIRST_ANSWER_WITHIN_IN_MS).unref();
    this.#world.dispatch({ t: 'INTERACTION_CREATE', guildId: guild?.id, intent: 0, d: () => told });
    return new Interacted(this.#world, record, this.#until, this);
  }
}

function buttonsOf({ components }: MessageRecord): readonly ComponentBody[] {
  return components.flatMap(buttonsIn);
}

function buttonsIn(box: ComponentBody): readonly ComponentBody[] {
  return flatten([box]).filter(({ type, url }) => type === COMPONENT.button && url === undefined);
}
