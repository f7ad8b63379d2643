import { describe, expect, it } from 'vitest';
import type { LorePassage } from '#src/core/lore.ts';
import { CalledPassages } from '#src/lore/called.ts';

function keyed(id: string, keys: readonly string[], secondaryKeys: readonly string[] = []): LorePassage {
  return { id, documentId: 'd', title: 'T', heading: '', text: id, seq: 0, keys, secondaryKeys };
}

const calledBy = (text: string, ...passages: readonly LorePassage[]) =>
  new CalledPassages(passages).in(text).map(({ passage, key }) => `${passage.id} by ${key}`);

describe('CalledPassages', () => {
  it('come up at a whole word, in any case and spelling', () => {
    const tunnel = keyed('tunnel', ['Tunnel', 'the old passage']);
    expect(calledBy('Where is the TUNNEL?', tunnel)).toEqual(['tunnel by Tunnel']);
    expect(calledBy('They went through the\nold  passage.', tunnel)).toEqual(['tunnel by the old passage']);
    expect(calledBy('Tunnels are dug.', tunnel)).toEqual([]);
    expect(calledBy('The old, long passage', tunnel)).toEqual([]);
    expect(calledBy('Ｔｕｎｎｅｌ', tunnel)).toEqual(['tunnel by Tunnel']);
  });

  it('need one of the second keys too, where there are any', () => {
    const bell = keyed('bell', ['bell'], ['tower', 'fire']);
    expect(calledBy('The bell rings.', bell)).toEqual([]);
    expect(calledBy('The bell of the tower rings.', bell)).toEqual(['bell by bell']);
  });

  it('are those that have keys', () => {
    expect(calledBy('anything at all', keyed('plain', []), keyed('marks', ['…', '!']))).toEqual([]);
  });
});
