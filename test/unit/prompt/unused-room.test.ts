import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message, RecalledLine, SeenLine, SpeakTask } from '#src/core/model.ts';
import { tokensOfMessages } from '#src/models/tokens.ts';
import { speakPrompt } from '#src/prompt/speak-prompt.ts';
import { TalkSoFar } from '#src/prompt/talk-so-far.ts';
import { personaOf } from '../../support/personas.ts';
import { defaultProfile } from '../../support/profile.ts';

const count = (text: string) => Math.ceil(text.length / 4);
const MOST_IDLE = 0.15;

const words = fc.integer({ min: 1, max: 60 }).map((many) => 'the toll of salt '.repeat(many).trim());
const recalled = (kind: 'memory' | 'summary', most: number): fc.Arbitrary<readonly RecalledLine[]> =>
  fc.array(words, { maxLength: most }).map((texts) =>
    texts.map((text, index) => ({
      ...{ id: `${kind}${index}`, speaker: 'Jon', text, when: 'earlier', saidAtInMs: index },
      ...(kind === 'summary' && { kind }),
    })),
  );
const loreOf = (most: number) =>
  fc.array(words, { maxLength: most }).map((texts) => texts.map((text) => ({ place: 'The book', text })));

/** Lines of an NPC and others, told apart by a number. */
const anyTranscript = fc
  .array(fc.tuple(words, fc.boolean()), { minLength: 1, maxLength: 300 })
  .map((said) => said.map(([text, isOwn], index) => line(index, text, isOwn && index < said.length - 1)));

function line(index: number, text: string, isOwn: boolean): SeenLine {
  const speaker = isOwn ? 'Tilda' : 'Mira';
  return {
    id: `l${index}`,
    speaker,
    speakerKind: isOwn ? 'npc' : 'character',
    isOwn,
    text: `${text} ${index}`,
  };
}

const anyTask: fc.Arbitrary<SpeakTask> = fc.record({
  kind: fc.constant('speak'),
  persona: words.map((description) => personaOf('Tilda', { description })),
  present: fc.constant(['Mira']),
  transcript: anyTranscript,
  // Some stand in the transcript too.
  memories: recalled('memory', 24).map((memories) =>
    memories.map((memory, index) => ({ ...memory, id: `l${index * 17}` })),
  ),
  lore: loreOf(10),
  summaries: recalled('summary', 24),
  seed: fc.constant('s'),
});

const profileWith = (budget: number) => {
  return { ...defaultProfile, contextWindowInTokens: budget + defaultProfile.replyReserveInTokens };
};

/** How many of the newest lines stand in a prompt word for word. */
function linesShown(messages: readonly Message[], transcript: readonly SeenLine[]): number {
  const rows = new Set(messages.flatMap(({ content }) => content.split('\n')));
  const first = transcript.findIndex(({ text, isOwn }) => rows.has(isOwn ? text : `Mira: ${text}`));
  return transcript.length - first;
}

/** What a prompt leaves idle though lines stand before those that it shows, and what the next of these would take. */
function idleIn(messages: readonly Message[], { transcript }: SpeakTask, budget: number) {
  const left = budget - tokensOfMessages(messages, count);
  const next = transcript[transcript.length - 1 - linesShown(messages, transcript)];
  if (next === undefined) return { left, idle: 0 };
  return { left, idle: left - count(`Mira: ${next.text}`) };
}

