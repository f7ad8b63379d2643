import { type Notice, notice } from '#src/core/view.ts';
import { pressedAction } from './button-codes.ts';
import type { CommandDesk } from './command-desk.ts';
import { commandModal, type TypedInModal } from './command-modal.ts';
import { UMBRELLA } from './command-words.ts';
import { rememberedForm } from './form-memory.ts';
import type { Hearing } from './hearing.ts';
import { mentionedPeople } from './incoming-text.ts';
import type { SlackMessageEvent } from './message-events.ts';
import { filledIn, type SubmittedValue } from './modal.ts';
import { ResponseUrl } from './response-url.ts';
import type { Shortcut } from './shortcuts.ts';
import { type InPlace, SlackStage, type StageTools } from './slack-stage.ts';
import type { SlackTeam } from './slack-team.ts';
import { type Reading, readSlashCommand } from './typed-command.ts';
import { type Happening, type Whereabouts, whereabouts } from './where.ts';

const UNKNOWN = notice(
  'refusal',
  'Nobody knows any more what this does: it is of an older version, or of something that is gone. /dramatis help lists the commands.',
);
const UNKNOWN_FORM = notice('refusal', 'This form is too old. Open it again, or type the command.');
const NO_PERSON = notice('refusal', 'Only what a person said can be said to NPCs.');
const HEARD = notice('hint', 'It was said to those on stage.');

/** What every interaction tells of itself. */
interface Interaction extends Happening {
  readonly responseUrl: string | undefined;
}

export type ChosenMessage = Interaction & {
  readonly message: SlackMessageEvent;
  readonly triggerId: string;
  readonly callId: string;
};

/** Slash commands, buttons, forms and shortcuts. Everything here runs after Slack has its acknowledgement. */
export class Interactions {
  readonly #tools: StageTools;
  readonly #desk: CommandDesk;
  readonly #hearing: Hearing;

  constructor(tools: StageTools, desk: CommandDesk, hearing: Hearing) {
    this.#tools = tools;
    this.#desk = desk;
    this.#hearing = hearing;
  }

