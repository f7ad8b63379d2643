import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteraction,
  type APIInteraction,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  ApplicationCommandType,
  ComponentType,
  InteractionType,
  MessageFlags,
} from 'discord.js';
import { type ButtonCode, decodeAction, type PressedAction } from '#src/chat/action-code.ts';
import { writeCommand } from '#src/core/command-syntax.ts';
import type { Front } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import { type Notice, notice } from '#src/core/view.ts';
import type { Directory } from './directory.ts';
import { DiscordStage } from './discord-stage.ts';
import { isAlreadyAcknowledged, isChannelGone, isTokenGone } from './faults.ts';
import { givenCommand } from './given-options.ts';
import { type AnswerForm, InteractionAnswer } from './interaction-answer.ts';
import { type InteractionScene, sceneOf } from './interaction-scene.ts';
import {
  BUSY,
  DONE,
  FORM_IS_LATE,
  HEARS_LITTLE,
  NOWHERE,
  UNKNOWN_BUTTON,
  UNKNOWN_COMMAND,
} from './interaction-words.ts';
import { MAX_CHOICE_LENGTH, MAX_CHOICES } from './limits.ts';
import { messageCommand } from './message-commands.ts';
import { modalOf, typedValues } from './modal.ts';
import { actionsOf, noticePages } from './notice-message.ts';
import type { StageParts } from './stage-parts.ts';
import { within } from './within.ts';

/** Discord waits 3 seconds for a form; what is looked up before it may take this long, and the rest is the network's. */
const FORM_LIMIT_IN_MS = 1500;
/** Discord shows what completes an option only if it comes within 3 seconds. */
const COMPLETION_LIMIT_IN_MS = 2000;

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

/** Commands, buttons and forms: acknowledged before anything else is done, then handed inside. */
export class Interactions {
  readonly #options: InteractionsOptions;

  constructor(options: InteractionsOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async take(interaction: APIInteraction): Promise<void> {
    const { log } = this.#options;
    const details = { interaction: interaction.id, type: interaction.type };
    try {
      await this.#take(interaction);
    } catch (error) {
      // The same one twice: the first delivery does the work.
      if (isAlreadyAcknowledged(error)) log.debug('an interaction came twice', details);
      else if (isChannelGone(error)) log.info('an interaction came from a channel that is gone', details);
      else if (isTokenGone(error)) log.warn('an interaction could not be answered in time', details, error);
      else log.error('an interaction could not be taken in', details, error);
    }
  }

  async #take(interaction: APIInteraction): Promise<void> {
    const { directory, busyWith } = this.#options;
    const scene = sceneOf(interaction, (id) => directory.guild(id));
    if (interaction.type === InteractionType.ApplicationCommandAutocomplete) {
      return this.#complete(interaction, scene);
    }
    const busy = busyWith();
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
      return this.#perform(interaction, scene, { command, options });
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
    await this.#decoded(interaction, scene, code, (action) => {
      if ((action.asks ?? []).length > 0) return this.#ask(interaction, scene, action);
      const isHidden = ((interaction.message.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
      return this.#perform(interaction, scene, action, isHidden);
    });
  }

