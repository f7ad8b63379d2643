import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ModelError } from '#src/core/errors.ts';
import type { ModelProfile } from '#src/core/model.ts';
import { strictJsonSchema } from '#src/models/strict-schema.ts';
import { askObject, findObject } from '#src/models/structured.ts';
import { tokenCounter, tokensOfMessages } from '#src/models/tokens.ts';
import { profile, requestFor, ScriptedModel } from '../../support/model-request.ts';

const signal = new AbortController().signal;
const schema = z.object({ name: z.string().min(1), age: z.int(), note: z.string().optional() });

/** The answers in their order; and what was said in the prompts. */
function scripted(...answers: readonly string[]) {
  return new ScriptedModel('a', (call) => [answers[Math.min(call, answers.length - 1)] ?? '']);
}

async function promptOf(model: ScriptedModel, call: number): Promise<string> {
  const messages = await model.requests[call]?.prompt(profile);
  return messages?.map(({ role, content }) => `${role}: ${content}`).join('\n') ?? '';
}

describe('askObject', () => {
  test.each([
    ['bare', '{"name":"Wren","age":40}'],
    ['in a fence with prose', 'Gladly!\n```json\n{"name":"Wren","age":40}\n```\nEnjoy {it}.'],
    ['behind braces in prose', 'As {you} wish: {"name":"Wren","age":40}'],
    ['beside a smaller example', 'Like {"name":"A","age":1}: {"name":"Wren",  "age":40}'],
    ['with null for what is left out', '{"name":"Wren","age":40,"note":null}'],
    ['with keys that nobody asked for', '{"name":"Wren","age":40,"__proto__":{"x":1},"more":[]}'],
  ])('reads an answer %s', async (_name, answer) => {
    const model = scripted(answer);
    expect(await askObject(model, requestFor('plan'), schema, { signal })).toEqual({ name: 'Wren', age: 40 });
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.shape).toEqual({ name: 'plan', jsonSchema: strictJsonSchema(schema) });
  });

  test('keeps a shape that the request has', async () => {
    const model = scripted('{"name":"Wren","age":40}');
    const shape = { name: 'own', jsonSchema: {} };
    await askObject(model, requestFor('plan', { shape }), schema, { signal });
    expect(model.requests[0]?.shape).toBe(shape);
  });

  test('sends a bad answer back with what is wrong with it', async () => {
    const model = scripted('{"name":"","age":"old"}', '{"name":"Wren","age":40}');
    await askObject(model, requestFor('plan'), schema, { signal });
    const again = await promptOf(model, 1);
    expect(again).toContain('assistant: {"name":"","age":"old"}');
    expect(again).toMatch(/- name: .*\n- age: /);
    expect(again).toContain(JSON.stringify(strictJsonSchema(schema)));
  });

  test('sends back what a check complains of, the newest try alone', async () => {
    const model = scripted('{"name":"A","age":1}', '{"name":"B","age":2}', '{"name":"C","age":3}');
    const check = ({ name }: { name: string }) => (name === 'C' ? [] : [`${name} is taken.`]);
    expect(await askObject(model, requestFor('plan'), schema, { signal, check })).toMatchObject({
      name: 'C',
    });
    expect(await promptOf(model, 2)).toContain('- B is taken.');
    expect(await promptOf(model, 2)).not.toContain('A is taken.');
  });

  test('gives up after two repairs, without a word of the answer', async () => {
    const model = scripted('I will not play');
    const asked = askObject(model, requestFor('plan'), schema, { signal });
    await expect(asked).rejects.toMatchObject({
      kind: 'malformed',
      model: 'a',
      message: '1 complaints about a plan answer after 2 repairs',
    });
    expect(model.requests).toHaveLength(3);
  });

  test('does not read on when an answer runs away, and does not ask again', async () => {
    let given = 0;
    const model = new ScriptedModel('a', () => {
      given += 1;
      return Array(100).fill('{"name": '.repeat(100));
    });
    await expect(askObject(model, requestFor('plan'), schema, { signal })).rejects.toMatchObject({
      kind: 'malformed',
    });
    expect(given).toBe(1);
    expect(model.open).toBe(0);
  });

  test('asks for less where the answer was cut off', async () => {
    const cut = new (class extends ScriptedModel {
      override async *stream(...call: Parameters<ScriptedModel['stream']>) {
        for await (const event of super.stream(...call))
          yield event.type === 'end' ? { ...event, reason: 'length' as const } : event;
      }
    })('a', (call) => [call === 0 ? '{"name":"Wr' : '{"name":"Wren","age":40}']);
    await askObject(cut, requestFor('plan'), schema, { signal });
    expect(await promptOf(cut, 1)).toContain('too long');
  });

  test('bounds what it sends back', async () => {
    const model = scripted(`{"name": ${'['.repeat(60_000)}`, '{"name":"Wren","age":40}');
    await askObject(model, requestFor('plan'), schema, { signal });
    expect((await promptOf(model, 1)).length).toBeLessThan(20_000);
  });

  test.each([
    ['objects', `${'{"a":'.repeat(8000)}1${'}'.repeat(8000)}`],
    ['arrays', `{"name":"Wren","age":40,"more":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('asks again where %s are nested without end', async (_name, deep) => {
    const model = scripted(deep, '{"name":"Wren","age":40}');
    expect(await askObject(model, requestFor('plan'), schema, { signal })).toEqual({ name: 'Wren', age: 40 });
    await expect(askObject(scripted(deep), requestFor('plan'), schema, { signal })).rejects.toMatchObject({
      kind: 'malformed',
    });
  });

  test('leaves the answer its room in the window, also when asking again', async () => {
    const windows: number[] = [];
    const request = {
      ...requestFor('plan'),
      prompt: async ({ contextWindowInTokens }: ModelProfile) => {
        windows.push(contextWindowInTokens);
        const length = 4 * (contextWindowInTokens - profile.objectLimitInTokens - 1000);
        return [{ role: 'user', content: 'x'.repeat(length) } as const];
      },
    };
    const model = scripted(`{"name": ${'1'.repeat(60_000)}`, '{"name":"Wren","age":40}');
    await askObject(model, request, schema, { signal });
    const countTokens = await tokenCounter(profile);
    const again = (await model.requests[1]?.prompt(profile)) ?? [];
    const schemaTokens = countTokens(JSON.stringify(strictJsonSchema(schema)));
    expect(windows[0]).toBeLessThanOrEqual(profile.contextWindowInTokens - schemaTokens);
    expect(again).toHaveLength(3);
    expect(
      tokensOfMessages(again, countTokens) + schemaTokens + profile.objectLimitInTokens,
    ).toBeLessThanOrEqual(profile.contextWindowInTokens);
    expect(again[1]?.content.length).toBeGreaterThan(2000);
  });

  test('lets other failures through', async () => {
    const failure = new ModelError('refused', 'a', 'refusal');
    await expect(
      askObject(new ScriptedModel('a', () => failure), requestFor('plan'), schema, { signal }),
    ).rejects.toBe(failure);
  });
});

describe('findObject', () => {
  test('finds every object, whatever harmless prose is around it', () => {
    const prose = fc.string().map((text) => text.replace(/[{}"]/g, '.'));
    fc.assert(
      fc.property(prose, fc.dictionary(fc.string(), fc.jsonValue()), prose, (before, value, after) => {
        const json = JSON.stringify(value);
        expect(findObject(before + json + after)).toEqual(JSON.parse(json));
      }),
    );
  });

  test('never throws and takes its time for nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '"', '\\', 'a', ':') }), (text) => {
        expect(() => findObject(text)).not.toThrow();
      }),
    );
    expect(findObject('{'.repeat(1_000_000))).toBeUndefined();
  });
});

describe('strictJsonSchema', () => {
  test('requires every property, allows no others, and tells limits in words', () => {
    const strict = strictJsonSchema(
      z.looseObject({
        name: z.string().min(1).max(80).describe('Full name'),
        nick: z.string().optional(),
        kind: z.discriminatedUnion('is', [
          z.object({ is: z.literal('a') }),
          z.object({ is: z.literal('b') }),
        ]),
        abilities: z.record(z.enum(['str', 'dex']), z.int().min(1).max(30)),
        tags: z.array(z.string().min(2)).max(3).default([]),
      }),
    );
    expect(strict).toEqual({
      type: 'object',
      additionalProperties: false,
      required: ['name', 'nick', 'kind', 'abilities', 'tags'],
      properties: {
        name: { type: 'string', description: 'Full name; not empty; at most 80 characters' },
        nick: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        kind: {
          anyOf: ['a', 'b'].map((is) => ({
            type: 'object',
            properties: { is: { type: 'string', const: is } },
            required: ['is'],
            additionalProperties: false,
          })),
        },
        abilities: {
          type: 'object',
          properties: {
            str: { type: 'integer', minimum: 1, maximum: 30 },
            dex: { type: 'integer', minimum: 1, maximum: 30 },
          },
          required: ['str', 'dex'],
          additionalProperties: false,
        },
        tags: { type: 'array', items: { type: 'string', description: 'at least 2 characters' }, maxItems: 3 },
      },
    });
  });

  test('keeps what refers to itself', () => {
    interface Place {
      name: string;
      within: Place | null;
    }
    const place: z.ZodType<Place> = z.object({
      name: z.string(),
      get within() {
        return place.nullable();
      },
    });
    const strict = JSON.stringify(strictJsonSchema(z.object({ place })));
    expect(strict).toContain('$ref');
    expect(strict.match(/"additionalProperties":false/g)).toHaveLength(2);
  });

  test.each([
    ['a root that is no object', z.array(z.string()), /root/],
    ['a record with free keys', z.object({ a: z.record(z.string(), z.number()) }), /\$\.a is a record/],
    ['a tuple', z.object({ a: z.object({ b: z.tuple([z.string()]) }) }), /\$\.a\.b is a tuple/],
  ])('refuses %s', (_name, bad, message) => {
    expect(() => strictJsonSchema(bad)).toThrow(message);
  });
});
