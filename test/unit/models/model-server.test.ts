import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { OpenAiModel } from '#src/adapters/openai/openai-model.ts';
import { OpenAiServer } from '#src/adapters/openai/openai-server.ts';
import type { DraftTask, PlanTask } from '#src/core/model.ts';
import { planComplaints, planSchema } from '#src/generation/plan-schema.ts';
import { askObject } from '#src/models/structured.ts';
import { draftSchema, personaOfDraft } from '#src/persona/draft-schema.ts';
import { draftRequest, planRequest } from '#src/prompt/requests.ts';
import { profile, readAll, requestFor } from '../../support/model-request.ts';
import { type ModelServer, startModelServer } from '../../support/model-server.ts';

const SPECIFICATION = new URL('../../../../shared/specs/openai-openapi.json', import.meta.url);
const signal = new AbortController().signal;
const origin = { workspaceId: 'w1', campaignId: 'c1' };

let remote: ModelServer;
let server: OpenAiServer;
let model: OpenAiModel;

beforeAll(async () => {
  remote = await startModelServer();
  server = new OpenAiServer({ baseURL: remote.url, apiKey: undefined, maxConnections: 4 });
  model = new OpenAiModel({ name: 'stand-in', profile, server });
});
beforeEach(() => remote.forget());
afterAll(async () => {
  await server.close();
  await remote.close();
});

function planTask(count: number): PlanTask {
  return {
    kind: 'plan',
    count,
    prompt: `${count + 1} smugglers`,
    level: undefined,
    tone: undefined,
    takenNames: [],
    seed: 'a',
  };
}

function draftTask(hint: string, system: '5e' | 'none'): DraftTask {
  return {
    kind: 'draft',
    member: undefined,
    others: [],
    prompt: 'smugglers',
    notes: '',
    level: undefined,
    tone: undefined,
    system,
    hint,
    keep: {},
    previous: undefined,
    takenNames: [],
    depth: 'full',
    seed: 'a',
  };
}

describe('the stand-in for a model server', () => {
  test.each([1, 2, 3, 20])('plans a cast of %d that holds', async (count) => {
    const { members } = await askObject(model, planRequest(planTask(count), origin), planSchema, { signal });
    expect(planComplaints(members, { count, takenNames: [] })).toEqual([]);
    expect(remote.journal).toHaveLength(1);
  });

  test.each(['5e', 'none'] as const)('drafts sheets that hold and differ (%s)', async (system) => {
    const drafts = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        askObject(model, draftRequest(draftTask(`number ${index}`, system), origin), draftSchema, { signal }),
      ),
    );
    expect(remote.journal).toHaveLength(10);
    const names = drafts.map((draft) => personaOfDraft(draft, { keep: {}, member: undefined }).name);
    expect(new Set(names).size).toBeGreaterThan(7);
  });

  test('speaks a few sentences, the same to the same words', async () => {
    const ask = async (prompt: string) =>
      (await readAll(model.stream(requestFor('speak', { prompt }), signal))).text;
    const [first, second, other] = [await ask('Who is there?'), await ask('Who is there?'), await ask('Go.')];
    expect(first).toMatch(/^That is a fair question\. .+\. .+\.$/);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  test('refuses a failure that it does not know', async () => {
    const file = new URL('../../support/model-server.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [file, '--fail', 'nonsense'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    expect(await text(child.stderr)).toContain('"nonsense" is none of 429, 500');
  });

  test('says what it does not serve', async () => {
    expect((await fetch(`${remote.url}/embeddings`)).status).toBe(404);
    expect((await fetch(`${remote.url}/models`)).status).toBe(200);
    expect((await fetch(`${remote.url}/chat/completions`, { method: 'POST', body: '{' })).status).toBe(400);
  });
});

describe.skipIf(!existsSync(SPECIFICATION))(
  "OpenAI's own description of a request (skipped where its file is not beside the repository)",
  () => {
    const components = z.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) });

    /** The schema of a request's body, with its references where zod looks for them. */
    function requestSchema(): z.ZodType {
      const text = readFileSync(SPECIFICATION, 'utf8').replaceAll('#/components/schemas/', '#/$defs/');
      const { schemas } = components.parse(JSON.parse(text)).components;
      const root = { $ref: '#/$defs/CreateChatCompletionRequest', $defs: schemas };
      return z.fromJSONSchema(root as Parameters<typeof z.fromJSONSchema>[0]);
    }

    test('agrees with every form of ours', async () => {
      const schema = requestSchema();
      const full = { ...profile, temperature: 0.7, stopSequences: ['\n\n'] };
      for (const one of [
        full,
        profile,
        { ...profile, streams: false, outputLimitField: 'max_completion_tokens' as const },
      ]) {
        const asked = new OpenAiModel({ name: 'stand-in', profile: one, server });
        await readAll(asked.stream(requestFor('speak'), signal));
        await askObject(asked, planRequest(planTask(3), origin), planSchema, { signal });
        await askObject(asked, draftRequest(draftTask('', '5e'), origin), draftSchema, { signal });
      }
      expect(remote.journal).toHaveLength(9);
      for (const { body } of remote.journal) expect(schema.safeParse(body).error).toBeUndefined();
      for (const broken of [
        { temperature: 3 },
        { messages: [] },
        { stream: 'yes' },
        { stop: 4 },
        { response_format: { type: 'yaml' } },
      ])
        expect(
          schema.safeParse({ ...remote.journal[0]?.body, ...broken }).success,
          JSON.stringify(broken),
        ).toBe(false);
    });
  },
);
