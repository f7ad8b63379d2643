import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webhookName } from '#src/adapters/discord/webhook-name.ts';

describe('the name above a message', () => {
  it.each([
    ['Tilda Marsh', 'Tilda Marsh'],
    ['Clyde of the Discord', 'C·lyde of the D·iscord'],
    ['everyone', 'The everyone'],
    ['  Bram\n the\u200b Red ', 'Bram the Red'],
    ['\u200b', 'Somebody'],
    ['', 'Somebody'],
    ['Émile ✦', 'Émile ✦'],
  ])('%j is %j', (name, shown) => expect(webhookName(name)).toBe(shown));

  it('is one that Discord takes, whatever the NPC is called', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('clyde', 'DISCORD', 'cly', 'de', '@', '#', ':', '```', 'here', '\u202e'),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const shown = webhookName(parts.join(''));
        expect(shown.length).toBeGreaterThanOrEqual(1);
        expect(shown.length).toBeLessThanOrEqual(80);
        expect(shown.isWellFormed() || !parts.join('').isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/clyde|discord|[@#:]|```|^(?:everyone|here|system message)$/iu);
      }),
    );
  });
});
