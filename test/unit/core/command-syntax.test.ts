import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { CommandDeclaration } from '#src/core/command.ts';
import { checkOptions } from '#src/core/command-options.ts';
import { completions, quoted, readCommand, writeCommand } from '#src/core/command-syntax.ts';
import { Refusal } from '#src/core/errors.ts';

const generate = {
  name: 'npc generate',
  summary: 'Draft a cast.',
  permission: 'gm',
  answers: 'asker',
  example: '/npc generate count:3 prompt:smugglers',
  options: {
    count: { kind: 'integer', description: 'how many', required: true, min: 1, max: 20 },
    prompt: { kind: 'text', description: 'who they are', required: true, maxLength: 12 },
    system: { kind: 'choice', description: 'rules', required: false, choices: ['5e', 'none'] },
    secret: { kind: 'flag', description: 'for the GM alone', required: false },
  },
} as const satisfies CommandDeclaration;
const talk = {
  name: 'npc talk',
  summary: 'Bring an NPC on stage.',
  permission: 'player',
  answers: 'asker',
  example: '/npc talk Tilda',
  options: {
    npc: { kind: 'npc', description: 'who', required: true, among: 'castable' },
    'opening-line': { kind: 'text', description: 'what you say', required: false, maxLength: 500 },
  },
} as const satisfies CommandDeclaration;
const roll = {
  name: 'roll',
  summary: 'Roll dice.',
  permission: 'player',
  answers: 'asker',
  example: '/roll 2d6+3',
  options: { dice: { kind: 'text', description: 'the dice', required: true, maxLength: 100 } },
} as const satisfies CommandDeclaration;
const plain = { permission: 'player', answers: 'asker', options: {} } as const;
const stop = { ...plain, name: 'stop', summary: 'Stop.', example: '/stop' } satisfies CommandDeclaration;
const stopAll = { ...stop, name: 'stop all' } satisfies CommandDeclaration;
const npc = { ...plain, name: 'npc list all', summary: 'List.', example: '/x' } satisfies CommandDeclaration;
const declarations: readonly CommandDeclaration[] = [generate, talk, roll, stop, stopAll, npc];

const read = (text: string) => readCommand(text, declarations);
const refusal = (text: string) => {
  const reading = read(text);
  return 'refusal' in reading ? reading.refusal : `no refusal: ${JSON.stringify(reading)}`;
};

