import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { noticeRows } from '#src/adapters/terminal/notice-rows.ts';
import { createPaint, nameColour } from '#src/adapters/terminal/paint.ts';
import { displayWidth } from '#src/adapters/terminal/text-layout.ts';
import { type Block, type Notice, notice } from '#src/core/view.ts';
import { COMMANDS as FAKES } from './fake-front.ts';

const npc = { kind: 'npc', among: 'known', description: 'The NPC', required: true } as const;
const text = { kind: 'text', description: 'Words', maxLength: 100, required: false } as const;
const page = { kind: 'flag', description: 'Shows it anew', required: false } as const;
const gm = { summary: 'Does it', permission: 'gm', answers: 'asker', example: '/npc edit Tilda' } as const;
const COMMANDS = [
  ...FAKES.filter(({ name }) => !name.startsWith('npc ')),
  ...FAKES.filter(({ name }) => name === 'npc generate'),
  { ...gm, name: 'npc keep', options: { npc, page } },
  { ...gm, name: 'npc talk', options: { npc } },
  { ...gm, name: 'npc edit', options: { npc, field: text, value: text } },
];

const rows = (shown: Partial<Notice>, width = 40, hasColour = false) =>
  noticeRows(
    { tone: 'plain', blocks: [], actions: [], ...shown },
    { width, paint: createPaint(hasColour), commands: COMMANDS },
  );
const block = (shown: Block, width = 40) => rows({ blocks: [shown] }, width);

