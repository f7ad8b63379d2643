import { randomUUID } from 'node:crypto';
import type { Clock } from '#src/core/clock.ts';
import type { CommandDeclaration } from '#src/core/command.ts';
import { checkOptions } from '#src/core/command-options.ts';
import { completions, quoted, readCommand } from '#src/core/command-syntax.ts';
import type { Speaker } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Front, Person, Place } from '#src/core/front.ts';
import { nameKey } from '#src/core/names.ts';
import { notice } from '#src/core/view.ts';
import { LONGEST_LINE } from './line-reader.ts';
import { filesOf } from './local-file.ts';
import { paintName } from './paint.ts';
import { plainLine } from './plain-text.ts';
import type { Screen } from './screen.ts';
import { TerminalPlatform } from './terminal-platform.ts';
import { TerminalStage } from './terminal-stage.ts';
import { breakRows, clipToWidth } from './text-layout.ts';

const AS = {
  name: 'as',
  summary: 'Speak as a character; alone, as the GM again.',
  permission: 'player',
  answers: 'asker',
  options: { name: { kind: 'text', description: 'the character', required: false, maxLength: 60 } },
  example: '/as Mira',
} as const satisfies CommandDeclaration;
const QUIT = {
  name: 'quit',
  summary: 'Leave the table.',
  permission: 'player',
  answers: 'asker',
  options: {},
  example: '/quit',
} as const satisfies CommandDeclaration;
const EXIT = { ...QUIT, name: 'exit', example: '/exit' } as const satisfies CommandDeclaration;

/** Whatever is said at the table is said to those on stage. */
const TABLE_TALK = { isDirect: true, repliesTo: undefined, attachments: [], source: 'person' } as const;

const WIDEST_PROMPT_NAME = 20;
/** Nobody asks for a completion of more. */
const LONGEST_COMPLETED = 1000;

export interface TableOptions {
  readonly front: Front;
  readonly place: Place;
  /** Who sits at the table. */
  readonly person: Person;
  readonly clock: Clock;
  /** A fault inside that reached the table, where one sentence was shown: for the log. */
  readonly onFault: (error: unknown) => void;
}

/** What a line means at the local table: who says it, and whether it is speech, a command, or the table's own affair. */
export class Table {
  readonly #options: TableOptions;
  readonly #screen: Screen;
  readonly #stage: TerminalStage;
  readonly #commands: readonly CommandDeclaration[];
  /** Of this process alone, so that a restart never repeats an id. */
  readonly #session = randomUUID();
  #idCount = 0;
  readonly #gm: Speaker;
  #speaker: Speaker;
  readonly #characters = new Set<string>();
  readonly #working = new Set<Promise<void>>();
  #hasLeft = false;

  constructor(screen: Screen, options: TableOptions) {
    this.#options = options;
    this.#screen = screen;
    const own = [AS, QUIT, EXIT];
    const others = options.front.commands.filter(({ name }) => own.every((each) => each.name !== name));
    // The table keeps its own /as: who speaks here is the table's affair, and the prompt shows it.
    this.#commands = [...others, ...own];
    this.#stage = new TerminalStage(screen, options.clock, this.#commands);
    this.#gm = { kind: 'gm', id: options.person.id, name: 'GM' };
    this.#speaker = this.#gm;
  }

  /** Whether somebody asked to leave. */
  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** Whether a reply or a command is under way. */
  get isWorking(): boolean {
    return this.#working.size > 0;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#working);
  }

  /** "Mira › ". */
  get prompt(): string {
    return `${this.#painted(clipToWidth(this.#speaker.name, WIDEST_PROMPT_NAME))} › `;
  }

  open(): Promise<void> {
    const { front, place } = this.#options;
    return this.#work(async () => {
      await front.join(new TerminalPlatform(this.#stage));
      await front.greet(place, this.#stage);
    });
  }

  welcome(): Promise<void> {
    return this.#stage.tell(
      notice('hint', 'Type to speak. /help lists the commands, Tab completes them, /quit leaves.'),
    );
  }

  sayHowToLeave(): void {
    void this.#stage.tell(notice('hint', 'Press Ctrl-C again or type /quit to leave.'));
  }

  stop(): Promise<void> {
    return this.#guard(() => this.#run('stop', {}));
  }

