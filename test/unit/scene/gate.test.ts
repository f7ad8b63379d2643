import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gate, type GateRule } from '#src/scene/gate.ts';
import { harmlessText, speaksForItself } from '#src/scene/gate-rules.ts';

const rules = [harmlessText, speaksForItself(['Tilda Marsh', 'Til'], ['Bram Oxley', 'Mira'])];

function run(
  chunks: readonly string[],
  options: { rules?: readonly GateRule[]; maxCharacters?: number } = {},
) {
  const gate = new Gate({ rules: options.rules ?? rules, maxCharacters: options.maxCharacters ?? 2000 });
  let passed = '';
  for (const chunk of chunks) {
    const step = gate.push(chunk);
    passed += step.passed;
    if (step.closed !== undefined) return { passed, closed: step.closed };
  }
  const step = gate.end(true);
  return { passed: passed + step.passed, closed: step.closed };
}

describe('Gate', () => {
  it('passes whole sentences as they are completed', () => {
    const gate = new Gate({ rules, maxCharacters: 2000 });
    expect(gate.push('The tide').passed).toBe('');
    expect(gate.push(' turns. And').passed).toBe('The tide turns. ');
    expect(gate.end(true).passed).toBe('And');
  });

  it('drops an unfinished end where the model ran out, unless nothing else stands', () => {
    const gate = new Gate({ rules, maxCharacters: 2000 });
    gate.push('All is well. But the');
    expect(gate.end(false).passed).toBe('');
    const short = new Gate({ rules, maxCharacters: 2000 });
    short.push('But the');
    expect(short.end(false).passed).toBe('But the');
  });

  it('shuts at the length bound, between sentences', () => {
    const result = run(['One two three. ', 'Four five six. ', 'Seven.'], { maxCharacters: 20 });
    expect(result).toEqual({ passed: 'One two three. ', closed: { because: 'length' } });
  });

  it('cuts a first sentence that is too long by itself at a word', () => {
    const result = run(['lorem ipsum dolor sit amet, consectetur elit.'], { maxCharacters: 20 });
    expect(result.passed).toBe('lorem ipsum dolor');
    expect(result.closed).toEqual({ because: 'length' });
  });

  it('passes nothing after it has shut', () => {
    const gate = new Gate({ rules, maxCharacters: 2000 });
    expect(gate.push('Fine. Bram: No! More.').passed).toBe('Fine. ');
    expect(gate.push(' And more. ').passed).toBe('');
    expect(gate.end(true).passed).toBe('');
  });

  it('never passes more than the bound, nor anything that acts on a screen', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '\u001b[2J',
        '@everyone',
        '<@123456789012345678>',
        '<!channel>',
        '](http://x)',
        '. ',
        '\u202e',
        'Bram: ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (chunks) => {
        const { passed } = run(chunks, { maxCharacters: 300 });
        expect(passed.length).toBeLessThanOrEqual(300);
        expect(passed).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b]/u,
        );
        expect(passed).not.toMatch(/@(everyone|here|channel)|<[@!#]|\]\(/iu);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what lies across two pieces', () => {
  it('is no link', () =>
    expect(run(['See [the notice.]', '(https://evil.example)']).passed).not.toContain(']('));

  it('is no mention, where a word was cut for its length', () => {
    for (let length = 585; length <= 600; length += 1) {
      const { passed } = run([`${'a'.repeat(length)}@everyone and <@1234>`], { maxCharacters: 5000 });
      expect(passed).not.toMatch(/@everyone|<@/u);
    }
  });

  it('costs no more than its length', () => {
    expect(run([`a${'*'.repeat(200_000)}.`], { maxCharacters: 500_000 }).closed).toBeUndefined();
    expect(run(['\u009d'.repeat(200_000)]).passed).toBe('');
  });
});

describe('speaksForItself', () => {
  it.each([
    ['Tilda: Good day.', 'Good day.'],
    ['**Tilda Marsh:** Good day.', 'Good day.'],
    ['Til (smiling): Good day.', 'Good day.'],
    ['Listen: it is late.', 'Listen: it is late.'],
    ['Bram, come here.', 'Bram, come here.'],
    ['I told Bram to go.', 'I told Bram to go.'],
    ['The toll is simple: pay.', 'The toll is simple: pay.'],
    ['Mira said, "I will pay", and never did.', 'Mira said, "I will pay", and never did.'],
    ['About Mira: she is late.', 'About Mira: she is late.'],
    ['Bram - a good man.', 'Bram - a good man.'],
    ["Bram's: the best ale in town.", "Bram's: the best ale in town."],
  ])('lets %j stand as %j', (text, passed) => expect(run([text])).toEqual({ passed, closed: undefined }));

  it.each([
    'Bram: Good day.',
    'Bram Oxley: Good day.',
    '*Mira*: Good day.',
    '[Mira]: Good day.',
    'Mira (whispering): Good day.',
    'GM: The door opens.',
    'Player: I draw.',
    'You say, "I am a thief."',
    'Mira says, "I will pay you."',
    '"Mira": I will pay.',
    'Mira： I will pay.',
    'Mira> I will pay.',
    'Mira - "I will pay."',
    'All right; Mira: I will pay.',
    'MIRA\nI will pay.',
    'Bram Oxley (aside): No.',
  ])('holds %j back', (text) => {
    const { passed, closed } = run([`Fine. `, text]);
    expect(passed).toBe('Fine. ');
    expect(closed).toMatchObject({ because: 'rule', rule: 'speaks for itself' });
  });

  it('lets a number wait for what it belongs to', () => {
    expect(run(['1. Mira: I will pay.']).passed).toBe('');
    expect(run(['1. Pay the toll. 2. Go.']).passed).toBe('1. Pay the toll. 2. Go.');
    expect(run(['…']).passed).toBe('');
    expect(run(['😀']).passed).toBe('😀');
  });

  it('holds a label back that comes in pieces', () => {
    const { passed, closed } = run(['Fine.\n', 'Br', 'am', ': Hel', 'lo. More.']);
    expect(passed).toBe('Fine.\n');
    expect(closed).toMatchObject({ because: 'rule' });
  });
});

describe('harmlessText', () => {
  it.each([
    ['Red \u001b[31mtext\u001b[0m.', 'Red text.'],
    ['Ping @everyone and @here.', 'Ping @ everyone and @ here.'],
    ['<@123> and <!channel> and <#9>.', '‹@123> and ‹!channel> and ‹#9>.'],
    ['A [link](http://evil.example) here.', 'A [link] (http://evil.example) here.'],
    ['I love you <3.', 'I love you <3.'],
    ['a\tb\r\nc.', 'a b\nc.'],
  ])('makes %j %j', (text, passed) => expect(run([text]).passed).toBe(passed));
});
