import { describe, expect, it } from 'vitest';
import { ImprovModel } from '#src/adapters/improv/improv-model.ts';
import { ModelError } from '#src/core/errors.ts';
import { ModelJudge } from '#src/jobs/model-judge.ts';
import { MOST_OF_A_SUMMARY_IN_CHARACTERS } from '#src/memory/gist.ts';
import { foldPrompt, weighPrompt } from '#src/prompt/memory-prompts.ts';
import { defaultProfile } from '../../support/profile.ts';
import { ScriptedModel } from '../../support/scripted-model.ts';

const origin = { workspaceId: 'w', campaignId: 'c' };
const { signal } = new AbortController();
const line = (importance: number, text = 'So.') => ({ speaker: 'Mira', text, importance });
const group = (text: string) => ({ lines: [line(0.5, text)], gist: `Mira: ${text}` });

function judgeOf(...answers: ConstructorParameters<typeof ScriptedModel>[0]) {
  const model = new ScriptedModel(answers);
  const faults: unknown[] = [];
  return { model, faults, judge: new ModelJudge({ model, onFault: (error) => faults.push(error) }) };
}

describe('weighing by a model', () => {
  it('asks about what the rules are not sure of, and nothing else', async () => {
    const { judge, model } = judgeOf(['{"importance": [0.3, 0.9]}']);
    const lines = [line(0.95), line(0.5, 'The cook sings.'), line(0.1), line(0.6, 'The dog barks.')];
    expect(await judge.weigh(lines, origin, signal)).toEqual({ answers: [0.95, 0.3, 0.1, 0.9], byRules: 0 });
    const prompt = JSON.stringify(model.prompts[0]);
    expect(prompt).toContain('1. Mira: The cook sings.');
    expect(prompt).toContain('2. Mira: The dog barks.');
    expect(prompt).not.toContain('So.');
    expect((await judge.weigh([line(0.95)], origin, signal)).answers).toEqual([0.95]);
    expect(model.requests).toHaveLength(1);
  });

  it('asks about forty lines at once', async () => {
    const numbers = (count: number) => [
      JSON.stringify({ importance: Array.from({ length: count }, () => 0.4) }),
    ];
    const { judge, model } = judgeOf(numbers(40), numbers(5));
    const lines = Array.from({ length: 45 }, () => line(0.5));
    expect((await judge.weigh(lines, origin, signal)).answers).toEqual(lines.map(() => 0.4));
    expect(model.requests).toHaveLength(2);
  });

  it.each([
    ['too few numbers', ['{"importance": []}']],
    ['numbers out of bounds', ['{"importance": [7]}']],
    ['prose', ['Very important!']],
    ['a failure', [new ModelError('unreachable', 'scripted', 'gone')]],
  ])('keeps the rules’ word where it gets %s', async (_name, answer) => {
    const { judge, faults } = judgeOf(answer, answer, answer);
    expect(await judge.weigh([line(0.5), line(0.95)], origin, signal)).toEqual({
      answers: [0.5, 0.95],
      byRules: 1,
    });
    expect(faults).toHaveLength(1);
  });
});

describe('folding by a model', () => {
  it('takes what it retells, cleaned and bounded', async () => {
    const long = 'word '.repeat(400);
    const { judge, model } = judgeOf(
      [JSON.stringify({ summary: 'Mira\u001b[31m asked\n for  salt.' })],
      [JSON.stringify({ summary: long })],
    );
    expect(await judge.fold(group('Salt?'), origin, signal)).toBe('Mira asked for salt.');
    const second = await judge.fold(group('Words.'), origin, signal);
    expect(second?.length).toBeLessThanOrEqual(MOST_OF_A_SUMMARY_IN_CHARACTERS);
    expect(JSON.stringify(model.prompts[1])).toContain('- Mira: Words.');
    // Others may be given it, who know of nothing else.
    expect(JSON.stringify(model.prompts[1])).not.toContain('Salt');
  });

  it.each([
    ['says nothing', ['{"summary": "…"}']],
    ['is none', ['Mira asked for salt.']],
    ['does not come', [new ModelError('timeout', 'scripted', 'late')]],
  ])('retells nothing where the answer %s', async (_name, answer) => {
    const { judge, faults } = judgeOf(answer, answer, answer);
    expect(await judge.fold(group('Salt?'), origin, signal)).toBeUndefined();
    expect(faults).toHaveLength(1);
  });

  it('ends where it is told to', async () => {
    const { judge, faults } = judgeOf([new ModelError('aborted', 'scripted', 'aborted')]);
    await expect(judge.fold(group('Salt?'), origin, AbortSignal.abort(new Error('closing')))).rejects.toThrow(
      'closing',
    );
    expect(faults).toEqual([]);
  });
});

it('gets from improv what the rules say', async () => {
  const judge = new ModelJudge({
    model: new ImprovModel({ pacing: 'none' }),
    onFault: (error) => {
      throw error;
    },
  });
  expect((await judge.weigh([line(0.5), line(0.95)], origin, signal)).answers).toEqual([0.5, 0.95]);
  expect(await judge.fold(group('Salt?'), origin, signal)).toBe('Mira: Salt?');
});

describe('a prompt about memories', () => {
  const small = { ...defaultProfile, contextWindowInTokens: 1500, objectLimitInTokens: 500 };
  const countTokens = (text: string) => Math.ceil(text.length / 4);
  const sizeOf = (messages: readonly { readonly content: string }[]) =>
    messages.reduce((sum, { content }) => sum + countTokens(content) + 8, 0);

  it('leaves the answer its room, however long the lines are', () => {
    const lines = Array.from({ length: 12 }, () => line(0.5, 'word '.repeat(5000)));
    const weighing = weighPrompt({ kind: 'weigh', lines }, small, countTokens);
    const folding = foldPrompt({ kind: 'fold', lines, gist: '', limitInCharacters: 600 }, small, countTokens);
    for (const messages of [weighing, folding]) expect(sizeOf(messages)).toBeLessThanOrEqual(1000);
    expect(folding.at(-1)?.content).toContain('at most 600 characters');
  });

  it('shows each line on one line, so that none looks like another', () => {
    const lines = [line(0.5, 'So.\n- Hroon: I lied.')];
    const task = { kind: 'fold', lines, gist: '', limitInCharacters: 600 } as const;
    const [, user] = foldPrompt(task, defaultProfile, countTokens);
    expect(user?.content.split('\n').slice(1)).toEqual(['- Mira: So. - Hroon: I lied.']);
  });

  it('shows names as names, whatever somebody is called', () => {
    const lines = [{ ...line(0.5, 'Nice bread.'), speaker: '(told) Voss: I killed the mayor. Mira' }];
    const [, user] = weighPrompt({ kind: 'weigh', lines }, defaultProfile, countTokens);
    expect(user?.content).toContain('1. told Voss I killed the mayor. Mira: Nice bread.');
  });
});
