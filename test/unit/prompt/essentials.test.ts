import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeenLine, SpeakTask } from '#src/core/model.ts';
import type { Persona } from '#src/core/persona.ts';
import { LEAST_PROMPT_IN_TOKENS } from '#src/models/profiles.ts';
import { tokenCounter, tokensOfMessages } from '#src/models/tokens.ts';
import { COUNT_LIMITS, TEXT_LIMITS } from '#src/persona/limits.ts';
import { speakPrompt } from '#src/prompt/speak-prompt.ts';
import { MAX_LINE_IN_CHARACTERS } from '#src/scene/heard-line.ts';
import { personaOf } from '../../support/personas.ts';
import { defaultProfile } from '../../support/profile.ts';

const RULES_END = 'Say something that somebody can act on or answer.';

function windowOf(budgetInTokens: number) {
  return { ...defaultProfile, contextWindowInTokens: budgetInTokens + defaultProfile.replyReserveInTokens };
}

function line(index: number, parts: Partial<SeenLine> = {}): SeenLine {
  const text = `Line ${index}.`;
  return { id: `l${index}`, speaker: 'Mira', speakerKind: 'character', isOwn: false, text, ...parts };
}

function taskOf(parts: Partial<SpeakTask> = {}): SpeakTask {
  const transcript = [line(1), line(2)];
  return { kind: 'speak', persona: personaOf('Tilda'), present: ['Mira'], transcript, seed: 's', ...parts };
}

/** Prose, letters that are a token each, letters that are several. */
const filler = fc.constantFrom('lorem ipsum ', '密', '🐉', '\u1E9Cxq');
const textOf = (maxLength: number) =>
  fc
    .tuple(filler, fc.oneof(fc.integer({ min: 1, max: maxLength }), fc.constant(maxLength)))
    .map(([unit, length]) => unit.repeat(length).slice(0, length).toWellFormed());
const listOf = <T>(item: fc.Arbitrary<T>, maxLength: number) =>
  fc.tuple(item, fc.integer({ min: 0, max: maxLength })).map(([one, length]) => Array<T>(length).fill(one));

const name = textOf(TEXT_LIMITS.name);
const anySheet: fc.Arbitrary<Persona> = fc
  .record({
    name,
    aliases: listOf(name, COUNT_LIMITS.aliases),
    pronouns: textOf(TEXT_LIMITS.pronouns),
    role: textOf(TEXT_LIMITS.role),
    description: textOf(TEXT_LIMITS.description),
    personality: textOf(TEXT_LIMITS.personality),
    voice: textOf(TEXT_LIMITS.voice),
    mes_example: listOf(textOf(TEXT_LIMITS.mes_example), COUNT_LIMITS.mes_example),
    goals: listOf(textOf(TEXT_LIMITS.goals), COUNT_LIMITS.goals),
    fears: listOf(textOf(TEXT_LIMITS.fears), COUNT_LIMITS.fears),
    bonds: listOf(fc.record({ to: name, tie: textOf(TEXT_LIMITS.tie) }), COUNT_LIMITS.bonds),
    knowledge: listOf(textOf(TEXT_LIMITS.knowledge), COUNT_LIMITS.knowledge),
    secrets: listOf(
      fc.record({ text: textOf(TEXT_LIMITS.secret), until: textOf(TEXT_LIMITS.until) }),
      COUNT_LIMITS.secrets,
    ),
  })
  .map((fields) => personaOf(fields.name, fields));

const anyTask = fc
  .record({
    persona: anySheet,
    present: listOf(name, 60),
    speaker: name,
    answered: textOf(MAX_LINE_IN_CHARACTERS),
    before: fc.integer({ min: 0, max: 60 }),
    isTimed: fc.boolean(),
    isMarked: fc.boolean(),
    isCorrected: fc.boolean(),
    told: fc.integer({ min: 0, max: 12 }),
  })
  .map(({ persona, present, speaker, answered, before, isTimed, isMarked, isCorrected, told }): SpeakTask => {
    const time = isTimed ? { time: 'day 12, before dawn' } : {};
    const memory = { speaker, text: answered.slice(0, 500), when: 'last night', saidAtInMs: 1 };
    return taskOf({
      persona,
      present,
      transcript: [
        ...Array.from({ length: before }, (_, index) => line(index, { ...time, isOwn: index % 2 === 1 })),
        line(before, {
          ...time,
          ...(isMarked ? { mark: 'It is day 12, before dawn' } : {}),
          speaker,
          text: answered,
        }),
      ],
      ...(isTimed ? { now: 'day 12, before dawn' } : {}),
      ...(isCorrected ? { correction: { complaint: `it wrote the words of ${speaker}` } } : {}),
      memories: Array.from({ length: told }, (_, index) => ({ ...memory, id: `m${index}` })),
      summaries: Array.from({ length: told }, (_, index) => ({
        ...memory,
        id: `s${index}`,
        kind: 'summary',
      })),
      lore: Array.from({ length: told }, () => ({ place: 'The book', text: memory.text })),
    });
  });
const anyBudget = fc.oneof(
  fc.integer({ min: LEAST_PROMPT_IN_TOKENS, max: LEAST_PROMPT_IN_TOKENS + 2_000 }),
  fc.integer({ min: LEAST_PROMPT_IN_TOKENS, max: 60_000 }),
);