  async #submit(interaction: APIModalSubmitInteraction, scene: InteractionScene): Promise<void> {
    const code = decodeAction(interaction.data.custom_id);
    const typed = typedValues(interaction.data);
    await this.#decoded(interaction, scene, code, ({ command, options }) =>
      this.#perform(interaction, scene, { command, options: { ...options, ...typed } }),
    );
  }

  /** Finds the action behind a code, which may lie inside; acknowledges first where that takes long. */
  async #decoded(
    interaction: APIMessageComponentInteraction | APIModalSubmitInteraction,
    scene: InteractionScene,
    code: ButtonCode | undefined,
    act: (action: PressedAction) => Promise<void>,
  ): Promise<void> {
    if (code === undefined) return this.#reply(interaction, scene, UNKNOWN_BUTTON);
    if (code.kind === 'action') return act(code.action);
    const { front } = this.#options;
    const finding = front.unshelve(scene.place, code.shelfCode);
    const found = await within(finding, FORM_LIMIT_IN_MS, () => undefined);
    if (found !== 'late') {
      return found.value === undefined ? this.#reply(interaction, scene, UNKNOWN_BUTTON) : act(found.value);
    }
    const answer = this.#answerTo(interaction, 'hidden');
    await answer.acknowledge();
    await this.#finishing(answer, scene, async () => {
      const action = await finding;
      const typed =
        interaction.type === InteractionType.ModalSubmit ? typedValues(interaction.data) : undefined;
      if (action === undefined) await this.#stage(scene, answer).tell(UNKNOWN_BUTTON, 'asker');
      else if ((action.asks ?? []).length > 0 && typed === undefined) {
        await this.#stage(scene, answer).tell(this.#typeInstead(action), 'asker');
      } else
        await this.#run(interaction.id, scene, answer, {
          ...action,
          options: { ...action.options, ...typed },
        });
    });
  }

  /** Shows the form that a button asks for, where it comes in time. */
  async #ask(
    interaction: APIMessageComponentInteraction,
    scene: InteractionScene,
    action: PressedAction,
  ): Promise<void> {
    const { front, parts, log } = this.#options;
    const { place, person } = scene;
    const { command, options, asks = [] } = action;
    const preparing = front.form({ place, person, command, options, asks }).then(async (form) => {
      if ('refusal' in form) return form;
      const filled = { label: form.title, command: form.command, options: form.options };
      return { form, code: await parts.codes.of(place, filled) };
    });
    const prepared = await within(preparing, FORM_LIMIT_IN_MS, (error) =>
      log.error('a form could not be prepared', { command }, error),
    );
    if (prepared === 'late') return this.#reply(interaction, scene, this.#typeInstead(action, FORM_IS_LATE));
    if ('refusal' in prepared.value) return this.#reply(interaction, scene, prepared.value.refusal);
    const { form, code } = prepared.value;
    const modal = modalOf(form, code);
    if ('tooLong' in modal) {
      const why = `${modal.tooLong.label} is longer than Discord’s forms take.`;
      return this.#reply(interaction, scene, this.#typeInstead(action, why));
    }
    await parts.api.showModal(interaction, modal);
  }

  #typeInstead({ command, options }: PressedAction, why = FORM_IS_LATE): Notice {
    const typed = writeCommand({ command, options }, this.#options.front.commands);
    return notice('refusal', `${why} Press the button again, or use the command ${typed}.`);
  }

  async #perform(
    interaction: APIInteraction,
    scene: InteractionScene,
    action: PressedAction,
    isPressedHidden = false,
  ): Promise<void> {
    const declared = this.#options.front.commands.find(({ name }) => name === action.command);
    const form = action.isInPlace ? 'in place' : declared?.answers === 'everyone' ? 'shown' : 'hidden';
    const answer = this.#answerTo(interaction, form, isPressedHidden);
    await answer.acknowledge();
    await this.#finishing(answer, scene, () => this.#run(interaction.id, scene, answer, action));
  }

  async #run(
    callId: string,
    scene: InteractionScene,
    answer: InteractionAnswer,
    { command, options }: PressedAction,
  ): Promise<void> {
    const { place, person } = scene;
    const call = { place, callId, person, speaker: undefined, command, options };
    await this.#options.front.run(call, this.#stage(scene, answer));
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
    } finally {
      await answer
        .finish(noticePages(DONE, () => undefined)[0] ?? [])
        .catch((error: unknown) => log.warn('an announced answer could not be settled', {}, error));
    }
    const { person, place } = scene;
    const { platformId } = place.workspace;
    if (
      !readsAll() &&
      scene.guild !== undefined &&
      person.isManager &&
      parts.isFirstFor(`hears ${platformId}`)
    ) {
      await this.#stage(scene, answer).tell(HEARS_LITTLE, 'asker');
    }
  }

  /** At most as many as Discord shows, and in time: nothing where they come late or cannot be found. */
  async #complete(
    interaction: APIApplicationCommandAutocompleteInteraction,
    scene: InteractionScene | undefined,
  ): Promise<void> {
    const { front, parts, log, busyWith } = this.#options;
    const { command, focused } = givenCommand(interaction.data);
    const isAsked = scene !== undefined && focused !== undefined && busyWith() === undefined;
    const finding = isAsked
      ? front.complete({ place: scene.place, person: scene.person, command, ...focused })
      : Promise.resolve([]);
    const onFault = (error: unknown) => log.warn('an option could not be completed', { command }, error);
    const found = await within(finding, COMPLETION_LIMIT_IN_MS, onFault).catch((error: unknown) => {
      onFault(error);
      return 'late' as const;
    });
    const values = found === 'late' ? [] : found.value;
    const shown = [...new Set(values)].filter((value) => value !== '' && value.length <= MAX_CHOICE_LENGTH);
    await parts.api.suggest(interaction, shown.slice(0, MAX_CHOICES));
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
