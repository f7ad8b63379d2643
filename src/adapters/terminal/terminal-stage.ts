import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '#src/core/clock.ts';
import type { CommandDeclaration } from '#src/core/command.ts';
import { Refusal } from '#src/core/errors.ts';
import type {
  Board,
  BoardView,
  Speech as ComingSpeech,
  Notice,
  SpeechEnding,
  SpeechOutput,
  Stage,
} from '#src/core/view.ts';
import { type NoticeLook, noticeRows } from './notice-rows.ts';
import { ProgressBoard } from './progress-board.ts';
import type { Screen } from './screen.ts';
import { Speech } from './speech.ts';

/**
 * The local table: one person sees it, so all audiences are one. One NPC has the floor at a time; whoever speaks
 * meanwhile waits, and everything else breaks in between two rows.
 */
export class TerminalStage implements Stage {
  readonly #screen: Screen;
  readonly #clock: Clock;
  readonly #commands: readonly CommandDeclaration[];
  /** The first has the floor. */
  readonly #speeches: Speech[] = [];
  /** Rows to show once the floor is free. */
  readonly #later: (readonly string[])[] = [];

  constructor(screen: Screen, clock: Clock, commands: readonly CommandDeclaration[]) {
    this.#screen = screen;
    this.#clock = clock;
    this.#commands = commands;
  }

  get isSpeaking(): boolean {
    return this.#speeches.length > 0;
  }

  tell(notice: Notice): Promise<void> {
    return this.show(noticeRows(notice, this.#look()));
  }

  /** Tells what is for the game master's eyes, marked as such. */
  tellGm(notice: Notice): Promise<void> {
    return this.show([
      this.#screen.paint(['bold', 'yellow'], 'GM only'),
      ...noticeRows(notice, this.#look()),
    ]);
  }

  async openBoard(view: BoardView): Promise<Board> {
    return new ProgressBoard(view, {
      screen: this.#screen,
      look: () => this.#look(),
      clock: this.#clock,
      print: (rows) => this.show(rows),
    });
  }

  async openThread(): Promise<never> {
    throw new Refusal('There are no threads at the local table. The scene goes on right here.');
  }

  async speak({ npc }: Pick<ComingSpeech, 'npc'>): Promise<SpeechOutput> {
    const speech = new Speech(npc.name, this.#screen, (ended, ending) => this.#endSpeech(ended, ending));
    this.#speeches.push(speech);
    if (this.#speeches.length === 1) speech.takeFloor();
    this.#noteWaiting();
    return speech;
  }

  /** Shows rows at once, breaking in where somebody is speaking. */
  show(rows: readonly string[]): Promise<void> {
    const [speaking] = this.#speeches;
    speaking?.breakOff();
    return this.#screen.print(rows, speaking?.sign);
  }

  /** Shows rows when nobody is speaking: what a player said meanwhile stands behind the speech it did not interrupt. */
  showInTurn(rows: readonly string[]): void {
    if (!this.isSpeaking) void this.show(rows);
    else {
      this.#later.push(rows);
      this.#noteWaiting();
    }
  }

  async #endSpeech(speech: Speech, ending: SpeechEnding): Promise<void> {
    const [speaking] = this.#speeches;
    if (speaking !== speech) {
      // It never had the floor: it is shown whole, since nobody must wait for another's end.
      speaking?.breakOff();
      speech.takeFloor();
    }
    speech.finish(ending.state);
    this.#speeches.splice(this.#speeches.indexOf(speech), 1);
    const rows = 'notice' in ending ? [...noticeRows(ending.notice, this.#look())] : [];
    const [next] = this.#speeches;
    if (next === undefined) rows.push(...this.#later.splice(0).flat());
    const isShown = this.#screen.print(rows, next?.sign);
    if (next !== undefined && next !== speaking) next.takeFloor();
    this.#noteWaiting();
    await isShown;
  }

  #noteWaiting(): void {
    const [, ...waiting] = this.#speeches;
    const rows = [
      ...waiting.flatMap(({ sign }) => sign ?? []),
      // Without the colours inside, whose ends would end the dimness too.
      ...this.#later.flat().map((row) => this.#screen.paint('dim', stripVTControlCharacters(row))),
    ];
    this.#screen.note(this, rows.length === 0 ? undefined : () => shortened(rows));
  }

  #look(): NoticeLook {
    return { paint: this.#screen.paint, width: this.#screen.width, commands: this.#commands };
  }
}

const MOST_WAITING_ROWS = 4;

function shortened(rows: readonly string[]): readonly string[] {
  if (rows.length <= MOST_WAITING_ROWS) return rows;
  const kept = rows.slice(0, MOST_WAITING_ROWS - 1);
  return [...kept, `  … and ${rows.length - kept.length} more`];
}