describe('the room of a prompt', () => {
  it('is never exceeded, nor lies idle where lines are left out', () => {
    fc.assert(
      fc.property(anyTask, fc.integer({ min: 2_048, max: 12_000 }), (task, budget) => {
        const messages = speakPrompt(task, profileWith(budget), count);
        const { left, idle } = idleIn(messages, task, budget);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(idle).toBeLessThan(MOST_IDLE * budget);
      }),
      { numRuns: 300 },
    );
  });

  it('is kept from turn to turn for what was found of late, and for no more', () => {
    const turns = fc.array(
      fc.record({
        memories: recalled('memory', 12),
        lore: loreOf(10),
        grows: fc.integer({ min: 1, max: 8 }),
      }),
      { minLength: 2, maxLength: 40 },
    );
    fc.assert(
      fc.property(anyTask, turns, fc.integer({ min: 2_048, max: 8_000 }), (task, later, budget) => {
        const talk = new TalkSoFar();
        let { transcript } = task;
        for (const { grows, ...found } of later) {
          const more = Array.from({ length: grows }, (_, index) =>
            line(transcript.length + index, 'Ale and bread for everybody here, and a song.', false),
          );
          transcript = [...transcript, ...more];
          const messages = speakPrompt({ ...task, ...found, transcript }, profileWith(budget), count, {
            talk,
          });
          const { left, idle } = idleIn(messages, { ...task, transcript }, budget);
          expect(left).toBeGreaterThanOrEqual(0);
          expect(idle).toBeLessThan(MOST_IDLE * budget + talk.mostFound);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('room for what is looked up', () => {
  const budget = 6_000;
  const said = (length: number) =>
    Array.from({ length }, (_, index) =>
      line(index, `${'Salt and ale. '.repeat(6)}`.trim(), index % 2 === 1),
    );
  const lore = Array.from({ length: 10 }, (_, index) => ({
    place: 'The book',
    text: `Passage ${index}. ${'salt '.repeat(100)}`,
  }));
  const promptOf = (length: number, parts: Partial<SpeakTask>, talk = new TalkSoFar()) => {
    const task = { kind: 'speak' as const, persona: personaOf('Tilda'), present: [], seed: 's' };
    const transcript = said(length);
    const messages = speakPrompt({ ...task, transcript, ...parts }, profileWith(budget), count, { talk });
    return { messages, shown: linesShown(messages, transcript) };
  };

  it('is the transcript’s where nothing is found', () => {
    const without = promptOf(401, {});
    expect(without.shown).toBeGreaterThan(promptOf(401, { lore }).shown * 1.4);
    expect(tokensOfMessages(without.messages, count)).toBeGreaterThan((1 - MOST_IDLE) * budget);
  });

  it('is its share at most', () => {
    const much = Array.from({ length: 10 }, () => lore).flat();
    const { shown } = promptOf(401, { lore: much });
    expect(shown).toBe(promptOf(401, { lore: much.slice(0, 20) }).shown);
    expect(shown).toBeLessThan(promptOf(401, { lore }).shown);
    expect(shown).toBeGreaterThan(50);
  });

  it('is kept for some turns, so that the lines begin where they began', () => {
    const talk = new TalkSoFar();
    const starts = Array.from({ length: 60 }, (_, turn) => {
      const length = 301 + 2 * turn;
      return length - promptOf(length, turn % 3 === 0 ? { lore } : {}, talk).shown;
    });
    const moves = starts.filter((start, turn) => turn > 0 && start !== starts[turn - 1]);
    expect(moves.length).toBeGreaterThan(2);
    expect(moves.length).toBeLessThan(8);
    expect(moves).toEqual(moves.toSorted((a, b) => a - b));
  });

  it('goes back to the transcript where nothing is found for a dozen turns', () => {
    const talk = new TalkSoFar();
    const { shown } = promptOf(401, { lore }, talk);
    const later = Array.from({ length: 13 }, () => promptOf(401, {}, talk));
    expect(later.slice(0, -1).map((prompt) => prompt.shown)).toEqual(Array.from({ length: 12 }, () => shown));
    expect(later.at(-1)?.shown).toBeGreaterThan(shown * 1.4);
    expect(tokensOfMessages(later.at(-1)?.messages ?? [], count)).toBeGreaterThan((1 - MOST_IDLE) * budget);
  });

  it('is made at once where more is found', () => {
    const talk = new TalkSoFar();
    promptOf(401, {}, talk);
    const text = JSON.stringify(promptOf(401, { lore }, talk).messages);
    for (const index of lore.keys()) expect(text).toContain(`Passage ${index}.`);
  });
});
