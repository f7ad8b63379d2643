import type { TypedCommand, Unreadable } from '#src/core/command-syntax.ts';
import { Refusal } from '#src/core/errors.ts';
import type { FormView } from '#src/core/form.ts';
import type { IncomingCall, Person, Place } from '#src/core/front.ts';
import { type Action, type Notice, notice, type Stage } from '#src/core/view.ts';
import { formMemory } from './form-memory.ts';
import type { SharedFile } from './incoming-text.ts';
import { formModal } from './modal.ts';
import { FILES_SCOPE } from './scopes.ts';
import { MissingScope, SlackFault } from './slack-errors.ts';
import type { InPlace, SlackStage, StageTools } from './slack-stage.ts';
import type { SlackTeam } from './slack-team.ts';
import { fileOptionOf, missingOptions, optionsToAsk, type ReadAmong } from './typed-command.ts';
import { personIn, type Whereabouts } from './where.ts';

export interface Wish {
  readonly where: Whereabouts;
  readonly userId: string;
  readonly callId: string;
  readonly typed: TypedCommand;
  readonly stage: Stage;
  /** What came with it for its option that takes a file; none where left out. */
  readonly shared?: readonly SharedFile[];
}

/** `Front.complete` gives no more. */
const MOST_COMPLETED = 25;

/** Runs commands, and asks first for what they need. */
export class CommandDesk {
  readonly #tools: StageTools;

  constructor(tools: StageTools) {
    this.#tools = tools;
  }

