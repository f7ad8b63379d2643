import { LRUCache } from 'lru-cache';
import { Refusal } from '#src/core/errors.ts';
import type { Place } from '#src/core/front.ts';
import { KeyedQueues } from '#src/core/keyed-queues.ts';
import { notice } from '#src/core/view.ts';
import type { CommandDesk } from './command-desk.ts';
import { attachmentWords, mentionedPeople, readableText, withoutMentionOf } from './incoming-text.ts';
import { type MessageNews, messageNews, type Said, type SlackMessageEvent } from './message-events.ts';
import { isDirectChannel, threadChannel } from './place.ts';
import { SlackStage, type StageTools } from './slack-stage.ts';
import type { SlackTeam } from './slack-team.ts';
import { ThreadUnknown } from './threads.ts';
import { commandOfMention, readSlackText } from './typed-command.ts';
import { bothPlaces, personIn, type Whereabouts, whereabouts } from './where.ts';

/** Messages kept in mind, so that one that is delivered again, or as a mention as well, is taken in once. */
const MAX_SEEN = 20_000;

const UNPLACED = notice(
  'trouble',
  'Nobody heard that: Slack did not say whose thread this is. Say it again in a moment.',
);

/** Takes in what people say, change and delete. */
export class Hearing {
  readonly #tools: StageTools;
  readonly #desk: CommandDesk;
  /**
   * What comes in is handed on channel by channel in the order in which it came, however long each takes to be made ready:
   * a look-up of a name must not let the answer overtake the question.
   */
  readonly #arrivals = new KeyedQueues();
  readonly #seen = new LRUCache<string, true>({ max: MAX_SEEN });

  constructor(tools: StageTools, desk: CommandDesk) {
    this.#tools = tools;
    this.#desk = desk;
  }

