import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAction, encodeAction, encodeShelf, type PressedAction } from '#src/chat/action-code.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/u);
const command = fc.array(name, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
const action: fc.Arbitrary<PressedAction> = fc
  .record({
    command,
    options: fc.dictionary(name, fc.string({ unit: 'binary', maxLength: 30 }), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    asks: fc.array(name, { maxLength: 3 }),
    isInPlace: fc.boolean(),
  })
  .map(({ asks, isInPlace, ...rest }) => ({
    ...rest,
    ...(asks.length === 0 ? {} : { asks }),
    ...(isInPlace ? { isInPlace } : {}),
  }));

describe('the code of a button', () => {
  it('reads as it was written', () => {
    const next = { command: 'npc cast', options: { cast: 'c1', page: '2' }, isInPlace: true };
    const code = encodeAction(next, 100);
    expect(code).toBe('1a|npc cast|p||cast=c1|page=2');
    expect(decodeAction(code ?? '')).toEqual({ kind: 'action', action: next });
    const edit = { command: 'npc edit', options: { npc: 'Mira' }, asks: ['field', 'text'] };
    expect(encodeAction(edit, 100)).toBe('1a|npc edit||field,text|npc=Mira');
  });

  it('gives back every action whole, within the length asked for', () => {
    fc.assert(
      fc.property(action, fc.constantFrom(100, 255, 2000), (pressed, maxCharacters) => {
        const code = encodeAction(pressed, maxCharacters);
        if (code === undefined) {
          expect(encodeAction(pressed, 10_000)?.length).toBeGreaterThan(maxCharacters);
          return;
        }
        expect(code.length).toBeLessThanOrEqual(maxCharacters);
        expect(decodeAction(code)).toEqual({ kind: 'action', action: pressed });
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves out what the button is called', () => {
    const keep = { label: 'Keep', command: 'npc keep', options: { npc: 'A|b=c~d' } };
    const code = encodeAction(keep, 100) ?? '';
    expect(code).not.toContain('Keep');
    expect(decodeAction(code)).toEqual({
      kind: 'action',
      action: { command: 'npc keep', options: { npc: 'A|b=c~d' } },
    });
  });

  it('is none where the action is too long for a button', () => {
    const long = { command: 'npc keep', options: { npc: 'x'.repeat(60) } };
    const { length } = encodeAction(long, 255) ?? '';
    expect(encodeAction(long, length)).toBeDefined();
    expect(encodeAction(long, length - 1)).toBeUndefined();
  });

  it('knows the code of an action that was put on the shelf', () => {
    expect(encodeShelf('k3_x-9')).toBe('1s|k3_x-9');
    expect(decodeAction('1s|k3_x-9')).toEqual({ kind: 'shelved', shelfCode: 'k3_x-9' });
  });

  it.each([
    ['nothing', ''],
    ['a word', 'stop'],
    ['another version', '2a|stop||'],
    ['another form', '1x|stop||'],
    ['too few fields', '1a|stop'],
    ['no command', '1a|||'],
    ['a command that is none', '1a|Stop!||'],
    ['four words', '1a|a b c d||'],
    ['an unknown mark', '1a|stop|x|'],
    ['asking for nothing', '1a|stop||a,,b'],
    ['asking for what is none', '1a|stop||A'],
    ['an option without a value', '1a|stop|||npc'],
    ['an option twice', '1a|stop|||npc=a|npc=b'],
    ['a value with two parts', '1a|stop|||npc=a=b'],
    ['an option that is none', '1a|stop|||__proto__=a'],
    ['an escape that is none', '1a|stop|||npc=~9'],
    ['a torn escape', '1a|stop|||npc=~'],
    ['a shelf without a code', '1s|'],
    ['a shelf with two', '1s|a|b'],
    ['a shelf elsewhere', '1s|../a'],
    ['an endless one', `1a|stop|||npc=${'x'.repeat(3000)}`],
  ])('is not read where it is forged: %s', (_, code) => {
    expect(decodeAction(code)).toBeUndefined();
  });

  it('is read as one action at most, whatever is sent', () => {
    const forged = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc
        .array(fc.constantFrom('1a', '1s', '|', '=', '~', ',', 'p', 'npc', ' ', 'stop', '0'), {
          maxLength: 20,
        })
        .map((all) => all.join('')),
    );
    fc.assert(
      fc.property(forged, (code) => {
        const read = decodeAction(code);
        if (read === undefined) return;
        // Whatever is read is what we would have written.
        expect(read.kind === 'action' ? encodeAction(read.action, 2000) : encodeShelf(read.shelfCode)).toBe(
          code,
        );
      }),
      { numRuns: 2000 },
    );
  });
});