  /** Does what a line asks for; resolves when every reply to it has ended. */
  async take(line: string): Promise<void> {
    const text = line.trim();
    if (text === '') return;
    if (text.length > LONGEST_LINE) {
      const limit = LONGEST_LINE.toLocaleString('en');
      await this.#refuse(`That line is longer than ${limit} characters and was not taken. Say it in parts.`);
    } else if (text.startsWith('/') && !text.startsWith('//')) await this.#takeCommand(text);
    else {
      const rows = breakRows(`${this.#speaker.name}: ${plainLine(text)}`, this.#screen.width, '  ');
      const [first = '', ...rest] = rows;
      const name = `${this.#speaker.name}:`;
      this.#stage.showInTurn([this.#painted(name) + first.slice(name.length), ...rest]);
      const { place, person, front } = this.#options;
      const said = { place, messageId: this.#nextId(), person, speaker: this.#speaker, text };
      const line = { ...said, ...TABLE_TALK };
      await this.#work(() => front.hear(line, this.#stage));
    }
  }

  /** Whole texts that may stand in place of the one typed so far. */
  async complete(text: string): Promise<readonly string[]> {
    if (!text.startsWith('/') || text.startsWith('//') || text.length > LONGEST_COMPLETED) return [];
    const { words, wordsFrom, value } = completions(text, this.#commands);
    const values = value === undefined ? [] : await this.#valuesOf(value);
    return [
      ...values.map((each) => `${text.slice(0, value?.from)}${quoted(plainLine(each))} `),
      ...words.map((word) => text.slice(0, wordsFrom) + word),
    ];
  }

  async #valuesOf(value: {
    readonly command: string;
    readonly option: string;
    readonly typed: string;
  }): Promise<readonly string[]> {
    if (value.command === AS.name) {
      const typed = nameKey(value.typed);
      return [...this.#characters, this.#gm.name].filter((name) => nameKey(name).startsWith(typed));
    }
    const { place, person, front, onFault } = this.#options;
    try {
      return await front.complete({
        place,
        person,
        command: value.command,
        option: value.option,
        typed: value.typed,
      });
    } catch (error) {
      onFault(error);
      return [];
    }
  }

  async #takeCommand(text: string): Promise<void> {
    const echo = breakRows(`> ${plainLine(text)}`, this.#screen.width, '  ');
    void this.#stage.show(echo.map((row) => this.#screen.paint('dim', row)));
    const typed = readCommand(text, this.#commands);
    if ('refusal' in typed) return this.#refuse(typed.refusal);
    switch (typed.command) {
      case AS.name:
        return this.#guard(() => this.#speakAs(typed.options));
      case QUIT.name:
      case EXIT.name:
        this.#hasLeft = true;
        return undefined;
      default:
        await this.#work(() => this.#run(typed.command, typed.options));
        if (typed.command === 'help' && Object.keys(typed.options).length === 0)
          await this.#tellOwnCommands();
        return undefined;
    }
  }

  async #run(command: string, options: Readonly<Record<string, string>>): Promise<void> {
    const { place, person, front } = this.#options;
    const call = { place, callId: this.#nextId(), person, speaker: this.#speaker, command, options };
    const declaration = this.#commands.find(({ name }) => name === command);
    await front.run({ ...call, files: await filesOf(declaration, options) }, this.#stage);
  }

  #tellOwnCommands(): Promise<void> {
    const facts = [
      { label: '/as NAME', value: AS.summary },
      { label: '/quit', value: QUIT.summary },
      { label: '// …', value: 'Out of character: no NPC hears it.' },
    ];
    return this.#stage.tell({
      tone: 'plain',
      blocks: [
        { kind: 'heading', text: 'At this terminal' },
        { kind: 'facts', facts },
      ],
      actions: [],
    });
  }

  async #speakAs(options: Readonly<Record<string, string>>): Promise<void> {
    const name = plainLine(checkOptions(AS, options).name ?? '');
    const isGm = name === '' || nameKey(name) === nameKey(this.#gm.name);
    const before = this.#speaker;
    const speaker: Speaker = isGm ? this.#gm : { kind: 'character', id: this.#options.person.id, name };
    // At once: what is typed next is said by them.
    this.#speaker = speaker;
    if (!isGm) {
      const { front, place, person } = this.#options;
      const isNew = !this.#characters.has(name);
      this.#characters.add(name);
      const why = await front.whyNotAs(place, person, name);
      if (why !== undefined) {
        if (isNew) this.#characters.delete(name);
        if (this.#speaker === speaker) this.#speaker = before;
        return this.#refuse(why);
      }
    }
    const sentence = isGm ? 'You speak as the GM.' : `You speak as ${name}. /as alone returns to the GM.`;
    await this.#stage.tell(notice('hint', sentence));
  }

  #refuse(sentence: string): Promise<void> {
    return this.#stage.tell(notice('refusal', sentence));
  }

  async #work(work: () => Promise<void>): Promise<void> {
    const working = this.#guard(work);
    this.#working.add(working);
    await working;
    this.#working.delete(working);
  }

  /** What fails inside is told here and logged there. */
  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Refusal) return this.#refuse(error.message);
      this.#options.onFault(error);
      const sentence =
        'Something inside went wrong and this was not done. The log has the reason; try it again.';
      await this.#stage.tell(notice('trouble', sentence));
    }
  }

  #painted(text: string): string {
    const { paint } = this.#screen;
    return this.#speaker.kind === 'gm' ? paint('bold', text) : paintName(paint, this.#speaker.name, text);
  }

  #nextId(): string {
    this.#idCount += 1;
    return `${this.#session}-${this.#idCount}`;
  }
}
