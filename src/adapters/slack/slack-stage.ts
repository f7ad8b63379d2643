import { MessageGone } from '#src/chat/failures.ts';
import { sendPaced } from '#src/chat/paced-send.ts';
import { PacedSpeech } from '#src/chat/paced-speech.ts';
import type { AvatarAddress } from '#src/core/adapter.ts';
import { AskerUnreachable, Refusal } from '#src/core/errors.ts';
import type { Front, Place } from '#src/core/front.ts';
import {
  type Audience,
  type Board,
  type BoardView,
  type Notice,
  notice,
  type Speech,
  type SpeechOutput,
  type Stage,
} from '#src/core/view.ts';
import { codesFor } from './button-codes.ts';
import { lookOf } from './faces.ts';
import { actionsOf, noticeMessages, type SlackMessage } from './notice-blocks.ts';
import {
  isDirectChannel,
  messageIdAt,
  placeOf,
  type SlackSpot,
  spotOf,
  teamOf,
  threadChannel,
} from './place.ts';
import type { ResponseUrl } from './response-url.ts';
import type { Post } from './slack-api.ts';
import { SlackBoard } from './slack-board.ts';
import { ChannelRefusal } from './slack-errors.ts';
import type { SlackTeam } from './slack-team.ts';
import { MessagePort } from './speech-port.ts';
import { StreamPort } from './stream-port.ts';
import { sceneRoot, type ThreadBook } from './threads.ts';

/** What every stage needs, whatever came in. */
export interface StageTools {
  readonly front: Front;
  readonly avatarOf: AvatarAddress;
  readonly threads: ThreadBook;
  /** Stops the replies of a place for the person who asked for it with Slack's own button. */
  stopFor(team: SlackTeam, place: Place, personId: string, messageTs: string): void;
}

/** The person who just did something. */
export interface Asker {
  readonly id: string;
  /** The way back to them alone; undefined after a line. */
  readonly responseUrl: ResponseUrl | undefined;
}

/** The message of ours that was pressed and is to be replaced. */
export type InPlace = { readonly kind: 'message'; readonly ts: string } | { readonly kind: 'response' };

export interface StageOptions {
  readonly team: SlackTeam;
  readonly place: Place;
  /** Where answers go: the place, or a thread under one of its messages. */
  readonly spot: SlackSpot;
  readonly asker: Asker | undefined;
  readonly inPlace?: InPlace | undefined;
}

const FACELESS = notice(
  'hint',
  'NPCs speak under the name of the app here, with their own before the text: the Slack app lacks the scope chat:write.customize. Whoever set it up can add it.',
);

/** What is said beside what was asked for. */
const BESIDE: ReadonlySet<Notice['tone']> = new Set(['hint', 'refusal', 'trouble']);

/** One channel or thread of Slack. */
export class SlackStage implements Stage {
  readonly #tools: StageTools;
  readonly #options: StageOptions;
  #inPlace: InPlace | undefined;

  constructor(tools: StageTools, options: StageOptions) {
    this.#tools = tools;
    this.#options = options;
    this.#inPlace = options.inPlace;
  }