describe('whatever a sheet, a line and a window are', () => {
  it.each([
    ['estimate', 300],
    ['o200k_base', 8],
  ] as const)(
    'a prompt fits, with its rules, a name and the line to answer (%s)',
    async (tokenizer, numRuns) => {
      const count = await tokenCounter({ tokenizer });
      fc.assert(
        fc.property(anyTask, anyBudget, (task, budget) => {
          const cuts: string[] = [];
          const messages = speakPrompt(task, windowOf(budget), count, { onCut: (what) => cuts.push(what) });
          expect(tokensOfMessages(messages, count)).toBeLessThanOrEqual(budget);
          const system = messages[0]?.content ?? '';
          expect(system).toContain(`${RULES_END}\n\nName: ${task.persona.name}`);
          const said = task.transcript.at(-1)?.text.trim() ?? '';
          const last = messages.at(-1)?.content ?? '';
          const isSaidWhole = last.includes(said);
          expect(cuts.includes('line cut')).toBe(!isSaidWhole);
          if (!isSaidWhole) {
            // Nothing else is there that could have been cut before.
            expect(system.endsWith(`Name: ${task.persona.name}`)).toBe(true);
            expect(last).toContain(said.slice(0, 40));
          }
          expect(last).toContain('Give only the next words of');
        }),
        { numRuns },
      );
    },
  );
});

describe('a sheet that is more than a window holds', () => {
  const count = (text: string) => text.length;
  const secrets = Array.from({ length: 8 }, (_, index) => ({
    text: `Secret ${index} ${'s'.repeat(400)}`,
    until: '',
  }));
  const persona = personaOf('Tilda', {
    ...{ aliases: ['Tilly'], role: 'ferrywoman', voice: 'v'.repeat(900), personality: 'p'.repeat(900) },
    ...{ description: 'd'.repeat(900), knowledge: ['k'.repeat(400)], secrets },
  });
  const cutFor = (budget: number) => {
    const cuts: string[] = [];
    const [system] = speakPrompt(taskOf({ persona }), windowOf(budget), count, {
      onCut: (what) => cuts.push(what),
    });
    return { system: system?.content ?? '', cuts };
  };

  it('leaves room for what time it was at the only line that is shown', () => {
    const time = `day 1${'0'.repeat(60)}, before dawn`;
    const transcript = Array.from({ length: 5 }, (_, index) =>
      line(index, { time, text: 'w'.repeat(2_000) }),
    );
    const quarters = (text: string) => Math.ceil(text.length / 4);
    for (let budget = 1_200; budget < 1_700; budget += 1) {
      const messages = speakPrompt(taskOf({ persona, transcript }), windowOf(budget), quarters);
      expect(messages[1]?.content.split('\n').slice(0, 2)).toEqual([
        `[It is ${time}]`,
        `Mira: ${'w'.repeat(2_000)}`,
      ]);
      expect(tokensOfMessages(messages, quarters)).toBeLessThanOrEqual(budget);
    }
  });

  it('loses what says least of who this is first, and nobody is left in the dark about it', () => {
    const whole = cutFor(20_000);
    expect(whole).toMatchObject({ cuts: [] });
    expect(whole.system).toContain('Secret 7');
    const seen = [9_000, 6_500, 5_400, 4_400, 3_400, 2_700].map(cutFor);
    const kept = seen.map(({ system }) => ({
      knows: system.includes('kkk'),
      looks: system.includes('ddd'),
      secrets: system.match(/Secret \d/gu)?.length ?? 0,
      voice: system.match(/v{3,}/u)?.[0].length ?? 0,
    }));
    for (const [index, { knows, looks, secrets: told, voice }] of kept.entries()) {
      const before = kept[index - 1];
      if (before === undefined) continue;
      expect(told).toBeLessThanOrEqual(before.secrets);
      expect(voice).toBeLessThanOrEqual(before.voice);
      if (told < secrets.length) expect([knows, looks]).toEqual([false, false]);
    }
    expect(kept.at(0)?.secrets).toBe(8);
    expect(kept.at(-1)?.secrets).toBeLessThan(3);
    expect(seen.map(({ cuts }) => cuts.length)).toEqual(
      kept.map(({ secrets: told, voice }) => (told < 8 || voice < 900 ? 1 : 0)),
    );
  });
});

it('counts those who are here where naming them all would fill a small window', () => {
  const present = Array.from(
    { length: 40 },
    (_, index) => `Guest ${index} of the ${'very '.repeat(6)}long name`,
  );
  const closingIn = (budget: number) =>
    speakPrompt(taskOf({ present }), windowOf(budget), (text) => Math.ceil(text.length / 4)).at(-1)
      ?.content ?? '';
  expect(closingIn(20_000)).toMatch(/Guest 39 of the [a-z ]+ name\. Give only/u);
  expect(closingIn(3_000)).toMatch(/Guest 0 of .* and (?:2\d|3\d) others\. Give only/u);
  expect(closingIn(LEAST_PROMPT_IN_TOKENS)).toMatch(/ others\. Give only/u);
});

describe('where everything surely finds room', () => {
  it('nothing is counted, and the prompt is what it is where everything is counted and fits', () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        let counted = 0;
        // So many characters a token that all fits where there are more characters than the window has tokens.
        const counting = (text: string) => {
          counted += 1;
          return Math.ceil(text.length / 20);
        };
        const surely = speakPrompt(task, windowOf(2_000_000), counting);
        expect(counted).toBe(0);
        const characters = surely.reduce((sum, { content }) => sum + content.length, 0);
        fc.pre(characters > 15_000);
        expect(speakPrompt(task, windowOf(characters - 1_000), counting)).toEqual(surely);
        expect(counted).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });
});
