import { LRUCache } from 'lru-cache';
import { type Notice, notice } from '#src/core/view.ts';
import { pressedAction } from './button-codes.ts';
import type { CommandDesk } from './command-desk.ts';
import { commandModal, type TypedInModal } from './command-modal.ts';
import { rememberedForm } from './form-memory.ts';
import { type FormReply, refusingIn } from './form-reply.ts';
import type { Hearing } from './hearing.ts';
import { mentionedPeople } from './incoming-text.ts';
import type { SlackMessageEvent } from './message-events.ts';
import { filledIn, type SubmittedValue, sharedIn } from './modal.ts';
import { ResponseUrl } from './response-url.ts';
import type { Shortcut } from './shortcuts.ts';
import { type InPlace, SlackStage, type StageTools } from './slack-stage.ts';
import type { SlackTeam } from './slack-team.ts';
import { type ReadAmong, type Reading, readSlashCommand } from './typed-command.ts';
import { bothPlaces, type Happening, type Whereabouts, whereabouts } from './where.ts';

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

/** A form as it came back. */
interface SentForm {
  readonly userId: string;
  readonly viewId: string;
  readonly metadata: string;
  readonly values: Readonly<Record<string, Readonly<Record<string, SubmittedValue>>>>;
}

/** Forms that stay open after a refusal. */
const MAX_REFUSED = 1000;

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
  /** How often a form was refused, by the id of its view. */
  readonly #refusals = new LRUCache<string, number>({ max: MAX_REFUSED });

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
    await this.#answering(team, slash, 'a slash command', async (where, stage) => {
      const names = await team.people.names(mentionedPeople(text));
      const read: ReadAmong = (commands) => readSlashCommand(command, text, commands, names);
      const typed = read(this.#tools.front.commands);
      if ('refusal' in typed) return this.#desk.refuse(team, { where, userId, stage }, typed, read);
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
    await this.#answering(team, press, 'a button', async (where, stage) => {
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

  /** @param reply is decided in the end, whatever happens. */
  async submit(team: SlackTeam, sent: SentForm, reply: FormReply): Promise<void> {
    try {
      await this.#submit(team, sent, reply);
    } finally {
      reply.close();
    }
  }

  async #submit(team: SlackTeam, sent: SentForm, reply: FormReply): Promise<void> {
    const { userId, viewId, metadata, values } = sent;
    const form = await rememberedForm(metadata, team, userId, this.#tools.front);
    if (form === undefined) {
      reply.close();
      return this.#tellDirectly(team, userId, UNKNOWN_FORM);
    }
    const { typed, where, inPlace } = form;
    const here = { ...where.spot, userId, responseUrl: undefined };
    const stage = refusingIn(reply, this.#stage(team, here, where, inPlace));
    const refusals = this.#refusals.get(viewId) ?? 0;
    await this.#desk.answering(team, stage, 'a form', async () => {
      const options = { ...typed.options, ...(await this.#named(team, filledIn(values))) };
      // A form that is sent twice is one call; once it was refused it is sent anew.
      const callId = `form-${viewId}-${refusals}`;
      const shared = sharedIn(values);
      await this.#desk.run(team, { where, userId, callId, typed: { ...typed, options }, stage, shared });
    });
    reply.close();
    if ((await reply.refusal) !== undefined) this.#refusals.set(viewId, refusals + 1);
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
    const here = { ...sent, responseUrl: undefined };
    await this.#answering(team, here, 'a typed command', (where, stage) =>
      this.#desk.runOrAsk(team, { where, userId, callId: `typed-${viewId}`, typed, stage, triggerId }),
    );
  }

  /** Something chosen from a message's menu; `does` undefined: nobody knows it here. */
  async shortcut(team: SlackTeam, does: Shortcut['does'] | undefined, chosen: ChosenMessage): Promise<void> {
    const { message, userId, triggerId, callId } = chosen;
    await this.#answering(team, chosen, 'a shortcut', async (where, stage) => {
      if (does === undefined) return stage.tell(UNKNOWN, 'asker');
      if (does === 'type') return team.api.openView(triggerId, commandModal(chosen));
      if (does === 'say') {
        const said = this.#hearing.pointedAt(team, message);
        if (said === undefined) return stage.tell(NO_PERSON, 'asker');
        await this.#hearing.say(team, said, userId);
        return stage.tell(HEARD, 'asker');
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

  /** Does something where it was asked for; where Slack does not say in whose thread that is, they are told so. */
  async #answering(
    team: SlackTeam,
    interaction: Interaction,
    doing: string,
    work: (where: Whereabouts, stage: SlackStage) => Promise<void>,
  ): Promise<void> {
    const { channel, threadTs } = interaction;
    const place = bothPlaces(team, interaction).inChannel;
    const nearby = { place, spot: { channel, threadTs }, thread: undefined };
    const answers = this.#stage(team, interaction, nearby, undefined);
    await this.#desk.answering(team, answers, doing, async () => {
      const where = await whereabouts(team, this.#tools.threads, interaction);
      await work(where, this.#stage(team, interaction, where, undefined));
    });
  }

  #stage(
    team: SlackTeam,
    { userId, responseUrl }: Interaction,
    { place, spot }: Whereabouts,
    inPlace: InPlace | undefined,
  ): SlackStage {
    const way = responseUrl === undefined ? undefined : new ResponseUrl(responseUrl, team.clock, team.log);
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
    const where = await whereabouts(team, this.#tools.threads, here);
    await this.#stage(team, here, where, undefined).tell(told, 'asker');
  }
}

function ofMessage(ts: string | undefined): InPlace | undefined {
  return ts === undefined ? undefined : { kind: 'message', ts };
}