describe('noticeRows', () => {
  it('writes what can be done with one NPC in one row', () => {
    const options = { npc: 'Old Tilda' };
    const actions = ['npc keep', 'npc talk'].map((command) => ({ label: command, command, options }));
    expect(rows({ actions: [...actions, { label: 'Help', command: 'help', options: {} }] })).toEqual([
      '  /npc keep|talk Old Tilda',
      '  Help: /help',
    ]);
  });

  it('tells the tone by a mark, and goes on in line with it', () => {
    const shown = (tone: Notice['tone']) =>
      rows(notice(tone, 'There is no such NPC here.', 'Try again.'), 20);
    expect(shown('plain')).toEqual(['There is no such NPC', 'here.', 'Try again.']);
    expect(shown('hint')).toEqual(shown('plain'));
    expect(shown('good')[0]).toBe('✓ There is no such');
    expect(shown('refusal')).toEqual(['! There is no such', '  NPC here.', 'Try again.']);
    expect(shown('trouble')).toEqual(['!! There is no such', '   NPC here.', 'Try again.']);
  });

  it('colours by tone, and only where colours are shown', () => {
    expect(rows(notice('trouble', 'No.'), 20, true)).toEqual([
      '\u001b[31m\u001b[1m!! No.\u001b[22m\u001b[39m',
    ]);
    expect(rows(notice('plain', 'Yes.'), 20, true)).toEqual(['Yes.']);
  });

  it('shows what can be pressed as a command to type', () => {
    const actions = [
      { label: 'keep', command: 'npc keep', options: { npc: 'Tilda Marsh' } },
      { label: 'more', command: 'npc generate', options: { prompt: 'a: b', count: '3' } },
    ];
    expect(rows({ actions })).toEqual([
      '  keep: /npc keep Tilda Marsh',
      '  more: /npc generate count:3 prompt:"a:',
      '    b"',
    ]);
  });

  it('shows how to type what a form would ask for, and one of many that are alike', () => {
    const options = { npc: 'Tilda', field: 'goals' };
    const change = { label: 'Change goals', command: 'npc edit', options, asks: ['value'] };
    const fields = ['goals', 'fears', 'bonds', 'looks', 'voice'];
    const changes = fields.map((field) => ({ ...change, options: { npc: 'Tilda', field } }));
    expect(rows({ actions: [...changes, { label: 'Help', command: 'help', options: {} }] })).toEqual([
      '  Change goals: /npc edit Tilda',
      '    field:goals value:…',
      '  Help: /help',
    ]);
  });

  it('leaves out of a command what only shows a message anew', () => {
    const options = { npc: 'Tilda', page: 'true' };
    const keep = { label: 'Keep', command: 'npc keep', options, isInPlace: true };
    const talk = { label: 'Talk', command: 'npc talk', options: { npc: 'Tilda' } };
    expect(rows({ actions: [keep, talk] })).toEqual(['  /npc keep|talk Tilda']);
  });

  it('shows below a card what can be done with it', () => {
    const card = { name: 'Tilda', subtitle: '', badge: '', sections: [] };
    const keep = { label: 'Keep', command: 'npc keep', options: { npc: 'Tilda' } };
    expect(rows({ blocks: [{ kind: 'card', card, actions: [keep] }] })).toEqual([
      '│ Tilda',
      '  Keep: /npc keep Tilda',
    ]);
  });

  it('sets headings, facts and lists', () => {
    const blocks: Block[] = [
      { kind: 'text', text: 'First.\nSecond.' },
      { kind: 'heading', text: 'The docks' },
      {
        kind: 'facts',
        facts: [
          { label: 'Model', value: 'improv' },
          { label: 'Cost', value: 'nothing at all' },
          { label: 'A label that is much too long', value: 'x' },
        ],
      },
      { kind: 'list', items: ['one that is rather long', 'two'] },
    ];
    expect(rows({ blocks }, 18)).toEqual([
      'First.',
      'Second.',
      '',
      'The docks',
      'Model  improv',
      'Cost   nothing at',
      '       all',
      'A label that is',
      '       much too',
      '       long  x',
      '• one that is',
      '  rather long',
      '• two',
    ]);
  });

  const table: Extract<Block, { kind: 'table' }> = {
    kind: 'table',
    columns: [
      { title: 'Stage', align: 'left' },
      { title: 'p50', align: 'right' },
    ],
    rows: [['first token 東京', '312 ms'], ['reply', '1,200 ms'], ['short row']],
  };
  it('aligns tables by the columns that characters take', () =>
    expect(block(table)).toEqual([
      'Stage                  p50',
      'first token 東京    312 ms',
      'reply             1,200 ms',
      'short row',
    ]));
  it('breaks cells of text where the table is too wide', () =>
    expect(block(table, 22)).toEqual([
      'Stage              p50',
      'first token     312 ms',
      '東京',
      'reply         1,200 ms',
      'short row',
    ]));
  it('lists the cells of each row where even that does not do', () =>
    expect(block(table, 19).slice(0, 5)).toEqual([
      'Stage  first token',
      '       東京',
      'p50    312 ms',
      '',
      'Stage  reply',
    ]));

  const card: Block = {
    kind: 'card',
    card: {
      name: 'Tilda\u001b[2J Marsh',
      subtitle: 'ferrywoman · she/her',
      badge: 'draft',
      sections: [
        { label: 'Looks', items: ['A broad woman in a tarred coat.'], isHidden: false },
        { label: 'Goals', items: ['Buy back the Heron', 'Leave'], isHidden: false },
        { label: 'Secrets', items: ['She sold the oil.'], isHidden: true },
        { label: 'Empty', items: [], isHidden: false },
      ],
    },
  };
  const sheet = [
    '│ Tilda Marsh · draft',
    '│ ferrywoman · she/her',
    '│ Looks: A broad woman in',
    '│   a tarred coat.',
    '│ Goals:',
    '│ • Buy back the Heron',
    '│ • Leave',
    '│ Secrets (GM only): She',
    '│   sold the oil.',
  ];
  it('sets a card behind a bar and marks what is hidden', () => expect(block(card, 26)).toEqual(sheet));
  it('says the same in colours', () =>
    expect(rows({ blocks: [card] }, 26, true).map(stripVTControlCharacters)).toEqual(sheet));
  it('leaves out what a card does not have', () =>
    expect(block({ kind: 'card', card: { name: 'Bram', subtitle: '', badge: '', sections: [] } })).toEqual([
      '│ Bram',
    ]));

  it('keeps to the width, whatever is shown', () => {
    const long = 'Llanfairpwllgwyngyll 🌊 '.repeat(4);
    const blocks: Block[] = [
      { kind: 'text', text: long },
      { kind: 'heading', text: long },
      { kind: 'facts', facts: [{ label: 'x', value: long }] },
      { kind: 'list', items: [long] },
      {
        kind: 'card',
        card: {
          name: long,
          subtitle: long,
          badge: '',
          sections: [{ label: 'L', items: [long], isHidden: true }],
        },
      },
    ];
    for (const row of rows({ blocks })) expect(displayWidth(row)).toBeLessThanOrEqual(40);
  });
});

describe('nameColour', () => {
  it('is the same for the same name', () => {
    expect(nameColour(' tilda  MARSH')).toBe(nameColour('Tilda Marsh'));
    const names = ['Tilda', 'Bram', 'Ysolde', 'Mira', 'Oswin', 'Kestrel', 'Hob', 'Anwen'];
    expect(new Set(names.map(nameColour)).size).toBeGreaterThan(3);
  });
});
