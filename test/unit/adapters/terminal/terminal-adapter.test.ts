import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { runTerminal } from '#src/adapters/terminal/terminal-adapter.ts';
import { Refusal } from '#src/core/errors.ts';
import { type BoardView, type CardView, notice } from '#src/core/view.ts';
import { FakeFront, PERSON, PLACE, speechOf } from './fake-front.ts';

const play = async (front: FakeFront, text: string | Uint8Array) => {
  const input = new PassThrough();
  const output = new PassThrough({ encoding: 'utf8' });
  let shown = '';
  output.on('data', (chunk: string) => {
    shown += chunk;
  });
  const onFault = vi.fn();
  const options = { front, input, output, place: PLACE, person: PERSON, clock: { now: () => 0 }, onFault };
  input.end(text);
  await runTerminal({ ...options, isInteractive: false, hasColour: true, columns: () => 80 });
  return { shown, rows: shown.split('\n').slice(0, -1), onFault };
};

const card = (name: string): CardView => ({
  name,
  subtitle: 'ferrywoman',
  badge: 'draft',
  sections: [{ label: 'Looks', items: ['Salt in her hair.'], isHidden: false }],
});

describe('runTerminal without a terminal', () => {
  it('reads no further line once the process is to end', async () => {
    const front = new FakeFront();
    const leaving = new AbortController();
    front.onHear = () => {
      leaving.abort();
      return new Promise(() => {});
    };
    const input = new PassThrough();
    const output = new PassThrough();
    input.write('one\ntwo\nthree\n');
    const options = {
      front,
      input,
      output,
      place: PLACE,
      person: PERSON,
      clock: { now: () => 0 },
      onFault: vi.fn(),
    };
    const look = { isInteractive: false, hasColour: false, columns: () => 80 };
    await runTerminal({ ...options, ...look, leave: leaving.signal });
    expect(front.lines.map(({ text }) => text)).toEqual(['one']);
    expect(input.destroyed).toBe(true);
  });

  it('greets, then takes lines one after another, also the last without an end', async () => {
    const front = new FakeFront();
    front.onGreet = (stage) => stage.tell(notice('plain', 'Tilda is here.'), 'asker');
    const ended: string[] = [];
    front.onHear = async (line, stage) => {
      const speech = await stage.speak(speechOf('Tilda'));
      for (const word of ['Aye, ', 'said I.\n\n ', '', 'Aye.  ']) {
        speech.append(word);
        await new Promise(setImmediate);
      }
      expect(ended).toHaveLength(front.lines.length - 1);
      ended.push(line.text);
      await speech.end({ state: 'said' });
    };
    const { shown } = await play(front, 'hello\r\n\n   \n  how goes it?  ');
    expect(shown).toBe(
      'Tilda is here.\nGM: hello\nTilda: Aye, said I.\n  Aye.\nGM: how goes it?\nTilda: Aye, said I.\n  Aye.\n',
    );
    expect(front.lines.map(({ text, speaker, place, person }) => ({ text, speaker, place, person }))).toEqual(
      ['hello', 'how goes it?'].map((text) => ({
        text,
        speaker: { kind: 'gm', id: 'owner', name: 'GM' },
        place: PLACE,
        person: PERSON,
      })),
    );
  });

  it('streams what an NPC says', async () => {
    const front = new FakeFront();
    const output = new PassThrough({ encoding: 'utf8' });
    const input = new PassThrough();
    const read = () => String(output.read() ?? '');
    const steps: string[] = [];
    front.onHear = async (_, stage) => {
      read();
      const speech = await stage.speak(speechOf('Tilda'));
      steps.push(read());
      speech.append('Aye ');
      steps.push(read());
      speech.append('there.');
      steps.push(read());
      await speech.end({ state: 'said' });
      steps.push(read());
    };
    input.end('hello');
    const options = { front, input, output, place: PLACE, person: PERSON, clock: { now: () => 0 } };
    await runTerminal({
      ...options,
      onFault: vi.fn(),
      isInteractive: false,
      hasColour: false,
      columns: () => 80,
    });
    expect(steps).toEqual(['Tilda:', ' Aye', ' there.', '\n']);
  });

  it('tells commands from speech and from out-of-character speech', async () => {
    const front = new FakeFront();
    const { rows } = await play(
      front,
      '/npc generate count:3 prompt:salt docks\n// brb\n((wait))\n/npc keep',
    );
    expect(front.calls).toMatchObject([
      {
        command: 'npc generate',
        options: { count: '3', prompt: 'salt docks' },
        person: PERSON,
        place: PLACE,
      },
      { command: 'npc keep', options: {} },
    ]);
    expect(front.lines.map(({ text }) => text)).toEqual(['// brb', '((wait))']);
    expect(rows[0]).toBe('> /npc generate count:3 prompt:salt docks');
    expect(rows[1]).toBe('GM: // brb');
  });

  it('gives every line and call an id of its own, also over restarts', async () => {
    const front = new FakeFront();
    await play(front, 'a\nb\n/stop');
    await play(front, 'a\nb\n/stop');
    const ids = [
      ...front.lines.map(({ messageId }) => messageId),
      ...front.calls.map(({ callId }) => callId),
    ];
    expect(new Set(ids).size).toBe(6);
  });

  it('speaks as whom /as says', async () => {
    const front = new FakeFront();
    const { rows } = await play(
      front,
      `a\n/as "Mira: the Red"\nb\n/as\nc\n/as Mira\nd\n/AS gm\ne\n/as ${'x'.repeat(61)}\nf`,
    );
    expect(front.lines.map(({ speaker }) => `${speaker?.kind} ${speaker?.name} ${speaker?.id}`)).toEqual([
      'gm GM owner',
      'character Mira: the Red owner',
      'gm GM owner',
      'character Mira owner',
      'gm GM owner',
      'gm GM owner',
    ]);
    expect(rows).toContain('You speak as Mira: the Red. /as alone returns to the GM.');
    expect(rows).toContain('Mira: the Red: b');
    expect(rows).toContain('! name is 61 characters long and may have 60. Shorten it.');
  });

  it('refuses what is no command, and suggests', async () => {
    const front = new FakeFront();
    const { rows } = await play(front, '/npc kep Tilda\n/qit\n/\n');
    expect(rows).toEqual([
      '> /npc kep Tilda',
      '! There is no command /npc kep. Did you mean /npc keep?',
      '> /qit',
      '! There is no command /qit. Did you mean /quit?',
      '> /',
      '! A command is missing after the slash: /npc, /help, /stop, /as, /quit, /exit.',
    ]);
    expect(front.calls).toEqual([]);
  });

  it('is a platform where nobody else reads, and where there are neither threads nor direct conversations', async () => {
    const front = new FakeFront();
    const refused: unknown[] = [];
    front.onHear = async (_, stage) => {
      await stage.openThread('a scene').catch((error: unknown) => refused.push(error));
    };
    await play(front, 'hello');
    const [platform] = front.platforms;
    expect(platform?.name).toBe('terminal');
    const gms = { people: [], roles: [], areManagers: true, workspace: PLACE.workspace };
    expect(await platform?.privacyOf(PLACE, gms)).toEqual({ isPrivate: true });
    await platform?.directPlace('owner').catch((error: unknown) => refused.push(error));
    expect(refused).toEqual([expect.any(Refusal), expect.any(Refusal)]);
  });

  it('keeps its own /as where the inside has one too', async () => {
    const front = new FakeFront();
    const as = {
      name: 'as',
      summary: 'x',
      permission: 'player',
      answers: 'asker',
      example: '/as A',
    } as const;
    Object.assign(front, { commands: [...front.commands, { ...as, options: {} }] });
    await play(front, '/as Mira\nhello');
    expect(front.calls).toEqual([]);
    expect(front.lines.map(({ speaker }) => speaker?.name)).toEqual(['Mira']);
  });

  it('takes no name that the inside refuses', async () => {
    const front = new FakeFront();
    front.onWhyNotAs = async (name) => (name === 'Hroon' ? 'Hroon speaks for itself.' : undefined);
    const { shown } = await play(front, '/as Mira\n/as Hroon\nhello');
    expect(shown).toContain('! Hroon speaks for itself.');
    expect(shown).not.toContain('You speak as Hroon');
    expect(front.lines.map(({ speaker }) => speaker?.name)).toEqual(['Mira']);
  });

  it.each(['/quit', '/exit'])('ends at %s', async (quit) => {
    const front = new FakeFront();
    await play(front, `a\n${quit}\nb\n`);
    expect(front.lines.map(({ text }) => text)).toEqual(['a']);
  });

  it('adds its own commands to the help', async () => {
    const { shown } = await play(new FakeFront(), '/help');
    expect(shown).toContain('/as NAME');
    expect(shown).toContain('/quit');
  });

  it('refuses a line of more than 10,000 characters and goes on', async () => {
    const front = new FakeFront();
    const { rows } = await play(front, `${'x'.repeat(10_001)}\n${'y'.repeat(10_000)}\nnext`);
    expect(rows[0]).toBe('! That line is longer than 10,000 characters and was not taken. Say it in parts.');
    expect(front.lines.map(({ text }) => text.slice(0, 4))).toEqual(['yyyy', 'next']);
  });

  it('never writes an escape code, whatever comes in or out', async () => {
    const front = new FakeFront();
    const evil = '\u001b]0;x\u0007\u001b[2J\u009b1mevil\u202e\u0000';
    front.onHear = async (_, stage) => {
      const speech = await stage.speak(speechOf(evil));
      speech.append(`${evil} \u001b`);
      speech.append('[31m');
      await speech.end({ state: 'cut', notice: notice('trouble', evil) });
      const keep = { label: evil, command: 'npc keep', options: { npc: evil } };
      const owner = await front.platforms[0]?.stageAt(PLACE);
      await owner?.tell({ ...notice('good', evil), actions: [keep] }, 'everyone');
    };
    const { shown } = await play(
      front,
      Buffer.concat([Buffer.from(`${evil}\n/npc keep ${evil}\n/${evil}`), Buffer.of(0xff)]),
    );
    expect(shown).toContain('evil');
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u);
  });

  it('marks speech that was not said to its end', async () => {
    const front = new FakeFront();
    const why = notice('trouble', 'The model broke off.');
    front.onHear = async ({ text }, stage) => {
      const speech = await stage.speak(speechOf('Tilda'));
      if (text.startsWith('some')) speech.append('Well, I ');
      if (text.endsWith('stopped')) await speech.end({ state: 'stopped' });
      else if (text.endsWith('said')) await speech.end({ state: 'said' });
      else await speech.end({ state: text.endsWith('cut') ? 'cut' : 'failed', notice: why });
    };
    const { rows } = await play(front, 'some stopped\nsome cut\nnone stopped\nnone failed\nnone said');
    expect(rows.filter((row) => !row.startsWith('GM'))).toEqual([
      'Tilda: Well, I (stopped)',
      'Tilda: Well, I—',
      '!! The model broke off.',
      'Tilda: (stopped)',
      'Tilda: …',
      '!! The model broke off.',
      'Tilda: …',
    ]);
  });

  it('never mixes two voices, or a notice and a voice, in one line', async () => {
    const front = new FakeFront();
    front.onHear = async (_, stage) => {
      const tilda = await stage.speak(speechOf('Tilda', 'a'));
      await stage.tell(notice('plain', 'Before.'), 'everyone');
      await stage.tell(notice('plain', 'Also before.'), 'everyone');
      tilda.append('One, ');
      const bram = await stage.speak(speechOf('Bram', 'b'));
      const hob = await stage.speak(speechOf('Hob', 'c'));
      bram.append('A, ');
      tilda.append('two, ');
      hob.append('Whole.');
      await hob.end({ state: 'said' });
      await stage.tell(notice('plain', 'Between.'), 'everyone');
      tilda.append('three.');
      bram.append('b, ');
      await tilda.end({ state: 'said' });
      bram.append('c.');
      await bram.end({ state: 'said' });
    };
    const { rows } = await play(front, 'x');
    expect(rows).toEqual([
      'GM: x',
      'Tilda: …',
      'Before.',
      'Also before.',
      'Tilda: One, two,',
      'Hob: Whole.',
      'Between.',
      'Tilda: … three.',
      'Bram: A, b, c.',
    ]);
  });

  it('writes each card of a cast once, when it is finished', async () => {
    const front = new FakeFront();
    front.onRun = async (_, stage) => {
      const actions = [{ label: 'keep', command: 'npc keep', options: { npc: 'Tilda' } }];
      const tilda = {
        name: 'Tilda',
        role: 'ferrywoman',
        state: 'finished',
        card: card('Tilda'),
        actions,
      } as const;
      const failed = {
        name: 'Bram',
        role: 'smith',
        state: 'failed',
        reason: 'no sheet came.',
        actions: [],
      } as const;
      const hob = { name: 'Hob', role: '', state: 'cancelled' } as const;
      const view: BoardView = {
        title: 'Smugglers',
        phase: 'planning',
        slots: [],
        castId: undefined,
        finishedCount: 0,
        timeLeftInMs: undefined,
        actions: [],
      };
      const board = await stage.openBoard(view);
      board.update({ ...view, phase: 'drafting', slots: [{ ...tilda, state: 'drafting' }, failed, hob] });
      board.update({ ...view, phase: 'drafting', slots: [tilda, failed, hob] });
      board.update({
        ...view,
        phase: 'drafting',
        slots: [tilda, { ...tilda, name: 'Bram', card: card('Bram') }, hob],
      });
      const slots = [tilda, failed, hob];
      await board.close({ ...view, phase: 'cancelled', slots, finishedCount: 2, actions });
      await (await stage.openBoard(view)).close({ ...view, phase: 'failed' });
      await (await stage.openBoard(view)).close({ ...view, phase: 'failed', slots, finishedCount: 1 });
      await (await stage.openBoard(view)).close({ ...view, phase: 'finished', slots, finishedCount: 2 });
      await (await stage.openBoard(view)).close({ ...view, phase: 'finished', slots, finishedCount: 3 });
    };
    const { rows } = await play(front, '/npc list');
    expect(rows.slice(1)).toEqual([
      'Smugglers',
      '✗ Bram — smith: no sheet came.',
      '[1 of 3] Tilda — ferrywoman',
      '│ Looks: Salt in her hair.',
      '  keep: /npc keep Tilda',
      '',
      '[2 of 3] Bram — ferrywoman',
      '│ Looks: Salt in her hair.',
      '  keep: /npc keep Tilda',
      '',
      'Stopped: 2 of 3 drafted.',
      '  keep: /npc keep Tilda',
      'Smugglers',
      'The cast could not be planned.',
      ...['Failed: 1 of 3 drafted.', 'Done: 2 of 3 drafted.', '✓ 3 of 3 drafted.'].flatMap((end) => [
        'Smugglers',
        '[1 of 3] Tilda — ferrywoman',
        '│ Looks: Salt in her hair.',
        '  keep: /npc keep Tilda',
        '',
        '✗ Bram — smith: no sheet came.',
        end,
      ]),
    ]);
  });

  it('says one sentence where the inside throws, reports it, and goes on', async () => {
    const front = new FakeFront();
    const fault = new Error('disk on fire');
    front.onGreet = () => Promise.reject(fault);
    front.onRun = () => Promise.reject(fault);
    const { rows, onFault } = await play(front, '/npc list\nhello');
    const sentence =
      '!! Something inside went wrong and this was not done. The log has the reason; try it again.';
    expect(rows).toEqual([sentence, '> /npc list', sentence, 'GM: hello']);
    expect(onFault.mock.calls).toEqual([[fault], [fault]]);
  });

  it('ends quietly when its reader has left', async () => {
    const front = new FakeFront();
    const input = new PassThrough();
    const output = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })),
    });
    const options = { front, input, output, place: PLACE, person: PERSON, clock: { now: () => 0 } };
    input.write('hello\n');
    await runTerminal({
      ...options,
      onFault: vi.fn(),
      isInteractive: false,
      hasColour: false,
      columns: () => 80,
    });
    expect(input.destroyed).toBe(true);
  });

  it('rejects where its output or input fails otherwise', async () => {
    const disk = new Error('no space');
    const full = new Writable({ write: (_chunk, _encoding, done) => done(disk) });
    const run = (input: PassThrough, output: Writable) =>
      runTerminal({
        front: new FakeFront(),
        input,
        output,
        place: PLACE,
        person: PERSON,
        clock: { now: () => 0 },
        onFault: vi.fn(),
        isInteractive: false,
        hasColour: false,
        columns: () => 80,
      });
    const input = new PassThrough();
    input.write('hello\n');
    await expect(run(input, full)).rejects.toBe(disk);
    const broken = new PassThrough();
    const running = run(broken, new PassThrough());
    broken.destroy(disk);
    await expect(running).rejects.toBe(disk);
  });
});