describe('readCommand', () => {
  it.each([
    [
      '/npc generate count:3 prompt:dwarven smugglers of the salt docks',
      'npc generate',
      { count: '3', prompt: 'dwarven smugglers of the salt docks' },
    ],
    ['/roll 2d6+3', 'roll', { dice: '2d6+3' }],
    ['npc talk Tilda', 'npc talk', { npc: 'Tilda' }],
    ['  /NPC   Talk  Tilda Marsh  ', 'npc talk', { npc: 'Tilda Marsh' }],
    [
      '/npc talk Tilda OPENING-LINE: good evening ',
      'npc talk',
      { npc: 'Tilda', 'opening-line': 'good evening' },
    ],
    ['/npc generate prompt:a tale: of two', 'npc generate', { prompt: 'a tale: of two' }],
    ['/npc generate prompt:count:3', 'npc generate', { prompt: 'count:3' }],
    ['/npc generate prompt:my recount:3', 'npc generate', { prompt: 'my recount:3' }],
    ['/npc generate prompt: count:3', 'npc generate', { prompt: '', count: '3' }],
    [
      '/npc generate prompt:"a count:3 of Monte" count:2',
      'npc generate',
      { prompt: 'a count:3 of Monte', count: '2' },
    ],
    ['/npc generate prompt:\'their "king"\' count:2', 'npc generate', { prompt: 'their "king"', count: '2' }],
    ['/npc generate prompt:"say \\"aye\\" \\\\o/"', 'npc generate', { prompt: 'say "aye" \\o/' }],
    ["/npc generate prompt:'tis the docks", 'npc generate', { prompt: "'tis the docks" }],
    [
      "/npc generate prompt:'tis the sailors' tale count:2",
      'npc generate',
      { prompt: "'tis the sailors' tale", count: '2' },
    ],
    ['/npc generate prompt:"Black" Jack', 'npc generate', { prompt: '"Black" Jack' }],
    ['/npc talk "Tilda: the Elder"', 'npc talk', { npc: 'Tilda: the Elder' }],
    ['/npc generate prompt:""', 'npc generate', { prompt: '' }],
    ['/stop', 'stop', {}],
    ['/stop all', 'stop all', {}],
    ['/npc list all', 'npc list all', {}],
  ])('reads %s', (text, command, options) => {
    expect(read(text)).toEqual({ command, options });
  });

  it.each([
    ['/npc generate count:3 count:4', 'count is given twice. Give it once.'],
    ['/npc talk Tilda npc:Bram', 'npc is given twice. Give it once.'],
    ['/npc talk name:Old Tom npc:Bram', '/npc talk has no option name. It takes npc, opening-line.'],
    ['/npc generate cuont:3', '/npc generate has no option cuont. Did you mean count?'],
    ['/stop now', '/stop takes nothing more. Type it alone.'],
    [
      '/npc generate prompt:"the docks',
      'A quotation mark is opened and never closed. Close it at the end of the value, or leave it out.',
    ],
    ['/npc', '/npc goes with generate, talk or list all.'],
    ['/npc generat', 'There is no command /npc generat. Did you mean /npc generate?'],
    ['/npc xyzzyx', 'There is no command /npc xyzzyx. /npc goes with generate, talk or list all.'],
    ['/rol 2d6', 'There is no command /rol. Did you mean /roll?'],
    ['/generate 3', 'There is no command /generate. Did you mean /npc generate?'],
    ['/npc list', '/npc list goes with all.'],
    ['/npc list al', 'There is no command /npc list al. Did you mean /npc list all?'],
    ['/npc list zzzzzz x', 'There is no command /npc list zzzzzz. /npc list goes with all.'],
    ['/npx generate', 'There is no command /npx. Did you mean /npc generate?'],
    ['/whisper Tilda hush', 'There is no command /whisper. Everyone on stage hears what is said.'],
    ['/constantinople', 'There is no command /constantinople. There are /npc, /roll, /stop.'],
    ['/', 'A command is missing after the slash: /npc, /roll, /stop.'],
    ['/\u001b[31mrol', 'There is no command /rol. There are /npc, /roll, /stop.'],
  ])('refuses %j', (text, sentence) => expect(refusal(text)).toBe(sentence));

  it('repeats no more than a little of what was typed', () =>
    expect(refusal(`/${'x'.repeat(5000)}`).length).toBeLessThan(120));

  it('never throws', () => {
    const pieces = fc.constantFrom(
      '/',
      'npc',
      'generate',
      'talk',
      'count:',
      'prompt:',
      '"',
      "'",
      '\\',
      ' ',
      '\n',
      ':',
      '__proto__:',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 }))).map((each) => each.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const reading = read(text);
        expect('refusal' in reading ? reading.refusal : reading.command).not.toBe('');
        expect(completions(text, declarations).wordsFrom).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('writeCommand', () => {
  it('leaves out what need not be typed', () => {
    const write = (command: string, options: Record<string, string>) =>
      writeCommand({ command, options }, declarations);
    expect(write('npc talk', { npc: 'Tilda Marsh' })).toBe('/npc talk Tilda Marsh');
    expect(write('npc generate', { prompt: 'the docks', count: '3' })).toBe(
      '/npc generate count:3 prompt:the docks',
    );
    expect(write('npc talk', { npc: 'Tilda: "Til"' })).toBe('/npc talk "Tilda: \\"Til\\""');
    expect(write('unknown', {})).toBe('/unknown');
  });

  it('writes what reads the same', () => {
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'count:3',
        '"',
        "'tis",
        'a prompt:b',
        ' x ',
        '\\',
        '"a" b',
        'x\n count:4',
        "'a' count:1",
      ),
    );
    const calls = fc.constantFrom(...declarations).chain((declaration) =>
      fc
        .subarray(Object.keys(declaration.options))
        .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, value]))))
        .map((options) => ({ command: declaration.name, options: { ...options } })),
    );
    fc.assert(
      fc.property(calls, (call) => {
        expect(read(writeCommand(call, declarations))).toEqual(call);
      }),
      { numRuns: 500 },
    );
  });

  it('quotes only what would be misread', () => {
    expect(quoted('Tilda Marsh')).toBe('Tilda Marsh');
    expect(quoted("O'Dell")).toBe("O'Dell");
    expect(quoted('')).toBe('""');
    expect(quoted('16:9')).toBe('"16:9"');
  });
});