  /** A `message` or `app_mention` event. Resolves when what it caused has ended. */
  async takeIn(team: SlackTeam, event: SlackMessageEvent): Promise<void> {
    const news = messageNews(event, team.botUserId);
    if (news === undefined) return;
    if (news.kind === 'said') {
      const key = `${team.id} ${threadChannel(news.channel, news.ts)}`;
      if (this.#seen.has(key)) return;
      this.#seen.set(key, true);
    }
    const { under } = await this.#arrivals.run(`${team.id} ${news.channel}`, async () => ({
      under: await this.#handOn(team, news),
    }));
    await under?.();
  }

  /** What a person said in a message that somebody points at; undefined where it was no person. */
  pointedAt(team: SlackTeam, event: SlackMessageEvent): Said | undefined {
    const news = messageNews({ ...event, subtype: undefined }, team.botUserId);
    return news?.kind === 'said' ? news : undefined;
  }

  /**
   * Says it to those who play where `userId` points at it, as if we had been mentioned. Resolves when it was heard.
   * @throws Refusal in other people's direct conversations, and where Slack does not say whose thread it is.
   */
  async say(team: SlackTeam, said: Said, userId: string): Promise<void> {
    const { channel, threadTs } = said;
    if (isDirectChannel(channel) && (await team.api.openDirect(userId)) !== channel) {
      throw new Refusal('No NPC hears what people say to each other in a direct conversation.');
    }
    const where = await whereabouts(team, this.#tools.threads, { channel, userId, threadTs });
    await this.#hear(team, said, where, true);
  }

  /** Makes it ready and begins with it; what is left to wait for comes back, so that the next can follow. */
  async #handOn(team: SlackTeam, news: MessageNews): Promise<(() => Promise<void>) | undefined> {
    const { front } = this.#tools;
    switch (news.kind) {
      case 'deleted': {
        const places = await this.#placesOf(team, news);
        const done = Promise.all(places.map((place) => front.retract({ place, messageId: news.ts })));
        return async () => void (await done);
      }
      case 'changed': {
        const places = await this.#placesOf(team, news);
        const text = await this.#readable(team, withoutMentionOf(team.botUserId, news.text).rest);
        const done = Promise.all(places.map((place) => front.revise({ place, messageId: news.ts, text })));
        return async () => void (await done);
      }
      case 'said': {
        const where = await this.#whereSaid(team, news);
        if (where === undefined) return undefined;
        const { isMention } = withoutMentionOf(team.botUserId, news.text);
        if (where.thread === 'aside' && !isMention && !news.isDirect && !news.isBroadcast) return undefined;
        const done = this.#hearOrRun(team, news, where, isMention);
        // Begun in order: nothing is awaited before the inside has it.
        await done.begun;
        return () => done.ended;
      }
    }
  }

  #hearOrRun(team: SlackTeam, said: Said, where: Whereabouts, isMention: boolean) {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const ended = this.#process(team, said, where, isMention, begin).finally(begin);
    // Whoever waits for the end hears of a failure; the order of arrivals does not depend on it.
    ended.catch(() => undefined);
    return { begun, ended };
  }

  async #process(
    team: SlackTeam,
    said: Said,
    where: Whereabouts,
    isMention: boolean,
    begun: () => void,
  ): Promise<void> {
    if (isMention || said.isDirect) {
      const { rest } = withoutMentionOf(team.botUserId, said.text);
      const names = await team.people.names(mentionedPeople(rest));
      const { commands } = this.#tools.front;
      const typed = commandOfMention(rest, commands, names);
      if (typed !== undefined) {
        begun();
        const stage = this.#stage(team, where, said.userId);
        const wish = { where, userId: said.userId, callId: said.ts, stage };
        return this.#desk.answering(team, stage, 'a command by mention', () =>
          'refusal' in typed
            ? this.#desk.refuse(team, wish, typed, (among) => readSlackText(rest, among, names))
            : this.#desk.runTyped(team, { ...wish, typed, shared: said.files }),
        );
      }
    }
    await this.#hear(team, said, where, isMention, begun);
  }

  async #hear(
    team: SlackTeam,
    said: Said,
    where: Whereabouts,
    isMention: boolean,
    begun: () => void = () => {},
  ): Promise<void> {
    const { place, thread } = where;
    const [text, person] = await Promise.all([
      this.#readable(team, withoutMentionOf(team.botUserId, said.text).rest),
      personIn(team, place, said.userId),
    ]);
    const isReply = said.threadTs !== undefined && thread !== 'scene';
    const heard = this.#tools.front.hear(
      {
        place,
        messageId: said.ts,
        person,
        speaker: undefined,
        text,
        isDirect: said.isDirect || isMention || (isReply && said.parentUserId === team.botUserId),
        repliesTo: isReply ? said.threadTs : undefined,
        attachments: attachmentWords(said.files),
        source: 'person',
      },
      this.#stage(team, where, said.userId),
    );
    begun();
    await heard;
  }

  #stage(team: SlackTeam, { place, spot }: Whereabouts, userId: string): SlackStage {
    return new SlackStage(this.#tools, {
      team,
      place,
      spot,
      asker: { id: userId, responseUrl: undefined },
    });
  }

  /** Undefined where Slack does not say: then nobody hears it, and the one who said it is told so. */
  async #whereSaid(team: SlackTeam, said: Said): Promise<Whereabouts | undefined> {
    try {
      return await whereabouts(team, this.#tools.threads, said);
    } catch (error) {
      if (!(error instanceof ThreadUnknown)) throw error;
      const { channel, threadTs, userId } = said;
      const where = {
        place: bothPlaces(team, said).inChannel,
        spot: { channel, threadTs },
        thread: undefined,
      };
      await this.#stage(team, where, userId).tell(UNPLACED, 'asker');
      return undefined;
    }
  }

  /** Where a line may be known that was changed or deleted. Where it is not, that does nothing. */
  async #placesOf(
    team: SlackTeam,
    { channel, threadTs, userId }: Exclude<MessageNews, Said>,
  ): Promise<readonly Place[]> {
    const speaker = userId ?? (isDirectChannel(channel) ? await team.api.personOfDirect(channel) : '');
    if (speaker === undefined) return [];
    const happening = { channel, threadTs, userId: speaker };
    try {
      return [(await whereabouts(team, this.#tools.threads, happening)).place];
    } catch (error) {
      if (!(error instanceof ThreadUnknown)) throw error;
      const { inThread, inChannel } = bothPlaces(team, happening);
      return [inThread, inChannel];
    }
  }

  async #readable(team: SlackTeam, text: string): Promise<string> {
    return readableText(text, await team.people.names(mentionedPeople(text)));
  }
}
