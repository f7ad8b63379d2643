import {
  type APIApplicationCommandInteraction,
  type APIInteraction,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  ApplicationCommandType,
  ComponentType,
  InteractionType,
  MessageFlags,
} from 'discord.js';
import { LRUCache } from 'lru-cache';
import { type ButtonCode, decodeAction, type PressedAction } from '#src/chat/action-code.ts';
import { inTime } from '#src/core/clock.ts';
import { answersTo } from '#src/core/command-options.ts';
import type { HandedFile } from '#src/core/documents.ts';
import type { Front } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import { type Notice, notice } from '#src/core/view.ts';
import { completionsFor } from './completion.ts';
import type { Directory } from './directory.ts';
import { DiscordStage } from './discord-stage.ts';
import { isAlreadyAcknowledged, isChannelGone, isTokenGone } from './faults.ts';
import { offeringForm, type SentForm, sentForm, withFormAgain } from './form-again.ts';
import { askedForm, typeInstead } from './form-asked.ts';
import { givenCommand } from './given-options.ts';
import { handedFiles } from './handed-files.ts';
import { type AnswerForm, InteractionAnswer } from './interaction-answer.ts';
import { type InteractionScene, sceneOf } from './interaction-scene.ts';
import { BUSY, FAILED, HEARS_LITTLE, NOWHERE, UNKNOWN_BUTTON, UNKNOWN_COMMAND } from './interaction-words.ts';
import { messageCommand } from './message-commands.ts';
import { actionsOf, noticePages } from './notice-message.ts';
import type { StageParts } from './stage-parts.ts';

/** Discord waits 3 seconds for a form; what is looked up before it may take this long, and the rest is the network's. */
const FORM_LIMIT_IN_MS = 1500;
/** Discord delivers one again soon or not at all. */
const MAX_TAKEN = 5000;

export interface InteractionsOptions {
  readonly front: Front;
  readonly parts: StageParts;
  readonly directory: Directory;
  readonly log: Log;
  readonly userId: string;
  readonly readsAll: () => boolean;
  /** Undefined: neither starting nor leaving. */
  readonly busyWith: () => 'starting' | 'leaving' | undefined;
}

/** How something is done: what it was pressed on, the form that it came from, and what may still be looked up first. */
interface Performing {
  readonly isPressedHidden?: boolean;
  readonly sent?: SentForm | undefined;
  /** Handed in with it, by option. */
  readonly files?: ReadonlyMap<string, HandedFile> | undefined;
  readonly leftInMs?: number;
}

/** Commands, buttons and forms: acknowledged in time, whatever the inside does, then handed there. */
export class Interactions {
  readonly #options: InteractionsOptions;
  /** What came before, by its id. */
  readonly #taken = new LRUCache<string, true>({ max: MAX_TAKEN });

