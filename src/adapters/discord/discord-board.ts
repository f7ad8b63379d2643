import { isDeepStrictEqual } from 'node:util';
import { MessageFlags } from 'discord.js';
import { BoardPager } from '#src/chat/board-page.ts';
import { PacedMessage } from '#src/chat/paced-message.ts';
import { AskerUnreachable } from '#src/core/errors.ts';
import type { Place } from '#src/core/front.ts';
import type { Board, BoardView } from '#src/core/view.ts';
import { actionsOnPage, boardMessage } from './board-message.ts';
import { postInChannel, told, toldOfEdit } from './channel-post.ts';
import type { InteractionAnswer } from './interaction-answer.ts';
import type { MessagePage } from './message-pages.ts';
import type { StageParts } from './stage-parts.ts';

/** A cast being drafted: one message, changed in place, also when the interaction that asked for it is long over. */
export class DiscordBoard implements Board {
  readonly #parts: StageParts;
  readonly #place: Place;
  readonly #pager: BoardPager;
  readonly #message: PacedMessage<MessagePage>;
  /** The newest state that is not on its way yet. */
  #latest: BoardView | undefined;
  #rendering: Promise<void> | undefined;

  private constructor(
    parts: StageParts,
    place: Place,
    pager: BoardPager,
    message: PacedMessage<MessagePage>,
  ) {
    this.#parts = parts;
    this.#place = place;
    this.#pager = pager;
    this.#message = message;
  }

  /** Shows the board: as the answer to an interaction where one is open, else as a message of our own. */
  static async open(
    parts: StageParts,
    place: Place,
    answer: InteractionAnswer | undefined,
    view: BoardView,
  ): Promise<DiscordBoard> {
    const pager = new BoardPager();
    const standing = await rendered(parts, place, pager, view);
    const { id, byAnswer } = await posted(parts, place, answer, standing);
    const { channelId } = place;
    let way = byAnswer;
    const message = new PacedMessage<MessagePage>({
      pacer: parts.pacer,
      clock: parts.clock,
      channelId,
      standing,
      isSame: isDeepStrictEqual,
      edit: async (components) => {
        if (way?.isOpen === false) way = undefined;
        try {
          if (way !== undefined) return await way.edit(id, components);
        } catch (error) {
          if (!(error instanceof AskerUnreachable)) throw toldOfEdit(error);
          // The message stays ours: it is changed as any other.
          way = undefined;
        }
        await parts.api
          .edit(channelId, id, { components, flags: MessageFlags.IsComponentsV2 })
          .catch((error: unknown) => {
            throw toldOfEdit(error);
          });
      },
      onGone: () => parts.log.info('a board was deleted while it was drafted', { channelId }),
      onFault: (error) => parts.log.warn('a board could not be brought up to date', { channelId }, error),
    });
    return new DiscordBoard(parts, place, pager, message);
  }

  update(view: BoardView): void {
    this.#latest = view;
    this.#rendering ??= this.#renderAll().finally(() => {
      this.#rendering = undefined;
    });
  }

  async close(view: BoardView): Promise<void> {
    this.#latest = undefined;
    await this.#rendering;
    await this.#message.close(await rendered(this.#parts, this.#place, this.#pager, view));
  }

  /** Never rejects: rendering gives up no more than a button. */
  async #renderAll(): Promise<void> {
    while (this.#latest !== undefined) {
      const view = this.#latest;
      this.#latest = undefined;
      this.#message.show(await rendered(this.#parts, this.#place, this.#pager, view));
    }
  }
}

async function rendered(
  { codes }: StageParts,
  place: Place,
  pager: BoardPager,
  view: BoardView,
): Promise<MessagePage> {
  const page = pager.page(view);
  return boardMessage(page, await codes.forAll(place, actionsOnPage(page)));
}

async function posted(
  parts: StageParts,
  place: Place,
  answer: InteractionAnswer | undefined,
  page: MessagePage,
): Promise<{ readonly id: string; readonly byAnswer: InteractionAnswer | undefined }> {
  if (answer?.isOpen) {
    try {
      const id = await answer.tell([page], 'everyone');
      if (id !== undefined) return { id, byAnswer: answer };
    } catch (error) {
      if (!(error instanceof AskerUnreachable)) throw told(error);
    }
  }
  const body = { components: page, flags: MessageFlags.IsComponentsV2 };
  return { id: (await postInChannel(parts, place.channelId, body)).id, byAnswer: undefined };
}
