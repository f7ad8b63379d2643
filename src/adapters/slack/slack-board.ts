import { BoardPager } from '#src/chat/board-page.ts';
import { PacedMessage } from '#src/chat/paced-message.ts';
import type { Action, Board, BoardView } from '#src/core/view.ts';
import { boardActions, boardMessage } from './board-blocks.ts';
import type { CodeOf, SlackMessage } from './notice-blocks.ts';
import type { SlackTeam } from './slack-team.ts';

export interface SlackBoardOptions {
  readonly team: SlackTeam;
  readonly channel: string;
  readonly codesFor: (actions: readonly Action[]) => Promise<CodeOf>;
  /** Posts a message and resolves with its id. */
  readonly post: (message: SlackMessage) => Promise<string>;
}

/** A cast being drafted, as one message that is kept up to date. */
export class SlackBoard implements Board {
  readonly #options: SlackBoardOptions;
  readonly #pager = new BoardPager();
  #message: PacedMessage<SlackMessage> | undefined;
  #isGone = false;
  /** Renderings are shown in the order of their views. */
  #rendering: Promise<void> = Promise.resolve();

  constructor(options: SlackBoardOptions) {
    this.#options = options;
  }

  async open(view: BoardView): Promise<void> {
    const { team, channel, post } = this.#options;
    const standing = await this.#render(view);
    const ts = await post(standing);
    this.#message = new PacedMessage<SlackMessage>({
      pacer: team.pacer,
      channelId: channel,
      clock: team.clock,
      standing,
      isSame: (one, other) => JSON.stringify(one) === JSON.stringify(other),
      edit: (message) => team.api.update(channel, ts, message),
      onGone: () => {
        this.#isGone = true;
      },
      onFault: (error) => team.log.warn('A board in Slack could not be updated', {}, error),
    });
  }

  update(view: BoardView): void {
    this.#rendering = this.#rendering.then(async () => {
      try {
        this.#message?.show(await this.#render(view));
      } catch (error) {
        this.#options.team.log.warn('A board in Slack could not be updated', {}, error);
      }
    });
  }

  async close(view: BoardView): Promise<void> {
    await this.#rendering;
    const last = await this.#render(view);
    await this.#message?.close(last);
    // Somebody deleted it meanwhile: the cards are still asked for.
    if (this.#isGone) await this.#options.post(last);
  }

  async #render(view: BoardView): Promise<SlackMessage> {
    const page = this.#pager.page(view);
    return boardMessage(page, await this.#options.codesFor(boardActions(page)));
  }
}
