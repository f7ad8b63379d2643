import { MessageFlags } from 'discord.js';
import type { Clock } from '#src/core/clock.ts';
import { AskerUnreachable } from '#src/core/errors.ts';
import type { Audience } from '#src/core/view.ts';
import type { DiscordApi, InteractionRef } from './discord-api.ts';
import { isMessageGone, isTokenGone } from './faults.ts';
import { TOKEN_LIFE_IN_MS } from './limits.ts';
import type { MessagePage } from './message-pages.ts';

/**
 * How an interaction was acknowledged: with an answer to come that everybody (`shown`) or only the asker (`hidden`) sees,
 * or with a change of the message whose button was pressed.
 */
export type AnswerForm = 'shown' | 'hidden' | 'in place';

export interface InteractionAnswerOptions {
  readonly api: DiscordApi;
  readonly clock: Clock;
  readonly interaction: InteractionRef;
  readonly form: AnswerForm;
  /** The pressed message is itself seen by the asker alone. */
  readonly isPressedHidden?: boolean;
}

/** What can be said in answer to one interaction, for the 15 minutes that Discord allows. */
export class InteractionAnswer {
  readonly #options: InteractionAnswerOptions;
  readonly #arrivedAtInMs: number;
  /** The answer that was announced is still to come. */
  #isOwed = true;
  #isGone = false;
  /** One after another: the first to speak fulfils what was announced. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: InteractionAnswerOptions) {
    this.#options = options;
    this.#arrivedAtInMs = options.clock.now();
  }

  /** To be called first, within 3 seconds. */
  async acknowledge(): Promise<void> {
    const { api, interaction, form } = this.#options;
    if (form === 'in place') await api.deferUpdate(interaction);
    else await api.defer(interaction, form === 'hidden');
  }

  get isOpen(): boolean {
    return !this.#isGone && this.#options.clock.now() - this.#arrivedAtInMs < TOKEN_LIFE_IN_MS;
  }

  /**
   * Says something, in one or more messages. Resolves with the id of the first.
   * @param onSaid called with each message that stands.
   * @throws AskerUnreachable where the interaction's time is over: what follows was not said then.
   */
  tell(
    pages: readonly MessagePage[],
    audience: Audience,
    onSaid: () => void = () => undefined,
  ): Promise<string | undefined> {
    return this.#inTurn(async () => {
      let first: string | undefined;
      for (const page of pages) {
        const id = await this.#say(page, audience);
        first ??= id;
        onSaid();
      }
      return first;
    });
  }

  /** Changes what was said before. @throws AskerUnreachable as `tell`. */
  edit(messageId: string, page: MessagePage): Promise<void> {
    const { api, interaction } = this.#options;
    return this.#whileOpen(() =>
      api.editAnswered(interaction, messageId, { components: page, flags: MessageFlags.IsComponentsV2 }),
    );
  }

  /** Changes the message that was pressed, whatever else was said. False where none was, or where that cannot be done any more. */
  refresh(page: MessagePage): Promise<boolean> {
    const { api, interaction, form } = this.#options;
    return this.#inTurn(async () => {
      if (form !== 'in place') return false;
      try {
        await this.#whileOpen(() =>
          api.editAnswer(interaction, { components: page, flags: MessageFlags.IsComponentsV2 }),
        );
        return true;
      } catch (error) {
        if (error instanceof AskerUnreachable || isMessageGone(error)) return false;
        throw error;
      }
    });
  }

  /** Nothing more will be said: an announced answer that never came is taken back. What was done is seen elsewhere. */
  finish(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isOwed || !this.isOpen) return;
      this.#isOwed = false;
      if (this.#options.form !== 'in place') await this.#takeBack();
    });
  }

  async #say(page: MessagePage, audience: Audience): Promise<string> {
    const { api, interaction } = this.#options;
    const isHidden = audience === 'asker';
    const body = { components: page, flags: MessageFlags.IsComponentsV2 };
    const followUp = () =>
      api.followUp(interaction, {
        ...body,
        flags: body.flags | (isHidden ? MessageFlags.Ephemeral : 0),
      });
    return this.#whileOpen(async () => {
      // A word to the asker alone leaves the change of the pressed message still to come.
      const isBeside = this.#options.form === 'in place' && !this.#fits(isHidden);
      if (!this.#isOwed || isBeside) return (await followUp()).id;
      this.#isOwed = false;
      if (this.#fits(isHidden)) {
        try {
          return (await api.editAnswer(interaction, body)).id;
        } catch (error) {
          // Somebody dismissed the announcement: it is said all the same.
          if (!isMessageGone(error)) throw error;
        }
      } else {
        // Who sees an announced answer cannot be changed any more: it is taken back, and another one given.
        await this.#takeBack();
      }
      return (await followUp()).id;
    });
  }

  async #takeBack(): Promise<void> {
    const { api, interaction } = this.#options;
    await api.deleteAnswer(interaction).catch((error: unknown) => {
      // Somebody dismissed it.
      if (!isMessageGone(error)) throw error;
    });
  }

  /** Whether what was announced can be used for this audience. */
  #fits(isHidden: boolean): boolean {
    const { form, isPressedHidden = false } = this.#options;
    if (form === 'in place') return !isHidden || isPressedHidden;
    return isHidden === (form === 'hidden');
  }

  async #whileOpen<T>(send: () => Promise<T>): Promise<T> {
    if (!this.isOpen) throw unreachable();
    try {
      return await send();
    } catch (error) {
      if (!isTokenGone(error)) throw error;
      this.#isGone = true;
      throw unreachable();
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function unreachable(): AskerUnreachable {
  return new AskerUnreachable('The time in which Discord lets an interaction be answered is over.');
}