  async tell(told: Notice, audience: Audience): Promise<void> {
    const { place } = this.#options;
    const codeOf = await codesFor(this.#tools.front, place, actionsOf(told));
    for (const message of noticeMessages(told, codeOf)) {
      if (audience === 'everyone') await this.#tellEveryone(message, told.tone);
      else await this.#tellAsker(message, told.tone);
    }
  }

  async refresh(shown: Notice): Promise<boolean> {
    const { team, place, spot, inPlace } = this.#options;
    if (inPlace?.kind !== 'message') return false;
    try {
      const codeOf = await codesFor(this.#tools.front, place, actionsOf(shown));
      const [message] = noticeMessages(shown, codeOf);
      if (message === undefined) return false;
      await this.#replace(inPlace.ts, message);
      return true;
    } catch (error) {
      if (!(error instanceof MessageGone))
        team.log.warn('A message in Slack could not be brought up to date', { channel: spot.channel }, error);
      return false;
    }
  }

  async openBoard(view: BoardView): Promise<Board> {
    const { team, place, spot } = this.#options;
    const board = new SlackBoard({
      team,
      channel: spot.channel,
      codesFor: (actions) => codesFor(this.#tools.front, place, actions),
      post: (message) => this.#post(message),
    });
    await board.open(view);
    return board;
  }

  async speak(speech: Speech): Promise<SpeechOutput> {
    const { team, place, spot, asker } = this.#options;
    const { front, avatarOf, stopFor } = this.#tools;
    const options = {
      team,
      npc: speech.npc,
      look: lookOf(speech.npc, avatarOf),
      ...spot,
      codeOf: await codesFor(front, place, speech.actions),
      onFaceless: () => void this.#sayFaceless(),
    };
    const messages = new MessagePort(options);
    const canStream = spot.threadTs !== undefined && asker !== undefined && team.canShowFaces;
    const port = canStream
      ? new StreamPort({
          ...options,
          threadTs: spot.threadTs,
          recipient: asker.id,
          messages,
          onStopped: () => stopFor(team, place, asker.id, speech.lineId),
        })
      : messages;
    if (spot.threadTs !== undefined) this.#tools.threads.joined(team, spot.channel, spot.threadTs);
    return new PacedSpeech({
      speech: { ...speech, posted: (ts) => speech.posted(messageIdAt(place, spot, ts)) },
      port,
      pacer: team.pacer,
      channelId: spot.channel,
      clock: team.clock,
      tell: (told) => this.tell(told, 'everyone'),
      onFault: (error) => team.log.warn('A reply in Slack could not be updated', {}, error),
    });
  }

  async openThread(name: string): Promise<{ readonly channelId: string; readonly stage: Stage }> {
    const { team, place, spot, asker } = this.#options;
    if (spotOf(place).threadTs !== undefined) {
      throw new Refusal('A thread has no threads of its own in Slack. Do it in the channel.');
    }
    const root = sceneRoot(name);
    const threadTs = await this.#send({ ...root, threadTs: undefined });
    this.#tools.threads.opened(team, spot.channel, threadTs);
    const { teamId, directWith } = teamOf(place);
    const home = { teamId, teamName: team.name, directWith };
    const threadSpot = { channel: spot.channel, threadTs };
    const stage = new SlackStage(this.#tools, {
      team,
      place: placeOf(home, threadSpot),
      spot: threadSpot,
      asker,
    });
    return { channelId: threadChannel(spot.channel, threadTs), stage };
  }

  async #tellEveryone(message: SlackMessage, tone: Notice['tone']): Promise<void> {
    const { asker } = this.#options;
    // A word beside it takes no message's place.
    const inPlace = BESIDE.has(tone) ? undefined : this.#inPlace;
    if (inPlace !== undefined) this.#inPlace = undefined;
    if (inPlace?.kind === 'message') {
      try {
        await this.#replace(inPlace.ts, message);
        return;
      } catch (error) {
        if (!(error instanceof MessageGone)) throw error;
      }
    }
    if (inPlace?.kind === 'response') {
      const how = { threadTs: undefined, replacesOriginal: true };
      if (await asker?.responseUrl?.send(message, how)) return;
    }
    await this.#post(message);
  }

  async #replace(ts: string, message: SlackMessage): Promise<void> {
    const { team, spot } = this.#options;
    await sendPaced(team.pacer, { kind: 'last', channelId: spot.channel }, () =>
      team.api.update(spot.channel, ts, message),
    );
  }

  async #tellAsker(message: SlackMessage, tone: Notice['tone']): Promise<void> {
    const { team, spot, asker } = this.#options;
    if (asker === undefined) {
      await this.#post(message);
      return;
    }
    // Nobody else reads there, and what only they see is gone with the next start of their Slack.
    if (isDirectChannel(spot.channel) && (await this.#postedDirect(message))) return;
    // What only they see may take the place of what only they saw.
    const replacesOriginal = this.#inPlace?.kind === 'response' && !BESIDE.has(tone);
    if (replacesOriginal) this.#inPlace = undefined;
    const how = { threadTs: replacesOriginal ? undefined : spot.threadTs, replacesOriginal };
    if (await asker.responseUrl?.send(message, how)) return;
    try {
      const request = { kind: 'first', channelId: spot.channel } as const;
      await sendPaced(team.pacer, request, () =>
        team.api.postEphemeral({ ...message, ...spot, user: asker.id }),
      );
    } catch (error) {
      if (!(error instanceof ChannelRefusal)) throw error;
      throw new AskerUnreachable('Slack shows them nothing there any more.', { cause: error });
    }
  }

  /** False in a conversation of two people that we are no part of. */
  async #postedDirect(message: SlackMessage): Promise<boolean> {
    try {
      await this.#post(message);
      return true;
    } catch (error) {
      if (error instanceof ChannelRefusal) return false;
      throw error;
    }
  }

  async #post(message: SlackMessage): Promise<string> {
    return this.#send({ ...message, threadTs: this.#options.spot.threadTs });
  }

  async #send(message: Omit<Post, 'channel'>): Promise<string> {
    const { team, spot } = this.#options;
    const request = { kind: 'first', channelId: spot.channel } as const;
    const post = () => team.api.post({ ...message, channel: spot.channel });
    return sendPaced(team.pacer, request, post);
  }

  async #sayFaceless(): Promise<void> {
    try {
      await this.tell(FACELESS, 'everyone');
    } catch (error) {
      this.#options.team.log.warn('A missing scope could not be told of', {}, error);
    }
  }
}
