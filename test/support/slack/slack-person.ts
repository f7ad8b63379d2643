import type { Delivery } from './deliveries.ts';
import { type Fields, textOf } from './fields.ts';
import type { StoredFile, Upload } from './files.ts';
import { buttonsOf, type Message, messageFields, type SeenMessage } from './messages.ts';
import { carryOut } from './responses.ts';
import type { State } from './state.ts';
import { filledIn, followForm, type Submission } from './submissions.ts';
import { encoded } from './typed-text.ts';
import { type OpenView, viewFields } from './view-desk.ts';
import { addChannel, type Channel, canRead, type Member } from './world.ts';

/** What a person typed, and how the app took it. */
export interface Said {
  readonly ts: string;
  readonly message: Message;
  /** Resolves once the app has acknowledged, or three seconds have gone by. */
  readonly delivered: Promise<readonly Delivery[]>;
}

/** Somebody at a keyboard: does what a person can do in Slack's window, and sees what they see. */
export class SlackPerson {
  readonly member: Member;
  readonly #state: State;

  constructor(state: State, member: Member) {
    this.#state = state;
    this.member = member;
  }

  get id(): string {
    return this.member.id;
  }

  /** How one writes to call them. */
  get mention(): string {
    return `<@${this.member.id}>`;
  }

  /** The direct conversation with our app. */
  get dm(): Channel {
    const { team, id } = this.member;
    const known = [...team.channels.values()].find(({ kind, members }) => kind === 'im' && members.has(id));
    return known ?? addChannel(team, '', 'im', [id, team.bot.id]);
  }

  /**
   * Says something. Mentions stand as Slack's codes (`<@U…>`, `<!channel>`); with `isLiteral` the text is typed as it is.
   */
  says(
    channel: Channel,
    text: string,
    more: {
      readonly thread?: string;
      /** What was uploaded, or the names of files that nobody opens. */
      readonly files?: readonly (string | StoredFile)[];
      readonly isLiteral?: boolean;
    } = {},
  ): Said {
    this.#mustBeIn(channel);
    if (channel.isArchived) throw new Error('Slack: this channel is archived');
    const { files } = this.#state;
    const message = this.#state.book.post(
      channel,
      { kind: 'person', member: this.member },
      { text: encoded(text, more.isLiteral ?? false), blocks: [] },
      {
        threadTs: more.thread,
        files: (more.files ?? []).map((given) => {
          const file = typeof given === 'string' ? this.uploads({ name: given, bytes: given }) : given;
          file.channels.add(channel);
          return files.eventFields(file);
        }),
      },
    );
    const root = more.thread === undefined ? undefined : this.#state.book.find(channel.id, more.thread);
    const parentUserId = root === undefined ? undefined : textOf(messageFields(root).user) || undefined;
    return { ts: message.ts, message, delivered: this.#state.deliveries.announce(message, parentUserId) };
  }

  /** Uploads a file, to be sent with a message or in a form. */
  uploads(upload: Upload): StoredFile {
    return this.#state.files.add(this.member, upload);
  }

  async edits(message: Message, text: string): Promise<Delivery> {
    this.#mustOwn(message);
    const before = messageFields(message);
    this.#state.book.edit(message, { text: encoded(text, false), blocks: [] });
    return await this.#state.deliveries.announceChange(message, before);
  }

  async deletes(message: Message): Promise<Delivery> {
    this.#mustOwn(message);
    message.isDeleted = true;
    return await this.#state.deliveries.announceDeletion(message);
  }

