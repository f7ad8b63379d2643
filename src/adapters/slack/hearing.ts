import { LRUCache } from 'lru-cache';
import { notice } from '#src/core/view.ts';
import { Arrivals } from './arrivals.ts';
import type { CommandDesk } from './command-desk.ts';
import { attachmentWords, mentionedPeople, readableText, withoutMentionOf } from './incoming-text.ts';
import { type MessageNews, messageNews, type Said, type SlackMessageEvent } from './message-events.ts';
import { threadChannel } from './place.ts';
import { SlackStage, type StageTools } from './slack-stage.ts';
import type { SlackTeam } from './slack-team.ts';
import { commandOfMention } from './typed-command.ts';
import { personIn, type Whereabouts, whereabouts } from './where.ts';

/** Messages kept in mind, so that one that is delivered again, or as a mention as well, is taken in once. */
const MAX_SEEN = 20_000;

/** Takes in what people say, change and delete. */
export class Hearing {
  readonly #tools: StageTools;
  readonly #desk: CommandDesk;
  readonly #arrivals = new Arrivals();
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

  /** Says it to those who play there, as if we had been mentioned. */
  async say(team: SlackTeam, said: Said): Promise<void> {
    await this.#hear(team, said, await this.#where(team, said), true);
  }

  /** Makes it ready and begins with it; what is left to wait for comes back, so that the next can follow. */
  async #handOn(team: SlackTeam, news: MessageNews): Promise<(() => Promise<void>) | undefined> {
    const { front } = this.#tools;
    const where = await this.#where(team, news);
    const { place } = where;
    switch (news.kind) {
      case 'deleted': {
        const done = front.retract({ place, messageId: news.ts });
        return () => done;
      }
      case 'changed': {
        const text = await this.#readable(team, withoutMentionOf(team.botUserId, news.text).rest);
        const done = front.revise({ place, messageId: news.ts, text });
        return () => done;
      }
      case 'said': {
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
      const typed = commandOfMention(rest, this.#tools.front.commands, names);
      if (typed !== undefined) {
        begun();
        const stage = this.#stage(team, where, said.userId);
        const wish = { where, userId: said.userId, callId: said.ts, stage };
        return this.#desk.answering(team, stage, 'a command by mention', () =>
          'refusal' in typed
            ? stage.tell(notice('refusal', typed.refusal), 'asker')
            : this.#desk.runTyped(team, { ...wish, typed }),
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

  #where(team: SlackTeam, news: MessageNews): Promise<Whereabouts> {
    return whereabouts(team, this.#tools.threads, news);
  }

  async #readable(team: SlackTeam, text: string): Promise<string> {
    return readableText(text, await team.people.names(mentionedPeople(text)));
  }
}
