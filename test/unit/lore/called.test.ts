import { describe, expect, it } from 'vitest';
import type { LorePassage } from '#src/core/lore.ts';
import { CalledPassages } from '#src/lore/called.ts';

function keyed(id: string, keys: readonly string[], secondaryKeys: readonly string[] = []): LorePassage {
  return { id, documentId: 'd', title: 'T', heading: '', text: id, seq: 0, keys, secondaryKeys };
}

const ALL = { limit: 10, among: () => true };
const calledBy = (text: string, ...passages: readonly LorePassage[]) =>
  new CalledPassages(passages).in(text, ALL).map(({ passage, key }) => `${passage.id} by ${key}`);

describe('CalledPassages', () => {
  it('come up at a whole word, in any case and spelling', () => {
    const tunnel = keyed('tunnel', ['Tunnel', 'the old passage']);
    expect(calledBy('Where is the TUNNEL?', tunnel)).toEqual(['tunnel by Tunnel']);
    expect(calledBy('They went through the\nold  passage.', tunnel)).toEqual(['tunnel by the old passage']);
    expect(calledBy('The old passage has a tunnel.', tunnel)).toEqual(['tunnel by Tunnel']);
    expect(calledBy('A tunnelship lies there.', tunnel)).toEqual([]);
    expect(calledBy('The old, long passage', tunnel)).toEqual([]);
    expect(calledBy('Through the old', tunnel)).toEqual([]);
    expect(calledBy('Ｔｕｎｎｅｌ', tunnel)).toEqual(['tunnel by Tunnel']);
  });

  it.each([
    ['dragon', 'Two dragons sleep.'],
    ['dragon', "The dragon's hoard, the dragon’s den"],
    ['smuggler', 'The smugglers came.'],
    ['smuggle', 'They were smuggling.'],
    ['poison', 'He was poisoned.'],
    ['rob', 'We were robbed.'],
    ['bury', 'It lies buried; the dead are buried.'],
    ['witch', 'Three witches'],
    ['abbey', 'the abbeys'],
    ['city', 'the cities'],
    ['wolf', 'The wolves howl.'],
    ['salt dock', 'at the salt docks'],
    ['café', 'the cafe'],
    ['cafe', 'the cafe\u0301'],
    ['St. Odo', 'near St Odo'],
    ['隧道', '那个隧道在哪'],
    ['トンネル', 'トンネルはどこ'],
    ['スーパー', 'スーパーマン'],
    ['npc', '那个NPC隧道'],
    ['ถ้ำ', 'ในถ้ำมืด'],
    ['터널', '터널이 어디 있어요'],
  ])('of %s come up at: %s', (key, text) => {
    expect(calledBy(text, keyed('it', [key]))).toEqual([`it by ${key}`]);
  });

  it.each([
    ['organ', 'an organization'],
    ['university', 'the universe'],
    ['Rose', 'Prices rise.'],
    ['Hans', 'Han is here.'],
    ['evening', 'even so'],
    ['ring', 'I bring it'],
    ['r', 'red'],
    ['glas', 'glass'],
    ['か', 'が'],
    ['용', '내용'],
    ['隧道', '隧 道'],
    ['!!!', 'hello !!!'],
  ])('of %s do not come up at: %s', (key, text) => {
    expect(calledBy(text, keyed('it', [key]))).toEqual([]);
  });

  it('need one of the second keys too, where there are any', () => {
    const bell = keyed('bell', ['bell'], ['tower', 'fire']);
    expect(calledBy('The bell rings.', bell)).toEqual([]);
    expect(calledBy('The bells of the towers ring.', bell)).toEqual(['bell by bell']);
    expect(calledBy('The bell rings …', keyed('never', ['bell'], ['…']))).toEqual([]);
  });

  it('are those that have keys, and that are asked for', () => {
    expect(calledBy('anything at all …', keyed('plain', []), keyed('marks', ['…', '!']))).toEqual([]);
    const called = new CalledPassages([keyed('one', ['bell']), keyed('two', ['bell'])]);
    expect(called.in('the bell', { limit: 10, among: ({ id }) => id === 'two' })).toMatchObject([
      { passage: { id: 'two' } },
    ]);
  });

  it('leave room for others where an entry has many parts', () => {
    const parts = (name: string, count: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...keyed(`${name} ${at}`, ['bell']),
        heading: name,
        seq: at,
      }));
    const called = new CalledPassages([...parts('a', 4), ...parts('b', 1), ...parts('c', 2)]);
    const ids = (limit: number) =>
      called.in('the bell', { limit, among: () => true }).map(({ passage }) => passage.id);
    expect(ids(3)).toEqual(['a 0', 'b 0', 'c 0']);
    expect(ids(5)).toEqual(['a 0', 'a 1', 'b 0', 'c 0', 'c 1']);
    expect(ids(10)).toHaveLength(7);
  });
});