  constructor(options: InteractionsOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async take(interaction: APIInteraction): Promise<void> {
    const { log } = this.#options;
    const details = { interaction: interaction.id, type: interaction.type };
    // The same one twice, as after a connection that is resumed: the first delivery does the work.
    if (this.#taken.has(interaction.id)) return;
    this.#taken.set(interaction.id, true);
    try {
      await this.#take(interaction);
    } catch (error) {
      if (isAlreadyAcknowledged(error)) log.info('another process has taken an interaction', details);
      else if (isChannelGone(error)) log.info('an interaction came from a channel that is gone', details);
      else if (isTokenGone(error)) log.warn('an interaction could not be answered in time', details, error);
      else {
        log.error('an interaction could not be taken in', details, error);
        await this.#apologize(interaction);
      }
    }
  }

  /** Whatever failed before anything was answered. Never rejects. */
  async #apologize(interaction: APIInteraction): Promise<void> {
    if (interaction.type === InteractionType.ApplicationCommandAutocomplete) return;
    await this.#reply(interaction, undefined, FAILED).catch((error: unknown) => {
      if (isAlreadyAcknowledged(error)) return;
      this.#options.log.warn('nobody could be told that something failed', {}, error);
    });
  }

  async #take(interaction: APIInteraction): Promise<void> {
    const { directory, busyWith, parts } = this.#options;
    const scene = sceneOf(interaction, (id) => directory.guild(id));
    const busy = busyWith();
    if (interaction.type === InteractionType.ApplicationCommandAutocomplete) {
      const known = busy === undefined ? scene : undefined;
      return parts.api.suggest(interaction, await completionsFor(interaction, known, this.#options));
    }
    if (busy !== undefined) return this.#reply(interaction, undefined, BUSY[busy]);
    if (scene === undefined) return this.#reply(interaction, scene, NOWHERE);
    switch (interaction.type) {
      case InteractionType.ApplicationCommand:
        return this.#command(interaction, scene);
      case InteractionType.MessageComponent:
        return this.#press(interaction, scene);
      case InteractionType.ModalSubmit:
        return this.#submit(interaction, scene);
      default:
        return undefined;
    }
  }

  async #command(interaction: APIApplicationCommandInteraction, scene: InteractionScene): Promise<void> {
    if (interaction.data.type === ApplicationCommandType.ChatInput) {
      const { command, options } = givenCommand(interaction.data);
      const files = handedFiles(interaction.data);
      return this.#perform(interaction, scene, { command, options }, { files });
    }
    const { front, parts, userId, readsAll } = this.#options;
    const use =
      interaction.data.type === ApplicationCommandType.Message
        ? messageCommand(interaction.data, scene, {
            userId,
            applicationId: parts.api.applicationId,
            readsAll: readsAll(),
          })
        : undefined;
    if (use === undefined) return this.#reply(interaction, scene, UNKNOWN_COMMAND);
    if ('refusal' in use) return this.#reply(interaction, scene, notice('refusal', use.refusal));
    if ('action' in use) return this.#perform(interaction, scene, use.action);
    const answer = this.#answerTo(interaction, 'hidden');
    await answer.acknowledge();
    await this.#finishing(answer, scene, async () => {
      const line = await use.line((guildId, personId) => parts.api.member(guildId, personId));
      await front.hear(line, new DiscordStage(parts, scene.place, { answer }));
    });
  }

  async #press(interaction: APIMessageComponentInteraction, scene: InteractionScene): Promise<void> {
    const isButton = interaction.data.component_type === ComponentType.Button;
    const code = isButton ? decodeAction(interaction.data.custom_id) : undefined;
    await this.#decoded(interaction, scene, code, (action, leftInMs) => {
      if ((action.asks ?? []).length > 0) return this.#ask(interaction, scene, action, leftInMs);
      const isPressedHidden = ((interaction.message.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
      return this.#perform(interaction, scene, action, { isPressedHidden, leftInMs });
    });
  }

  async #submit(interaction: APIModalSubmitInteraction, scene: InteractionScene): Promise<void> {
    const code = decodeAction(interaction.data.custom_id);
    await this.#decoded(interaction, scene, code, (action, leftInMs) => {
      const sent = sentForm(interaction.data, action);
      return this.#perform(interaction, scene, sent.action, { sent, leftInMs });
    });
  }

  /** Finds the action behind a code, which may lie inside; acknowledges first where that takes long. */
  async #decoded(
    interaction: APIMessageComponentInteraction | APIModalSubmitInteraction,
    scene: InteractionScene,
    code: ButtonCode | undefined,
    act: (action: PressedAction, leftInMs: number) => Promise<void>,
  ): Promise<void> {
    if (code === undefined) return this.#reply(interaction, scene, UNKNOWN_BUTTON);
    if (code.kind === 'action') return act(code.action, FORM_LIMIT_IN_MS);
    const { front } = this.#options;
    const beganAt = performance.now();
    const finding = front.unshelve(scene.place, code.shelfCode);
    const found = await inTime(FORM_LIMIT_IN_MS, finding);
    if (found !== undefined) {
      if (found.value === undefined) return this.#reply(interaction, scene, UNKNOWN_BUTTON);
      return act(found.value, Math.max(0, FORM_LIMIT_IN_MS - (performance.now() - beganAt)));
    }
    const answer = this.#answerTo(interaction, 'hidden');
    await answer.acknowledge();
    await this.#finishing(answer, scene, async () => {
      const action = await finding;
      if (action === undefined) await this.#stage(scene, answer).tell(UNKNOWN_BUTTON, 'asker');
      else if (interaction.type === InteractionType.ModalSubmit) {
        const sent = sentForm(interaction.data, action);
        await this.#run(interaction.id, scene, answer, sent.action, { sent });
      } else if ((action.asks ?? []).length > 0) {
        await this.#stage(scene, answer).tell(typeInstead(action), 'asker');
      } else await this.#run(interaction.id, scene, answer, action);
    });
  }

  /** Shows the form that a button asks for, where it comes in time. */
  async #ask(
    interaction: APIMessageComponentInteraction,
    scene: InteractionScene,
    action: PressedAction,
    withinMs: number,
  ): Promise<void> {
    const asked = await askedForm(this.#options, scene, action, withinMs);
    if ('instead' in asked) return this.#reply(interaction, scene, asked.instead);
    await this.#options.parts.api.showModal(interaction, asked.modal);
  }

  async #perform(
    interaction: APIInteraction,
    scene: InteractionScene,
    action: PressedAction,
    { isPressedHidden, sent, files, leftInMs = FORM_LIMIT_IN_MS }: Performing = {},
  ): Promise<void> {
    const declared = this.#options.front.commands.find(({ name }) => name === action.command);
    const isShown = declared !== undefined && answersTo(declared, action.options) === 'everyone';
    const form = action.isInPlace ? 'in place' : isShown ? 'shown' : 'hidden';
    if (form === 'shown' && declared?.permission !== 'player') {
      const refusal = await this.#refusalOf(scene, action, leftInMs);
      if (refusal !== undefined) {
        return this.#reply(interaction, scene, sent === undefined ? refusal : withFormAgain(refusal, sent));
      }
    }
    const answer = this.#answerTo(interaction, form, isPressedHidden);
    await answer.acknowledge();
    await this.#finishing(answer, scene, () =>
      this.#run(interaction.id, scene, answer, action, { sent, files }),
    );
  }

  /** Why this person may not: asked before everybody sees that an answer is coming. Undefined where that takes long. */
  async #refusalOf(
    { place, person }: InteractionScene,
    { command, options }: PressedAction,
    withinMs: number,
  ): Promise<Notice | undefined> {
    const asking = this.#options.front.form({ place, person, command, options, asks: [] });
    const asked = await inTime(withinMs, asking);
    return asked !== undefined && 'refusal' in asked.value ? asked.value.refusal : undefined;
  }

  async #run(
    callId: string,
    scene: InteractionScene,
    answer: InteractionAnswer,
    { command, options }: PressedAction,
    { sent, files }: Pick<Performing, 'sent' | 'files'> = {},
  ): Promise<void> {
    const { place, person } = scene;
    const call = { place, callId, person, speaker: undefined, command, options, ...(files && { files }) };
    const stage = this.#stage(scene, answer);
    await this.#options.front.run(call, sent === undefined ? stage : offeringForm(stage, sent));
  }

  /** Does the work; an answer that was announced and did not come is settled, whatever became of it. */
  async #finishing(
    answer: InteractionAnswer,
    scene: InteractionScene,
    work: () => Promise<void>,
  ): Promise<void> {
    const { log, readsAll, parts } = this.#options;
    try {
      await work();
    } catch (error) {
      // Where even this cannot be said, nobody waits for it any more.
      await this.#stage(scene, answer)
        .tell(FAILED, 'asker')
        .catch(() => undefined);
      throw error;
    } finally {
      await answer
        .finish()
        .catch((error: unknown) => log.warn('an announced answer could not be settled', {}, error));
    }
    const { person, place } = scene;
    const { platformId } = place.workspace;
    if (!readsAll() && scene.guild !== undefined && person.isManager) {
      await parts
        .once(`hears ${platformId}`, () => this.#stage(scene, answer).tell(HEARS_LITTLE, 'asker'))
        .catch((error: unknown) => log.info('nobody could be told how little is heard', {}, error));
    }
  }

  /** Answers at once, to the asker alone. */
  async #reply(
    interaction: APIInteraction,
    scene: InteractionScene | undefined,
    said: Notice,
  ): Promise<void> {
    const { api, codes } = this.#options.parts;
    const actions = actionsOf(said);
    const codeOf =
      scene === undefined || actions.length === 0
        ? () => undefined
        : await codes.forAll(scene.place, actions);
    const flags = MessageFlags.Ephemeral | MessageFlags.IsComponentsV2;
    const [first = [], ...more] = noticePages(said, codeOf);
    await api.reply(interaction, { components: first, flags });
    for (const components of more) await api.followUp(interaction, { components, flags });
  }

  #answerTo(interaction: APIInteraction, form: AnswerForm, isPressedHidden = false): InteractionAnswer {
    const { api, clock } = this.#options.parts;
    return new InteractionAnswer({ api, clock, interaction, form, isPressedHidden });
  }

  #stage({ place }: InteractionScene, answer: InteractionAnswer): DiscordStage {
    return new DiscordStage(this.#options.parts, place, { answer });
  }
}
