import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runTerminal } from '#src/adapters/terminal/terminal-adapter.ts';
import { type BoardView, notice, type SpeechOutput, type Stage } from '#src/core/view.ts';
import { FakeFront, PERSON, PLACE, speechOf } from './fake-front.ts';
import { FakeTerminal } from './fake-terminal.ts';

const HINT = 'Type to speak. /help lists the commands, Tab completes them, /quit leaves.';
const ENTER = '\r';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/** Long enough for streams to hand on what was written, and for what was due at once. */
const settle = async () => {
  for (let turn = 0; turn < 6; turn += 1) await new Promise(setImmediate);
};

const open = async (front = new FakeFront(), { columns = 80, hasColour = false } = {}) => {
  const input = new PassThrough();
  const terminal = new FakeTerminal(columns);
  const onFault = vi.fn();
  const clock = { now: () => Date.now() };
  const leaving = new AbortController();
  let hasEnded = false;
  const running = runTerminal({
    ...{ front, input, output: terminal, place: PLACE, person: PERSON, clock, onFault, hasColour },
    isInteractive: true,
    leave: leaving.signal,
    columns: () => terminal.columns,
  }).finally(() => {
    hasEnded = true;
  });
  running.catch(() => undefined);
  await settle();
  return {
    front,
    input,
    terminal,
    onFault,
    running,
    leaving,
    hasEnded: () => hasEnded,
    async type(text: string) {
      input.write(text);
      await settle();
    },
    /** The rows below the hint. */
    rows: () => {
      const rows = terminal.screen.split('\n');
      return columns > HINT.length ? rows.slice(rows.indexOf(HINT) + 1) : rows;
    },
  };
};

/** A front whose NPC says what the test makes it say. */
const talkative = () => {
  const front = new FakeFront();
  const speeches: SpeechOutput[] = [];
  const stages: Stage[] = [];
  const finish: (() => void)[] = [];
  front.onHear = async (line, stage) => {
    stages.push(stage);
    speeches.push(await stage.speak(speechOf(line.text.includes('Bram') ? 'Bram' : 'Tilda')));
    await new Promise<void>((resolve) => finish.push(resolve));
  };
  const at = <T>(list: readonly T[], index: number): T => {
    const found = list[index];
    if (found === undefined) throw new Error('not yet');
    return found;
  };
  return {
    front,
    speech: (index = 0) => at(speeches, index),
    stage: () => at(stages, 0),
    async end(index = 0) {
      await at(speeches, index).end({ state: 'said' });
      at(finish, index)();
      await settle();
    },
  };
};

