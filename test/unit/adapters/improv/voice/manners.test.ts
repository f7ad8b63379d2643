import { describe, expect, it } from 'vitest';
import { subjectOf } from '#src/adapters/improv/voice/sheet.ts';
import { speak } from '#src/adapters/improv/voice/speak.ts';
import type { SpeakTask } from '#src/core/model.ts';
import { book, converse, said, task, voiced } from './fixtures.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => `${index}`);

describe('what a line is about', () => {
  it.each([
    ['what is engraved in the ring?', 'the ring'],
    ['what is painted on the wall?', 'the wall'],
    ['who is afraid of the bear?', 'the bear'],
    ['did the bear eat yourself?', 'the bear'],
    ['what is the crown made of?', 'the crown'],
    ['who killed Captain Roderic Vane?', 'Captain Roderic Vane'],
    ["where is Captain Vane's ring?", "Captain Vane's ring"],
  ])('%s', (line, topic) => expect(book.ear.hear(line, 'character', new Set()).topic).toBe(topic));

  it('is what it leads to as well, and no further', () => {
    expect(subjectOf('Nobody sees the milestone past the bend.', book.ear)).toBe('the milestone');
    expect(subjectOf('Since the spring three of them are gone.', book.ear)).toBeUndefined();
  });
});

describe('a thing told', () => {
  const knowledge = ['The ferry fleet burned at Lowmoor.', 'The plank is hidden behind the chimney.'];
  const replies = (text: string, change: Partial<SpeakTask> = {}) =>
    SEEDS.map((seed) => speak(task(voiced('plain', { knowledge }), [said(text)], { seed, ...change }), book));

  it('begins with what was asked for only where it is about that', () => {
    for (const reply of replies('what is hidden inside the fourth arch?'))
      expect(reply).not.toMatch(/fourth arch/iu);
    expect(replies('what of the ferry fleet?').join(' ')).toMatch(/The ferry fleet(?:\?|, is it)/u);
  });

  it('is not told about, nor offered as something untold', () => {
    for (const reply of replies('what of the ferry fleet?'))
      expect(reply).not.toMatch(/[Yy]ou ask about|(?:could tell|asked|[Aa]sks?) .*about the ferry fleet/u);
  });
});

it('is offered as untold by nobody who has just told it', () => {
  const knowledge = [
    'Nobody speaks of the Quiet War. It ended when the Regent burned the ferry fleet.',
    'The bell tower leans.',
  ];
  for (let seed = 0; seed < 80; seed++) {
    const who = voiced('plain', { knowledge, talkativeness: 1 });
    const reply = speak(task(who, [said('who burned the ferry fleet?')], { seed: `${seed}` }), book);
    expect(reply).toMatch(/burned the ferry fleet/u);
    expect(reply.replace(knowledge[0] ?? '', '')).not.toMatch(/Quiet War/u);
  }
});

it('does not wear out what it says for want of anything to say', () => {
  for (const seed of SEEDS) {
    const said = converse(
      voiced('plain', { talkativeness: 0, knowledge: [], goals: [], fears: [] }),
      ['The mill burned down.', 'The duke rode out.', 'The crane broke today.', 'The tower fell over.'],
      seed,
    ).join(' ');
    for (const worn of ["I'd not thought about", "I hadn't thought to hear of", 'is it? I'])
      expect(said.split(worn).length - 1, said).toBeLessThan(2);
  }
});

it('says the same kind of thing in other words while it has others', () => {
  for (const seed of SEEDS) {
    const said = converse(
      voiced('plain', { talkativeness: 0, knowledge: [] }),
      ['how much for a beer?', 'how much for a room?', 'how much for a candle?', 'how much for a cart?'],
      seed,
    ).join(' ');
    for (const words of [/fair price/gu, /do credit/gu, /For that/gu])
      expect(said.match(words)?.length ?? 0, said).toBeLessThan(2);
  }
});

describe('a bargain', () => {
  const seller = voiced('plain', { talkativeness: 0, knowledge: [] });
  const answers = (lines: readonly string[]) =>
    SEEDS.slice(0, 4).map((seed) => converse(seller, lines, seed));

  it('asks no less than was offered', () => {
    for (const [reply = ''] of answers(['will you sell me the clock case for nine silvers?']))
      expect(reply).toMatch(/nine silver\b/iu);
    for (const [reply = ''] of answers(['will you sell me the clock case for ten gold?']))
      expect(reply).toMatch(/ten gold/iu);
  });

  it('holds to the price named, where less is offered', () => {
    for (const [asked = '', again = ''] of answers([
      'how much for the clock case?',
      'will you sell me the clock case for a copper?',
    ])) {
      const [price = ''] = /\w+ (?:copper|silver)/u.exec(asked.toLowerCase()) ?? [];
      expect(price).not.toBe('');
      expect(again.toLowerCase()).toContain(price);
    }
  });

  it('closes when more is offered than was asked', () => {
    for (const [, taken = ''] of answers(['how much for a beer?', 'too much. best price: twelve silver']))
      expect(taken).toMatch(/twelve silver/iu);
  });
});
