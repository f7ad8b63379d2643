import type { Fields } from './fields.ts';
import type { Journal } from './journal.ts';
import { type Message, messageFields } from './messages.ts';
import type { StandInClock } from './stand-in-clock.ts';
import type { Answer, Outcome, Parcel, Transport } from './transport.ts';
import { channelType, newId, type SlackApp, type Team } from './world.ts';

/** Waits before an event that was not acknowledged is sent again: nearly at once, after a minute, after five. */
const RETRIES_AFTER_IN_MS = [0, 60_000, 5 * 60_000];

/** How a first sending went. */
export interface Delivery {
  /** Undefined: not acknowledged in time. */
  readonly answer: Answer | undefined;
  readonly tookInMs: number;
}

/** Brings events and interactions to the app, over whichever transport it has. */
export class Deliveries {
  /** Every event is sent twice, as Slack does on a bad day. */
  isDoubled = false;
  /** What the app answers gets lost on the way: it has everything, and Slack sends it again. */
  losesAnswers = false;
  readonly #transport: Transport;
  readonly #journal: Journal;
  readonly #clock: StandInClock;
  readonly #app: SlackApp;
  readonly #changed: () => void;
  #underWay = 0;

  constructor(options: {
    readonly transport: Transport;
    readonly journal: Journal;
    readonly clock: StandInClock;
    readonly app: SlackApp;
    readonly changed: () => void;
  }) {
    this.#transport = options.transport;
    this.#journal = options.journal;
    this.#clock = options.clock;
    this.#app = options.app;
    this.#changed = options.changed;
  }

  /** Sendings that nobody has answered yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Tells the app of a new message, where it listens and is there to hear it. */
  announce(message: Message, parentUserId?: string): Promise<readonly Delivery[]> {
    const { channel, author } = message;
    const event = {
      ...messageFields(message),
      channel: channel.id,
      channel_type: channelType(channel),
      event_ts: message.ts,
      ...(parentUserId === undefined ? {} : { parent_user_id: parentUserId }),
      ...(message.files.length > 0 && author.kind === 'person' ? { subtype: 'file_share' } : {}),
    };
    const isMention =
      author.kind === 'person' &&
      channel.kind !== 'im' &&
      message.wording.text.includes(`<@${channel.team.bot.id}>`);
    return Promise.all([
      ...(isMention ? [this.event(channel.team, { ...event, type: 'app_mention' }, channel.id)] : []),
      this.event(channel.team, event, channel.id),
    ]);
  }

  announceChange(message: Message, before: Fields): Promise<Delivery> {
    return this.#announceAbout(message, {
      subtype: 'message_changed',
      message: messageFields(message),
      previous_message: before,
    });
  }

  announceDeletion(message: Message): Promise<Delivery> {
    return this.#announceAbout(message, {
      subtype: 'message_deleted',
      deleted_ts: message.ts,
      previous_message: messageFields(message),
    });
  }

  #announceAbout(message: Message, fields: Fields): Promise<Delivery> {
    const ts = (this.#clock.now() / 1000).toFixed(6);
    return this.event(
      message.channel.team,
      {
        type: 'message',
        ...fields,
        channel: message.channel.id,
        channel_type: channelType(message.channel),
        hidden: true,
        ts,
        event_ts: ts,
      },
      message.channel.id,
    );
  }

  /** Sends one event of a workspace, again and again as Slack would. Resolves when the first sending is over. */
  async event(team: Team, event: Fields, channelId?: string): Promise<Delivery> {
    if (!this.#isSubscribed(team, event, channelId)) return { answer: undefined, tookInMs: 0 };
    const payload: Fields = {
      token: this.#app.verificationToken,
      team_id: team.id,
      context_team_id: team.id,
      api_app_id: this.#app.id,
      event,
      type: 'event_callback',
      event_id: newId('Ev'),
      event_time: Math.floor(this.#clock.now() / 1000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: team.id,
          user_id: team.bot.id,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
      event_context: newId('ec'),
    };
    if (this.isDoubled) void this.#try(payload, 0);
    return await this.#try(payload, 0);
  }

  /** Sends what a person just did: once, for they see at once that nobody answers. */
  async interact(type: Parcel['type'], payload: Fields): Promise<Delivery> {
    const delivery = await this.#send({ type, payload, retry: undefined });
    this.#changed();
    return delivery;
  }

  async #try(payload: Fields, attempt: number): Promise<Delivery> {
    const retry = attempt === 0 ? undefined : { number: attempt, reason: 'http_timeout' };
    const delivery = await this.#send({ type: 'events_api', payload, retry });
    const isDone = delivery.answer?.isOk === true || delivery.answer?.isLast === true;
    const waitInMs = RETRIES_AFTER_IN_MS[attempt];
    if (!isDone && waitInMs !== undefined)
      this.#clock.after(waitInMs, () => void this.#try(payload, attempt + 1));
    this.#changed();
    return delivery;
  }

  async #send(parcel: Parcel): Promise<Delivery> {
    const startedAtInMs = performance.now();
    this.#underWay += 1;
    const sent = await this.#transport.send(parcel);
    const outcome: Outcome = this.losesAnswers ? 'unreachable' : sent;
    this.#underWay -= 1;
    const tookInMs = performance.now() - startedAtInMs;
    const isAnswered = outcome !== 'late' && outcome !== 'unreachable';
    this.#journal.acks.push({
      type: parcel.type,
      attempt: parcel.retry?.number ?? 0,
      tookInMs: isAnswered ? tookInMs : undefined,
    });
    if (outcome === 'late') this.#journal.violate('ack', parcel.type, 'not acknowledged within 3 s');
    return { answer: isAnswered ? outcome : undefined, tookInMs };
  }

  #isSubscribed(team: Team, event: Fields, channelId: string | undefined): boolean {
    const type = String(event.type);
    const isAboutLeaving = type === 'app_uninstalled' || type === 'tokens_revoked';
    if (!team.isInstalled && !isAboutLeaving) return false;
    const channel = channelId === undefined ? undefined : team.channels.get(channelId);
    if (channel !== undefined && !channel.members.has(team.bot.id)) return false;
    const name =
      type !== 'message'
        ? type
        : { channel: 'message.channels', group: 'message.groups', im: 'message.im', mpim: 'message.mpim' }[
            String(event.channel_type)
          ];
    return name !== undefined && this.#app.events.includes(name);
  }
}