  async run(team: SlackTeam, wish: Wish): Promise<void> {
    const { where, userId, callId, typed, stage, shared = [] } = wish;
    const { place } = where;
    const person = await personIn(team, place, userId);
    const { options, files } = await this.#handed(team, { place, person, typed, shared });
    const { command } = typed;
    await this.#tools.front.run(
      { place, callId, person, speaker: undefined, command, options, files },
      stage,
    );
  }

  /** What came with a command, beside its other options. Nobody's file is looked at for what they may not run. */
  async #handed(
    team: SlackTeam,
    wish: Pick<Wish, 'typed'> & {
      readonly place: Place;
      readonly person: Person;
      readonly shared: readonly SharedFile[];
    },
  ): Promise<Required<Pick<IncomingCall, 'options' | 'files'>>> {
    const { place, person, shared } = wish;
    const { command, options } = wish.typed;
    const { front } = this.#tools;
    const option = fileOptionOf(command, front.commands);
    const [file, ...others] = shared;
    if (option === undefined || file === undefined) return { options, files: new Map() };
    const allowed = await front.allowed(place, person);
    if (!allowed.some(({ name }) => name === command)) return { options, files: new Map() };
    if (others.length > 0)
      throw new Refusal(`/${command} takes one file at a time. Hand them in one by one.`);
    const handed = await team.files.handed(file);
    return { options: { ...options, [option]: handed.name }, files: new Map([[option, handed]]) };
  }

  /**
   * Says why what was typed is no command. Where there is none of that name, others come to mind: only those that this
   * person may run.
   */
  async refuse(
    team: SlackTeam,
    { where, userId, stage }: Pick<Wish, 'where' | 'userId' | 'stage'>,
    { refusal, isUnknown }: Unreadable,
    read: ReadAmong,
  ): Promise<void> {
    const person = await personIn(team, where.place, userId);
    const allowed = isUnknown ? await this.#tools.front.allowed(where.place, person) : [];
    const again = allowed.length === 0 ? undefined : read(allowed);
    const why = again !== undefined && 'refusal' in again ? again.refusal : refusal;
    await stage.tell(notice('refusal', why), 'asker');
  }

  /** Typed where no form can be opened by itself: what is missing is asked for behind a button. */
  async runTyped(team: SlackTeam, wish: Wish): Promise<void> {
    const { commands } = this.#tools.front;
    const { typed, stage, shared = [] } = wish;
    const fileOption = fileOptionOf(typed.command, commands);
    const handed = shared.length === 0 ? undefined : fileOption;
    const missing = missingOptions(typed, commands, handed);
    if (missing.length === 0) return this.run(team, wish);
    const action: Action = { label: 'Fill in', ...typed, asks: optionsToAsk(typed, commands) };
    const example = commands.find(({ name }) => name === typed.command)?.example ?? '';
    const asTyped = example.replace(/^\//u, '@Dramatis ').replace(/\.$/u, '');
    const asFile =
      fileOption !== undefined && missing.includes(fileOption) ? ' say it with a file attached,' : '';
    const words = `/${typed.command} needs more. Fill it in,${asFile} or type it whole, such as ${asTyped}.`;
    await stage.tell({ ...notice('refusal', words), actions: [action] }, 'asker');
  }

  /** Typed with a slash, or chosen: a form opens for what is missing, while Slack still lets one open. */
  async runOrAsk(team: SlackTeam, wish: Wish & { readonly triggerId: string }): Promise<void> {
    const asks = optionsToAsk(wish.typed, this.#tools.front.commands);
    if (asks.length === 0) return this.run(team, wish);
    await this.ask(team, { ...wish, asks });
  }

  /** Opens the form that asks for these options. */
  async ask(
    team: SlackTeam,
    wish: Omit<Wish, 'callId'> & {
      readonly triggerId: string;
      readonly asks: readonly string[];
      readonly inPlace?: InPlace | undefined;
    },
  ): Promise<void> {
    const { front } = this.#tools;
    const { where, userId, typed, asks, stage, triggerId, inPlace } = wish;
    const { place, spot } = where;
    const person = await personIn(team, place, userId);
    const fileOption = fileOptionOf(typed.command, front.commands);
    const asksForFile = fileOption !== undefined && asks.includes(fileOption);
    const takesFiles = asksForFile && (await team.files.mayRead());
    const form = await front.form({ place, person, ...typed, asks, takesFiles });
    if ('refusal' in form) return stage.tell(form.refusal, 'asker');
    const lacking = asksForFile && !takesFiles ? new MissingScope(FILES_SCOPE) : undefined;
    if (lacking !== undefined && Object.hasOwn(typed.options, fileOption ?? '')) throw lacking;
    const shelve = (action: Action) => front.shelve(place, action);
    const [memory, names] = await Promise.all([
      formMemory({ typed: form, place, spot, inPlace }, shelve),
      this.#namesFor(form, place, person),
    ]);
    await team.api.openView(triggerId, formModal(form, memory, names));
    // What can be typed there still can.
    if (lacking !== undefined) await stage.tell(notice('hint', lacking.message), 'asker');
  }

  /** Whom the fields for NPCs offer. Where there may be more than the inside tells of, a name is typed. */
  async #namesFor({ command, fields }: FormView, place: Place, person: Person) {
    const asked = fields.filter(({ spec }) => spec.kind === 'npc');
    const found = asked.map(async ({ option }) => {
      const names = await this.#tools.front.complete({ place, person, command, option, typed: '' });
      return [option, names.length < MOST_COMPLETED ? names : []] as const;
    });
    return new Map(await Promise.all(found));
  }

  /** Does something for a person who waits for it: whatever fails, they are told. */
  async answering(team: SlackTeam, stage: Stage, doing: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) team.log.error('Something in Slack failed', { doing }, error);
      await stage.tell(failureNotice(error), 'asker');
    }
  }

  /** Somebody pressed Slack's own button on a reply that is being streamed. */
  async stop(team: SlackTeam, place: Place, userId: string, stage: SlackStage, key: string): Promise<void> {
    const person = await personIn(team, place, userId);
    const call = { place, callId: `stop-${key}`, person, speaker: undefined, command: 'stop', options: {} };
    await this.#tools.front.run(call, stage);
  }
}

/** Slack's codes for a form that comes after the three seconds in which it may. */
const TOO_LATE = new Set(['expired_trigger_id', 'exchanged_trigger_id', 'trigger_expired']);

function failureNotice(error: unknown): Notice {
  if (error instanceof Refusal) return notice('refusal', error.message);
  if (error instanceof SlackFault && TOO_LATE.has(error.code)) {
    return notice(
      'trouble',
      'Slack lets a form open only within three seconds, and they were over. Do it again, or type the command with its options.',
    );
  }
  return notice(
    'trouble',
    'That did not work: something failed inside, and whoever runs Dramatis finds the cause in its log. Try again.',
  );
}