describe('checkOptions', () => {
  const check = (options: Record<string, string>) => checkOptions(generate, options);
  const whyNot = (options: Record<string, string>) => {
    try {
      return `no refusal: ${JSON.stringify(check(options))}`;
    } catch (error) {
      return error instanceof Refusal ? error.message : `not a refusal: ${String(error)}`;
    }
  };
  const whole = { count: '3', prompt: 'smugglers' };

  it('yields typed values', () => {
    const values = check({ count: ' +3 ', prompt: ' salt\t\u200bdocks ', system: '5E', secret: 'Yes' });
    expect(values).toEqual({ count: 3, prompt: 'salt docks', system: '5e', secret: true });
    expectTypeOf(values).toEqualTypeOf<{
      readonly count: number;
      readonly prompt: string;
      readonly system: '5e' | 'none' | undefined;
      readonly secret: boolean | undefined;
    }>();
  });
  it('leaves out what was not given', () =>
    expect(check(whole)).toEqual({ ...whole, count: 3, system: undefined, secret: undefined }));
  it.each([
    ['no', false],
    ['on', true],
    ['OFF', false],
    ['true', true],
    ['false', false],
  ])('reads the flag %s', (secret, value) => expect(check({ ...whole, secret }).secret).toBe(value));
  it('counts characters, not units', () =>
    expect(check({ ...whole, prompt: '🐟'.repeat(12) }).prompt).toHaveLength(24));
  it('keeps line ends in text and drops them in names', () => {
    expect(check({ ...whole, prompt: 'a\r\nb' }).prompt).toBe('a\nb');
    expect(checkOptions(talk, { npc: 'Tilda \n Marsh' }).npc).toBe('Tilda Marsh');
  });

  it.each([
    [{ prompt: 'x' }, '/npc generate needs count. For example: /npc generate count:3 prompt:smugglers'],
    [{ ...whole, coumt: '3' }, '/npc generate has no option coumt. Did you mean count?'],
    [
      { ...whole, astonishing: 'x' },
      '/npc generate has no option astonishing. It takes count, prompt, system, secret.',
    ],
    [{ ...whole, prompt: '  ' }, 'prompt is empty. Give it a value.'],
    [{ ...whole, system: '' }, 'system is empty. Give it a value or leave it out.'],
    [{ ...whole, prompt: '🐟'.repeat(13) }, 'prompt is 13 characters long and may have 12. Shorten it.'],
    [
      { ...whole, prompt: 'x'.repeat(10_000) },
      'prompt is 10,000 characters long and may have 12. Shorten it.',
    ],
    ...['0', '21', '-3', '1e1', '3.0', '0x3', '1,2', '３', '9'.repeat(30), 'three'].map(
      (count) =>
        [{ ...whole, count }, `count is a whole number from 1 to 20, not “${count}”.`] satisfies [
          object,
          string,
        ],
    ),
    [{ ...whole, system: '5' }, 'system is 5e or none, not “5”. Did you mean 5e?'],
    [{ ...whole, system: 'pathfinder' }, 'system is 5e or none, not “pathfinder”.'],
    [{ ...whole, secret: 'perhaps' }, 'secret is true or false, not “perhaps”.'],
  ])('refuses %j', (options, sentence) => expect(whyNot(options)).toBe(sentence));

  it.each(['\u001b[31m', 'a\u0000b', '\u0085', '\u202egnp', '\ud800'])(
    'refuses control characters: %j',
    (bad) => {
      const sentence = 'holds control characters, which cannot be used. Type it as plain text.';
      expect(whyNot({ ...whole, prompt: bad })).toBe(`prompt ${sentence}`);
      expect(whyNot({ ...whole, count: `3${bad}` })).toBe(`count ${sentence}`);
      expect(whyNot({ ...whole, secret: `on${bad}` })).toBe(`secret ${sentence}`);
    },
  );

  it('refuses a name of more than 60 characters', () =>
    expect(() => checkOptions(talk, { npc: 'x'.repeat(61) })).toThrow('may have 60'));
  it('says where a command takes nothing', () =>
    expect(() => checkOptions(stop, { now: 'x' })).toThrow('/stop has no option now. It takes none.'));
  it('is not fooled by the names that every object has', () =>
    expect(() => checkOptions(stop, { constructor: 'x' })).toThrow('has no option constructor'));
});