  async slash(
    team: SlackTeam,
    slash: Interaction & { readonly command: string; readonly text: string; readonly triggerId: string },
  ): Promise<void> {
    const { command, text, triggerId, userId } = slash;
    const { where, stage } = await this.#at(team, slash);
    await this.#desk.answering(team, stage, 'a slash command', async () => {
      const names = await team.people.names(mentionedPeople(text));
      const isBare = command === `/${UMBRELLA}` && text.trim() === '';
      const typed: Reading = isBare
        ? { command: 'help', options: {} }
        : readSlashCommand(command, text, this.#tools.front.commands, names);
      if ('refusal' in typed) return stage.tell(notice('refusal', typed.refusal), 'asker');
      // Slack sends a slash command once, and names it by nothing else.
      return this.#desk.runOrAsk(team, { where, userId, callId: triggerId, typed, stage, triggerId });
    });
  }

  async press(
    team: SlackTeam,
    press: Interaction & {
      readonly code: string;
      readonly triggerId: string;
      readonly callId: string;
      /** The message the button stands on; `isEphemeral`: only the person sees it. */
      readonly messageTs: string | undefined;
      readonly isEphemeral: boolean;
    },
  ): Promise<void> {
    const { userId, code, triggerId, callId, messageTs, isEphemeral } = press;
    const { where, stage } = await this.#at(team, press);
    await this.#desk.answering(team, stage, 'a button', async () => {
      const action = await pressedAction(this.#tools.front, where.place, code);
      if (action === undefined) return stage.tell(UNKNOWN, 'asker');
      const { command, options, asks = [], isInPlace = false } = action;
      const replaced = isEphemeral ? ({ kind: 'response' } as const) : ofMessage(messageTs);
      const inPlace = isInPlace ? replaced : undefined;
      const answer = inPlace === undefined ? stage : this.#stage(team, press, where, inPlace);
      const wish = { where, userId, typed: { command, options }, stage: answer };
      return asks.length === 0
        ? this.#desk.run(team, { ...wish, callId })
        : this.#desk.ask(team, { ...wish, triggerId, asks, inPlace });
    });
  }

  async submit(
    team: SlackTeam,
    sent: {
      readonly userId: string;
      readonly viewId: string;
      readonly metadata: string;
      readonly values: Readonly<Record<string, Readonly<Record<string, SubmittedValue>>>>;
    },
  ): Promise<void> {
    const { userId, viewId, metadata, values } = sent;
    const form = await rememberedForm(metadata, team, userId, this.#tools.front);
    if (form === undefined) return this.#tellDirectly(team, userId, UNKNOWN_FORM);
    const { typed, where, inPlace } = form;
    const here = { ...where.spot, userId, responseUrl: undefined };
    const stage = this.#stage(team, here, where, inPlace);
    await this.#desk.answering(team, stage, 'a form', async () => {
      const options = { ...typed.options, ...(await this.#named(team, filledIn(values))) };
      // A form that is sent twice is one call.
      const callId = `form-${viewId}`;
      await this.#desk.run(team, { where, userId, callId, typed: { ...typed, options }, stage });
    });
  }

  /** A command typed into a form; what it lacks is asked for in another. */
  async submitTyped(
    team: SlackTeam,
    sent: TypedInModal & {
      readonly userId: string;
      readonly viewId: string;
      readonly triggerId: string;
      readonly typed: Exclude<Reading, { refusal: string }>;
    },
  ): Promise<void> {
    const { userId, viewId, triggerId, typed } = sent;
    const { where, stage } = await this.#at(team, { ...sent, responseUrl: undefined });
    const wish = { where, userId, callId: `typed-${viewId}`, typed, stage, triggerId };
    await this.#desk.answering(team, stage, 'a typed command', () => this.#desk.runOrAsk(team, wish));
  }

  /** Something chosen from a message's menu; `does` undefined: nobody knows it here. */
  async shortcut(team: SlackTeam, does: Shortcut['does'] | undefined, chosen: ChosenMessage): Promise<void> {
    const { message, userId, triggerId, callId } = chosen;
    const { where, stage } = await this.#at(team, chosen);
    await this.#desk.answering(team, stage, 'a shortcut', async () => {
      if (does === undefined) return stage.tell(UNKNOWN, 'asker');
      if (does === 'type') return team.api.openView(triggerId, commandModal(chosen));
      if (does === 'say') {
        const said = this.#hearing.pointedAt(team, message);
        await stage.tell(said === undefined ? NO_PERSON : HEARD, 'asker');
        return said === undefined ? undefined : this.#hearing.say(team, said);
      }
      const typed = { command: does.command, options: {} };
      return this.#desk.runOrAsk(team, { where, userId, callId, typed, stage, triggerId });
    });
  }

  /** Something chosen from anywhere: there is no channel to answer in. */
  async globalShortcut(
    team: SlackTeam,
    does: Shortcut['does'] | undefined,
    chosen: { readonly userId: string; readonly triggerId: string },
  ): Promise<void> {
    if (does === undefined) return this.#tellDirectly(team, chosen.userId, UNKNOWN);
    await team.api.openView(chosen.triggerId, commandModal(undefined));
  }

  async #at(team: SlackTeam, interaction: Interaction) {
    const where = await whereabouts(team, this.#tools.threads, interaction);
    return { where, stage: this.#stage(team, interaction, where, undefined) };
  }

  #stage(
    team: SlackTeam,
    { userId, responseUrl }: Interaction,
    { place, spot }: Whereabouts,
    inPlace: InPlace | undefined,
  ): SlackStage {
    const way = responseUrl === undefined ? undefined : new ResponseUrl(responseUrl, team.clock);
    const asker = { id: userId, responseUrl: way };
    return new SlackStage(this.#tools, { team, place, spot, asker, inPlace });
  }

  /** "person:U1" as "person:U1 Bob". */
  async #named(team: SlackTeam, options: Readonly<Record<string, string>>) {
    const named = Object.entries(options).map(async ([name, value]) => {
      const id = /^person:([A-Z0-9]+)$/u.exec(value)?.[1];
      return [name, id === undefined ? value : `${value} ${(await team.people.person(id)).name}`] as const;
    });
    return Object.fromEntries(await Promise.all(named));
  }

  async #tellDirectly(team: SlackTeam, userId: string, told: Notice): Promise<void> {
    const channel = await team.api.openDirect(userId);
    const here = { channel, userId, threadTs: undefined, responseUrl: undefined };
    const { stage } = await this.#at(team, here);
    await stage.tell(told, 'asker');
  }
}

function ofMessage(ts: string | undefined): InPlace | undefined {
  return ts === undefined ? undefined : { kind: 'message', ts };
}