beforeEach(() => {
  vi.stubEnv('TERM', 'xterm');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe('runTerminal at a terminal', () => {
  it('does not wait for what is under way once the process is to end', async () => {
    const front = new FakeFront();
    front.onHear = () => new Promise(() => {});
    const { leaving, running, type, hasEnded } = await open(front);
    await type(`hello${ENTER}`);
    await type(CTRL_D);
    expect(hasEnded()).toBe(false);
    leaving.abort();
    await running;
  });

  it('is left at once when the process is to end, and the terminal is as it was before', async () => {
    const front = new FakeFront();
    front.onHear = () => new Promise(() => {});
    const { leaving, running, input, type } = await open(front);
    await type(`hello${ENTER}`);
    leaving.abort();
    await running;
    expect(input.listenerCount('keypress')).toBe(0);
  });

  it('greets, says how to begin, and shows who speaks', async () => {
    const front = new FakeFront();
    front.onGreet = (stage) => stage.tell(notice('plain', 'Tilda is here.'), 'asker');
    const { terminal } = await open(front);
    expect(terminal.screen).toBe(`Tilda is here.\n${HINT}\nGM ›`);
    expect(terminal.cursor).toEqual({ row: 2, column: 5 });
  });

  it('shows a line as part of the play and goes on', async () => {
    const { front, type, rows } = await open();
    await type(`good evening${ENTER}`);
    expect(rows()).toEqual(['GM: good evening', 'GM ›']);
    await type(`${ENTER}   ${ENTER}`);
    expect(rows()).toEqual(['GM: good evening', 'GM ›']);
    expect(front.lines).toMatchObject([{ text: 'good evening' }]);
    await type(`/as Mira${ENTER}hello`);
    expect(rows().slice(1)).toEqual([
      '> /as Mira',
      'You speak as Mira. /as alone returns to the GM.',
      'Mira › hello',
    ]);
  });

  it('gives up a name that cannot be spoken as', async () => {
    const front = new FakeFront();
    front.onWhyNotAs = async () => 'Hroon speaks for itself.';
    const { type, rows } = await open(front);
    await type(`/as Hroon${ENTER}`);
    await vi.waitFor(() => expect(rows()).toEqual(['> /as Hroon', '! Hroon speaks for itself.', 'GM ›']));
  });

  it('goes through the lines typed before', async () => {
    const { type, rows } = await open();
    await type(`one${ENTER}two${ENTER}\u001b[A\u001b[A`);
    expect(rows().at(-1)).toBe('GM › one');
  });

  it('streams above what is being typed, without destroying it', async () => {
    const { front, speech, end } = talkative();
    const { type, rows, terminal } = await open(front, { columns: 30 });
    await type(`hello${ENTER}`);
    expect(rows().slice(-3)).toEqual(['GM: hello', 'Tilda …', 'GM ›']);
    await type('and what');
    speech().append('The docks are quiet ');
    await type(' ab');
    expect(rows().slice(-2)).toEqual(['Tilda: The docks are quiet', 'GM › and what ab']);
    await type('\u001b[D\u001b[D');
    speech().append('tonight, and nobody asks about the crates.');
    await settle();
    expect(rows().slice(-4)).toEqual([
      'Tilda: The docks are quiet',
      '  tonight, and nobody asks',
      '  about the crates.',
      'GM › and what ab',
    ]);
    expect(terminal.cursor.column).toBe(14);
    await type('x');
    await end();
    expect(rows().slice(-2)).toEqual(['  about the crates.', 'GM › and what xab']);
  });

  it('draws each change in one write', async () => {
    const { front, speech } = talkative();
    const { type, terminal } = await open(front);
    await type(`hello${ENTER}typing`);
    const before = terminal.writes;
    speech().append('Aye.');
    await settle();
    expect(terminal.writes).toBe(before + 1);
  });

  it('holds back what is said while an NPC speaks until it has spoken', async () => {
    const { front, speech, end } = talkative();
    const { type, rows } = await open(front);
    await type(`one${ENTER}`);
    speech().append('Aye, ');
    await type(`two${ENTER}three${ENTER}`);
    expect(front.lines).toHaveLength(3);
    speech().append('aye.');
    await settle();
    expect(rows()).toEqual([
      'GM: one',
      'Tilda: Aye, aye.',
      'Tilda …',
      'Tilda …',
      'GM: two',
      'GM: three',
      'GM ›',
    ]);
    for (const line of ['a', 'b', 'c']) await type(`${line}${ENTER}`);
    expect(rows().slice(-4)).toEqual(['Tilda …', 'Tilda …', '  … and 7 more', 'GM ›'].slice(-4));
    await end(0);
    expect(rows().slice(1, 4)).toEqual(['Tilda: Aye, aye.', 'Tilda …', 'Tilda …']);
    for (const index of [1, 2, 3, 4]) await end(index);
    expect(rows()).toContain('Tilda: Aye, aye.');
    await end(5);
    expect(rows().slice(-6)).toEqual(['GM: two', 'GM: three', 'GM: a', 'GM: b', 'GM: c', 'GM ›']);
  });

  it('lets notices break in between rows, and the NPC go on below', async () => {
    const { front, speech, stage, end } = talkative();
    const { type, rows } = await open(front);
    await type(`hello${ENTER}`);
    await stage().tell(notice('plain', 'Early.'), 'everyone');
    expect(rows()).toEqual(['GM: hello', 'Early.', 'Tilda …', 'GM ›']);
    speech().append('Aye, ');
    const [platform] = front.platforms;
    await (await platform?.stageAt(PLACE))?.tell(notice('plain', 'She lies.'), 'everyone');
    expect(rows().slice(2)).toEqual(['Tilda: Aye,', 'GM only', 'She lies.', 'Tilda …', 'GM ›']);
    speech().append('so it is.');
    await end();
    expect(rows().slice(2)).toEqual(['Tilda: Aye,', 'GM only', 'She lies.', 'Tilda: … so it is.', 'GM ›']);
  });

  it('takes the sign away where nothing came of it', async () => {
    const { front, speech } = talkative();
    const { type, rows } = await open(front);
    await type(`hello${ENTER}`);
    await speech().end({ state: 'failed', notice: notice('trouble', 'No answer.') });
    expect(rows()).toEqual(['GM: hello', '!! No answer.', 'GM ›']);
  });

  it('colours names, each its own, and nothing where colours are off', async () => {
    for (const hasColour of [true, false]) {
      const { front, speech } = talkative();
      const { type, terminal } = await open(front, { hasColour });
      await type(`hello${ENTER}`);
      speech().append('Aye.');
      await settle();
      expect(terminal.written.includes('\u001b[1m')).toBe(hasColour);
      expect(terminal.screen).toContain('Tilda: Aye.\nGM ›');
    }
  });

  it('stays whole when the terminal gets another width', async () => {
    const { front, speech, end } = talkative();
    const { type, terminal, rows } = await open(front, { columns: 40 });
    await type(`hello${ENTER}`);
    speech().append('The docks are quiet tonight');
    await type('a line long enough for more than one row of it');
    expect(rows().slice(-3)).toEqual([
      'Tilda: The docks are quiet tonight',
      'GM › a line long enough for more than on',
      'e row of it',
    ]);
    terminal.resize(24);
    await settle();
    expect(rows().slice(-5)).toEqual([
      'Tilda: The docks are qui',
      'et tonight',
      'GM › a line long enough',
      'for more than one row of',
      ' it',
    ]);
    speech().append(' and cold.');
    await settle();
    terminal.resize(60);
    await type('!');
    await end();
    expect(rows().slice(-5)).toEqual([
      'GM: hello',
      'Tilda: The docks are',
      '  quiet tonight and',
      '  cold.',
      'GM › a line long enough for more than one row of it!',
    ]);
  });

  it('keeps its place when a paste of many lines runs over several rows', async () => {
    const { front, type, rows, terminal } = await open(new FakeFront(), { columns: 30 });
    await type('\u001b[200~/npc keep one\ntwo\nthree and so on and on and on\n\u001b[201~');
    const pasted = ['GM › /npc keep one two three a', 'nd so on and on and on'];
    expect(rows().slice(-2)).toEqual(pasted);
    const before = rows();
    await type('\u001b[H');
    expect(rows()).toEqual(before);
    expect(terminal.cursor).toEqual({ row: before.length - 2, column: 5 });
    await type(ENTER);
    expect(front.calls).toMatchObject([{ options: { npc: 'one two three and so on and on and on' } }]);
    expect(terminal.written.startsWith('\u001b[?2004h')).toBe(false);
    expect(terminal.written).toContain('\u001b[?2004h');
  });

  it('shows how far a cast is, with each card above as it is finished', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    const front = new FakeFront();
    const { type, rows } = await open(front);
    const slot = { name: 'Tilda', role: 'ferrywoman', state: 'drafting' } as const;
    const bram = { ...slot, name: 'Bram' };
    const card = { name: 'Tilda', subtitle: 'ferrywoman', badge: 'draft', sections: [] };
    const view: BoardView = {
      ...{ title: 'Smugglers', phase: 'planning', slots: [], finishedCount: 0 },
      ...{ castId: undefined, timeLeftInMs: undefined, actions: [] },
    };
    const finished = Promise.withResolvers<void>();
    front.onRun = async (_, stage) => {
      const board = await stage.openBoard(view);
      await finished.promise;
      board.update({ ...view, phase: 'drafting', slots: [slot, bram], timeLeftInMs: 120_000 });
      await settle();
      expect(rows().slice(-3)).toEqual([
        'Smugglers',
        `${'▱'.repeat(19)} 0 of 2 · about 2 min left · Tilda, Bram …`,
        'GM › typ',
      ]);
      const slots = [{ ...slot, state: 'finished', card, actions: [] } as const, bram];
      const next: BoardView = { ...view, phase: 'drafting', slots, finishedCount: 1, timeLeftInMs: 12_000 };
      board.update(next);
      await settle();
      expect(rows().slice(-6)).toEqual([
        'Smugglers',
        '│ Tilda · draft',
        '│ ferrywoman',
        '',
        `${'▰'.repeat(10)}${'▱'.repeat(9)} 1 of 2 · about 12 s left · Bram …`,
        'GM › typ',
      ]);
      await vi.advanceTimersByTimeAsync(3000);
      expect(rows().at(-2)).toContain('about 9 s left');
      await vi.advanceTimersByTimeAsync(20_000);
      expect(rows().at(-2)).toContain('any moment');
      await board.close({ ...next, phase: 'finished', finishedCount: 2 });
    };
    await type(`/npc generate count:2 prompt:x${ENTER}typ`);
    expect(rows().slice(-3)).toEqual(['Smugglers', 'Planning who they are…', 'GM › typ']);
    finished.resolve();
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(rows().slice(-4)).toEqual(['│ ferrywoman', '', '✓ 2 of 2 drafted.', 'GM › typ']);
    expect(vi.getTimerCount()).toBe(0);
  });

  describe('Tab', () => {
    const completing = async () => {
      const front = new FakeFront();
      front.onComplete = async ({ typed }) =>
        ['Tilda Marsh', 'Tilde: Oxley', 'Bram'].filter((name) =>
          name.toLowerCase().includes(typed.toLowerCase()),
        );
      return open(front);
    };
    it('completes commands and options', async () => {
      const { type, rows } = await completing();
      await type('/n\t');
      expect(rows()).toEqual(['GM › /npc']);
      for (const keys of ['g', '\t', 'co', '\t', '3 pr', '\t']) await type(keys);
      expect(rows()).toEqual(['GM › /npc generate count:3 prompt:']);
    });
    it('completes names as far as they agree, and shows the choice until the next key', async () => {
      const { type, rows, front } = await completing();
      await type('/npc keep ti\t');
      expect(rows()).toEqual(['   Tilda Marsh   "Tilde: Oxley"', 'GM › /npc keep ti']);
      await type('\t');
      await type('\t');
      expect(rows()).toEqual(['   Tilda Marsh   "Tilde: Oxley"', 'GM › /npc keep ti']);
      await type('lda\t');
      expect(rows()).toEqual(['GM › /npc keep Tilda Marsh']);
      expect(front.completionCalls.at(-1)).toEqual({
        place: PLACE,
        person: PERSON,
        command: 'npc keep',
        option: 'npc',
        typed: 'tilda',
      });
    });
    it('completes who was spoken as', async () => {
      const { type, rows, front } = await completing();
      await type(`/as Mira${ENTER}/as m\t`);
      expect(rows().at(-1)).toBe('Mira › /as Mira');
      expect(front.completionCalls).toEqual([]);
    });
    it('finds a name by its middle, but types only what goes on from what was typed', async () => {
      const { type, rows, front } = await completing();
      await type('/npc keep ra\t');
      expect(rows()).toEqual(['GM › /npc keep Bram']);
      front.onComplete = async () => ['Tilda Marsh', 'Tilly Marsh'];
      await type('\u0015/npc keep ma\t');
      expect(rows()).toEqual(['   Tilda Marsh   Tilly Marsh', 'GM › /npc keep ma']);
      await type('\u0015/npc keep t\t');
      expect(rows()).toEqual(['   Tilda Marsh   Tilly Marsh', 'GM › /npc keep Til']);
    });
    it('keeps what stands behind the cursor', async () => {
      const { type, rows } = await completing();
      await type('/npc keep bram!\u001b[D');
      await type('\u001b[D\t');
      expect(rows()).toEqual(['GM › /npc keep Bram m!']);
    });
    it('takes keys while the names are on their way, and forgets names that come too late', async () => {
      const { type, front, rows, running } = await completing();
      const names = [Promise.withResolvers<readonly string[]>(), Promise.withResolvers<readonly string[]>()];
      front.onComplete = () => names.shift()?.promise ?? Promise.resolve([]);
      const [first, second] = names;
      await type('/npc keep ti\t');
      await type('x\t');
      first?.resolve(['Tilda']);
      await settle();
      expect(rows()).toEqual(['GM › /npc keep tix']);
      await type(CTRL_C);
      await type(CTRL_D);
      await running;
      second?.resolve(['Tilda']);
      await settle();
    });
    it('does nothing in speech, or where nothing fits', async () => {
      const { type, rows } = await completing();
      await type('/xyz\t');
      expect(rows()).toEqual(['GM › /xyz']);
      await type('\u0015hello\t');
      expect(rows()).toEqual(['GM › hello']);
    });
    it('reports a fault and leaves the line alone', async () => {
      const { type, rows, front, onFault } = await completing();
      const fault = new Error('no database');
      front.onComplete = () => Promise.reject(fault);
      await type('/npc keep ti\t');
      expect(rows()).toEqual(['GM › /npc keep ti']);
      expect(onFault).toHaveBeenCalledExactlyOnceWith(fault);
    });
  });

  describe('Ctrl-C', () => {
    it('stops the reply that is under way first', async () => {
      const { front, speech, end } = talkative();
      const { type, rows, hasEnded } = await open(front);
      await type(`hello${ENTER}and`);
      speech().append('Aye');
      await type(CTRL_C);
      expect(front.calls).toMatchObject([{ command: 'stop', options: {} }]);
      expect(rows().at(-1)).toBe('GM › and');
      await type(CTRL_C);
      expect(rows().at(-1)).toBe('GM ›');
      expect(front.calls).toHaveLength(1);
      await end();
      await type(`again${ENTER}${CTRL_C}`);
      expect(front.calls).toHaveLength(2);
      expect(hasEnded()).toBe(false);
    });
    it('clears the line, says how to leave, and leaves', async () => {
      const { type, rows, hasEnded, terminal, running } = await open();
      await type(`typed\u001b[D${CTRL_C}`);
      expect(rows()).toEqual(['GM ›']);
      await type(CTRL_C);
      expect(rows()).toEqual(['Press Ctrl-C again or type /quit to leave.', 'GM ›']);
      await type(`hello${ENTER}`);
      await type(CTRL_C);
      expect(hasEnded()).toBe(false);
      await type(CTRL_C);
      await running;
      expect(rows().at(-1)).toBe('Press Ctrl-C again or type /quit to leave.');
      expect(terminal.written.endsWith('\u001b[?2004l')).toBe(true);
      expect(terminal.cursor.column).toBe(0);
    });
    it('leaves at once where a reply does not stop', async () => {
      const { front } = talkative();
      const { type, running } = await open(front);
      await type(`hello${ENTER}${CTRL_C}${CTRL_C}${CTRL_C}`);
      await running;
    });
  });

  it.each([
    ['/quit', `/quit${ENTER}`],
    ['Ctrl-D', CTRL_D],
  ])('leaves with %s when what is under way has been stopped', async (_, keys) => {
    const { front, speech, end } = talkative();
    const { type, running, hasEnded, rows } = await open(front);
    await type(`hello${ENTER}`);
    speech().append('Aye');
    await type(keys);
    expect(front.calls).toMatchObject([{ command: 'stop' }]);
    expect(hasEnded()).toBe(false);
    await end();
    await running;
    expect(rows()).toContain('Tilda: Aye');
  });

  it('ends with its input, and says nothing to a terminal that went away', async () => {
    const { input, running } = await open();
    input.end();
    await running;
    const other = await open();
    other.terminal.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' }));
    await other.running;
    const broken = await open();
    const fault = new Error('EIO');
    broken.input.destroy(fault);
    await expect(broken.running).rejects.toBe(fault);
  });
});