describe('an option that names somebody', () => {
  const add = {
    ...{ name: 'gm add', summary: 'Name one.', permission: 'gm', answers: 'asker', example: '/gm add Mira' },
    options: { who: { kind: 'who', description: 'who', required: true } },
  } as const satisfies CommandDeclaration;

  it('is one line of bounded length', () => {
    expect(checkOptions(add, { who: ' person:12  Mira the\nRed ' })).toEqual({
      who: 'person:12 Mira the Red',
    });
    expect(() => checkOptions(add, { who: `person:12 ${'x'.repeat(200)}` })).toThrow(/may have 200/u);
    expect(() => checkOptions(add, { who: 'person:12 \u202eMira' })).toThrow(/control characters/u);
    expect(() => checkOptions(add, {})).toThrow(/needs who/u);
  });

  it('is typed as it is written', () => {
    const typed = { command: 'gm add', options: { who: 'person:12 Mira' } };
    expect(readCommand(writeCommand(typed, [add]), [add])).toEqual(typed);
  });
});

describe('completions', () => {
  const at = (text: string) => completions(text, declarations);
  const words = (text: string) => at(text).words.map((word) => text.slice(0, at(text).wordsFrom) + word);

  it.each([
    ['/', ['/npc ', '/roll ', '/stop ']],
    ['/n', ['/npc ']],
    ['/npc ', ['/npc generate ', '/npc talk ', '/npc list ']],
    ['/npc G', ['/npc generate ']],
    ['/npc list a', ['/npc list all ']],
    ['/roll', ['/roll ']],
    ['/xyz', []],
    [
      '/npc generate ',
      ['/npc generate count:', '/npc generate prompt:', '/npc generate system:', '/npc generate secret:'],
    ],
    ['/npc generate pr', ['/npc generate prompt:']],
    ['/npc generate count:3 ', ['prompt:', 'system:', 'secret:'].map((o) => `/npc generate count:3 ${o}`)],
    ['/npc generate 3 s', ['/npc generate 3 system:', '/npc generate 3 secret:']],
    ['/npc generate system:', ['/npc generate system:5e ', '/npc generate system:none ']],
    ['/npc generate system:N', ['/npc generate system:none ']],
    ['/npc generate system:none s', ['/npc generate system:none secret:']],
    ['/npc generate secret:t', ['/npc generate secret:true ']],
    ['/npc generate prompt:the s', ['/npc generate prompt:the system:', '/npc generate prompt:the secret:']],
    [
      '/npc generate prompt:"the s" ',
      ['count:', 'system:', 'secret:'].map((o) => `/npc generate prompt:"the s" ${o}`),
    ],
    ['/stop ', []],
  ])('offers words after %j', (text, offered) => expect(words(text)).toEqual(offered));

  it.each([
    ['/npc talk ', 'npc', ''],
    ['/npc talk Til', 'npc', 'Til'],
    ['/npc talk Tilda Ma', 'npc', 'Tilda Ma'],
    ['/npc talk "Tilda Ma', 'npc', 'Tilda Ma'],
    ['/npc talk npc:Til', 'npc', 'Til'],
    ['/npc talk Tilda opening-line:Good', 'opening-line', 'Good'],
  ])('asks for values after %j', (text, option, typed) => {
    const { value } = at(text);
    expect(value).toMatchObject({ command: 'npc talk', option, typed });
    expect(text.slice(value?.from).replace('"', '')).toBe(typed);
  });

  it.each(['/npc generate ', '/npc generate system:', '/npc talk "Tilda" ', '/np'])(
    'asks for no value after %j',
    (text) => expect(at(text).value).toBeUndefined(),
  );
});
