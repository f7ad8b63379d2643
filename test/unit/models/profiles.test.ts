import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '#src/core/errors.ts';
import { loadProfiles } from '#src/models/profiles.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profiles-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function own(text: string): Promise<string> {
  const file = join(folder, 'models.json');
  await writeFile(file, text);
  return file;
}

describe('profiles', () => {
  test('of unknown models are careful and free', async () => {
    const profileOf = await loadProfiles();
    expect(profileOf('my-own-finetune:7b')).toMatchObject({
      contextWindowInTokens: 8_192,
      outputLimitField: 'max_tokens',
      tokenizer: 'estimate',
      streams: true,
      pricePerMillionInUsd: { input: 0, cachedInput: 0, output: 0 },
    });
  });

  test.each([
    ['gpt-5-mini-2025-08-07', 0.25],
    ['gpt-5', 1.25],
    ['gpt-5.4-nano', 0.2],
    ['gpt-4o-mini', 0.15],
    ['gpt-4o', 2.5],
    ['GPT-4.1', 2],
    ['openai/gpt-5-mini', 0.25],
    ['anthropic/claude-haiku-4.5', 1],
    ['gemini-2.5-flash-lite', 0.1],
    ['gpt-oss:20b', 0],
    ['llama3.1:8b', 0],
  ])('of %s come from the longest beginning of its name', async (name, input) => {
    expect((await loadProfiles())(name).pricePerMillionInUsd.input).toBe(input);
  });

  test('inherit from the shorter beginning, and reasoning models take no temperature', async () => {
    const profileOf = await loadProfiles();
    expect(profileOf('gpt-5-mini')).toMatchObject({
      contextWindowInTokens: 400_000,
      tokenizer: 'o200k_base',
      outputLimitField: 'max_completion_tokens',
      temperature: undefined,
    });
    expect(profileOf('gpt-4o').temperature).toBe(0.8);
  });

  test("of a file of one's own are laid over them", async () => {
    const profileOf = await loadProfiles(
      await own('{"llama3": {"contextWindowInTokens": 32768}, "gpt-5": {"temperature": 1}}'),
    );
    expect(profileOf('llama3.1:8b').contextWindowInTokens).toBe(32_768);
    expect(profileOf('gpt-5-mini').temperature).toBe(1);
    expect(profileOf('gpt-5-mini').pricePerMillionInUsd.input).toBe(0.25);
    expect(profileOf('mistral:7b').contextWindowInTokens).toBe(8_192);
  });

  test('need no file', async () => {
    expect((await loadProfiles(join(folder, 'none.json')))('gpt-5').contextWindowInTokens).toBe(400_000);
  });

  test.each([
    ['half a file', '{"llama3": {\n', /models\.json, line \d: .*Mend it/],
    ['a wrong value', '{\n  "llama3": {\n    "temperature": 9\n  }\n}', /line 3: llama3 › temperature: .*2/],
    ['an unknown field', '{\n  "llama3": { "tempreature": 1 }\n}', /line 2: llama3: .*tempreature/],
    ['something else', '[1]', /line 1: /],
    [
      'figures that do not go together',
      '{"llama3": {"replyReserveInTokens": 9000}}',
      /llama3 › replyReserveInTokens: must be less/,
    ],
    [
      'a window that has no room for a prompt',
      '{"llama3": {"contextWindowInTokens": 3071}}',
      /llama3 › contextWindowInTokens: must be larger than replyReserveInTokens by 2048/,
    ],
  ])('of a file with %s are refused with line and reason', async (_name, text, message) => {
    const error = await loadProfiles(await own(text)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toHaveProperty('message', expect.stringMatching(message));
  });

  test('of a file that cannot be read are refused', async () => {
    await expect(loadProfiles(folder)).rejects.toThrow(/EISDIR.*remove it/);
  });
});