  /** Types a slash command: `slash(channel, '/npc', 'list')`. Slack has none inside threads. */
  async slash(
    channel: Channel,
    command: string,
    text = '',
    more: { readonly thread?: string; readonly isLiteral?: boolean } = {},
  ): Promise<Delivery> {
    if (more.thread !== undefined) throw new Error(`Slack: ${command} is not supported in threads. Sorry!`);
    const { app, deliveries } = this.#state;
    if (app.commands !== undefined && !app.commands.includes(command))
      throw new Error(`Slack: ${command} is not a valid command`);
    if (!canRead(channel, this.id)) throw new Error('Slack: they do not see this channel');
    const ticket = { ...this.#ticket(channel, undefined), threadTs: undefined };
    const key = this.#state.responseUrls.give(ticket);
    const delivery = await deliveries.interact('slash_commands', {
      token: app.verificationToken,
      team_id: this.member.team.id,
      team_domain: this.member.team.domain,
      channel_id: channel.id,
      channel_name:
        channel.kind === 'im' ? 'directmessage' : channel.kind === 'private' ? 'privategroup' : channel.name,
      user_id: this.id,
      user_name: this.member.name.toLowerCase(),
      command,
      text: this.#withNames(encoded(text, more.isLiteral ?? false)),
      api_app_id: app.id,
      is_enterprise_install: 'false',
      response_url: this.#responseUrl(key),
      trigger_id: this.#state.triggers.give(this.id),
    });
    const body = delivery.answer?.body ?? {};
    if (textOf(body.text) !== '' || body.blocks !== undefined)
      carryOut(this.#state, { ...ticket, untilInMs: 0, usesLeft: 0 }, body, 'acknowledgement');
    return delivery;
  }

  /** Presses a button of a message; of several with this label the first. */
  async presses(seen: SeenMessage, label: string): Promise<Delivery> {
    const fresh = this.#fresh(seen.message);
    const button = fresh.wording.blocks.flatMap(buttonsOf).find((each) => each.label === label);
    if (button === undefined) throw new Error(`there is no button "${label}" on the message`);
    return await this.sendsAction(fresh, button.element, textOf(button.block.block_id));
  }

  /** Presses a button that need not be there: forged codes, buttons of messages long gone. */
  async sendsAction(message: Message, element: Fields, blockId = 'forged'): Promise<Delivery> {
    const { channel } = message;
    const isEphemeral = message.onlyFor !== undefined;
    const key = this.#state.responseUrls.give(this.#ticket(channel, message));
    return await this.#state.deliveries.interact('interactive', {
      ...this.#common('block_actions'),
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral: isEphemeral,
        ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
      },
      channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
      // Of a message that only one person sees, Slack sends nothing but where it was.
      ...(isEphemeral ? {} : { message: { ...messageFields(message), ...threadOf(message) } }),
      state: { values: {} },
      response_url: this.#responseUrl(key),
      actions: [
        {
          type: textOf(element.type) || 'button',
          action_id: textOf(element.action_id),
          block_id: blockId,
          ...(element.value === undefined ? {} : { value: element.value }),
          ...(element.text === undefined ? {} : { text: element.text }),
          ...(element.selected_option === undefined ? {} : { selected_option: element.selected_option }),
          action_ts: this.#state.book.newTs(),
        },
      ],
    });
  }

  /** Chooses from the menu beside a message: a message shortcut. */
  async shortcut(message: Message, callbackId: string): Promise<Delivery> {
    this.#mustHave(callbackId);
    const key = this.#state.responseUrls.give(this.#ticket(message.channel, message));
    return await this.#state.deliveries.interact('interactive', {
      ...this.#common('message_action'),
      callback_id: callbackId,
      action_ts: this.#state.book.newTs(),
      message_ts: message.ts,
      message: { ...messageFields(message), ...threadOf(message) },
      channel: { id: message.channel.id, name: message.channel.name || 'directmessage' },
      response_url: this.#responseUrl(key),
    });
  }

  async globalShortcut(callbackId: string): Promise<Delivery> {
    this.#mustHave(callbackId);
    return await this.#state.deliveries.interact('interactive', {
      ...this.#common('shortcut'),
      callback_id: callbackId,
      action_ts: this.#state.book.newTs(),
    });
  }

  async opensHome(tab: 'home' | 'messages'): Promise<Delivery> {
    return await this.#state.deliveries.event(this.member.team, {
      type: 'app_home_opened',
      user: this.id,
      channel: this.dm.id,
      tab,
      event_ts: this.#state.book.newTs(),
    });
  }

  /** The modal on top of their screen. */
  get modal(): OpenView | undefined {
    return this.#state.views.of(this.id).findLast(({ fields }) => fields.type === 'modal');
  }

  get home(): OpenView | undefined {
    return this.#state.views.of(this.id).findLast(({ fields }) => fields.type === 'home');
  }

  /**
   * Sends a form.
   * @param values by label (or action id) of the field, files by their ids; what is left out keeps what stood there.
   */
  async submits(
    view: OpenView,
    values: Readonly<Record<string, string | readonly string[]>> = {},
  ): Promise<Submission> {
    const filled = filledIn(view, values, this.#state.files);
    const { team } = this.member;
    const { app } = this.#state;
    const delivery = await this.#state.deliveries.interact('interactive', {
      ...this.#common('view_submission'),
      view: viewFields(view, team, app.id, filled),
      response_urls: [],
    });
    if (delivery.answer === undefined) return { ...delivery, errors: {} };
    return { ...delivery, errors: followForm(this.#state, view, delivery.answer.body) };
  }

  async closes(view: OpenView): Promise<void> {
    view.isOpen = false;
    if (view.fields.notify_on_close !== true) return;
    await this.#state.deliveries.interact('interactive', {
      ...this.#common('view_closed'),
      view: viewFields(view, this.member.team, this.#state.app.id),
      is_cleared: false,
    });
  }

  /** Stops what is being streamed for them. */
  stopsStream(message: Message): void {
    if (message.streaming === 'open') message.streaming = 'stopped by user';
    this.#state.changed();
  }

  /** What stands in a channel for them. */
  sees(channel: Channel): readonly SeenMessage[] {
    return this.#state.book.visibleTo(this.id, channel);
  }

  /** Everything they were ever shown, as one text. */
  get everSaw(): string {
    return this.#state.book.everVisibleTo(this.id);
  }

  /** In a slash command (`should_escape`) people come with their names: `<@U1|mira>`. */
  #withNames(text: string): string {
    const { members } = this.member.team;
    return text.replaceAll(/<@(\w+)>/g, (code, id: string) => {
      const name = members.get(id)?.name.toLowerCase();
      return name === undefined ? code : `<@${id}|${name}>`;
    });
  }

  #common(type: string): Fields {
    const { app } = this.#state;
    const { team } = this.member;
    return {
      type,
      token: app.verificationToken,
      api_app_id: app.id,
      team: { id: team.id, domain: team.domain },
      enterprise: null,
      is_enterprise_install: false,
      user: {
        id: this.id,
        username: this.member.name.toLowerCase(),
        name: this.member.name.toLowerCase(),
        team_id: team.id,
      },
      trigger_id: this.#state.triggers.give(this.id),
    };
  }

  #ticket(channel: Channel, message: Message | undefined) {
    return {
      channelId: channel.id,
      teamId: this.member.team.id,
      personId: this.id,
      messageTs: message?.ts,
      threadTs: message?.threadTs,
    };
  }

  #responseUrl(key: string): string {
    return `${this.#state.url}/response/${key}`;
  }

  #fresh(message: Message): Message {
    if (message.isDeleted) throw new Error('the message is gone');
    if ((message.onlyFor ?? this.id) !== this.id) throw new Error('they do not see this message');
    this.#mustSee(message.channel);
    return message;
  }

  #mustSee(channel: Channel): void {
    if (!canRead(channel, this.id)) throw new Error('they do not see this channel');
  }

  #mustBeIn(channel: Channel): void {
    if (!channel.members.has(this.id)) throw new Error(`${this.member.name} is not in this channel`);
  }

  #mustOwn(message: Message): void {
    if (message.author.kind !== 'person' || message.author.member !== this.member)
      throw new Error('nobody changes what others wrote');
  }

  #mustHave(callbackId: string): void {
    const { shortcuts } = this.#state.app;
    if (shortcuts !== undefined && !shortcuts.includes(callbackId))
      throw new Error(`the app has no shortcut "${callbackId}"`);
  }
}

function threadOf(message: Message): Fields {
  return message.threadTs === undefined ? {} : { thread_ts: message.threadTs };
}
