import type { z } from 'zod';
import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel, Message, ModelProfile, ModelRequest } from '#src/core/model.ts';
import { clip } from '#src/core/text.ts';
import { strictJsonSchema } from './strict-schema.ts';
import { MESSAGE_OVERHEAD_IN_TOKENS, tokenCounter, tokensOfMessages } from './tokens.ts';

/** More than any sheet or cast needs: an answer that goes on has run away. */
const MAX_ANSWER_IN_CHARACTERS = 65_536;
const MAX_REPAIRS = 2;
/** What is shown of a bad answer when asking again, where the window has the room. */
const MAX_QUOTED_IN_CHARACTERS = 16_000;
/** Four in English prose; in JSON and most other languages fewer. */
const CHARACTERS_PER_QUOTED_TOKEN = 3;
const MAX_COMPLAINTS = 12;
const MAX_COMPLAINT_IN_CHARACTERS = 300;
/** No sheet or cast goes so deep; what does would overflow the stack of whoever walks it. */
const MAX_NESTING = 32;
/** Asking again takes two messages, and a third may carry the schema. */
const REPAIR_OVERHEAD_IN_TOKENS = 3 * MESSAGE_OVERHEAD_IN_TOKENS;
/** Each opening brace that leads nowhere costs one pass over the rest. */
const MAX_JSON_STARTS = 16;

export interface AskOptions<T> {
  readonly signal: AbortSignal;
  /** What the schema cannot say: complaints in words that the model can act on; none where all is well. */
  readonly check?: (value: T) => readonly string[];
}

/**
 * Asks for JSON of a shape and returns it validated. A bad answer is sent back with what is wrong with it, at most
 * twice.
 * @throws ModelError 'malformed' after that, or at once where the answer runs away; any other ModelError as it comes.
 */
export async function askObject<T>(
  model: LanguageModel,
  request: ModelRequest,
  schema: z.ZodType<T>,
  options: AskOptions<T>,
): Promise<T> {
  const jsonSchema = strictJsonSchema(schema);
  const shape = request.shape ?? { name: request.task.kind, jsonSchema };
  let bad: BadAnswer | undefined;
  for (let repair = 0; ; repair += 1) {
    const last = bad;
    const prompt = (profile: ModelProfile) => promptWithRoom(request, shape.jsonSchema, last, profile);
    const asked: ModelRequest = { ...request, shape, prompt };
    const answer = await collect(model, asked, options.signal);
    const reading = read(answer, schema, options.check);
    if ('value' in reading) return reading.value;
    if (repair === MAX_REPAIRS)
      throw new ModelError(
        'malformed',
        model.name,
        `${reading.complaints.length} complaints about a ${request.task.kind} answer after ${MAX_REPAIRS} repairs`,
      );
    // Only the newest try is shown: the first one's faults would only be copied.
    bad = { text: answer.text, complaints: reading.complaints };
  }
}

interface Answer {
  readonly text: string;
  readonly isCutOff: boolean;
}

async function collect(model: LanguageModel, request: ModelRequest, signal: AbortSignal): Promise<Answer> {
  let text = '';
  let isCutOff = false;
  for await (const event of model.stream(request, signal)) {
    if (event.type === 'end') isCutOff = event.reason === 'length';
    else text += event.text;
    if (text.length > MAX_ANSWER_IN_CHARACTERS)
      throw new ModelError(
        'malformed',
        model.name,
        `answer of more than ${MAX_ANSWER_IN_CHARACTERS} characters`,
      );
  }
  return { text, isCutOff };
}

type Reading<T> = { readonly value: T } | { readonly complaints: readonly string[] };

function read<T>(answer: Answer, schema: z.ZodType<T>, check: AskOptions<T>['check']): Reading<T> {
  const json = findObject(answer.text);
  if (json === undefined)
    return {
      complaints: [
        answer.isCutOff
          ? 'The answer was cut off because it was too long. Say less in each field.'
          : 'The answer held no whole JSON object.',
      ],
    };
  let parsed = schema.safeParse(json);
  // In a strict schema null stands for what was left out.
  if (!parsed.success) parsed = schema.safeParse(withoutNulls(json));
  if (!parsed.success) return { complaints: parsed.error.issues.map(complaint) };
  const complaints = check?.(parsed.data) ?? [];
  return complaints.length === 0 ? { value: parsed.data } : { complaints };
}

function complaint(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

interface BadAnswer {
  readonly text: string;
  readonly complaints: readonly string[];
}

/**
 * The task's own prompt in the window that the schema leaves it; behind it what was wrong with the last answer, and as
 * much of that answer as there is room for.
 */
async function promptWithRoom(
  request: ModelRequest,
  jsonSchema: unknown,
  bad: BadAnswer | undefined,
  profile: ModelProfile,
): Promise<readonly Message[]> {
  const countTokens = await tokenCounter(profile);
  const schema = JSON.stringify(jsonSchema);
  const wish = bad === undefined ? '' : repairWish(bad.complaints, schema);
  const contextWindowInTokens =
    profile.contextWindowInTokens - countTokens(schema) - countTokens(wish) - REPAIR_OVERHEAD_IN_TOKENS;
  const own = await request.prompt({ ...profile, contextWindowInTokens });
  if (bad === undefined) return own;
  const left = contextWindowInTokens - profile.objectLimitInTokens - tokensOfMessages(own, countTokens);
  const shown = Math.min(MAX_QUOTED_IN_CHARACTERS, Math.max(0, left * CHARACTERS_PER_QUOTED_TOKEN));
  return [
    ...own,
    { role: 'assistant', content: bad.text.slice(0, shown) || '(nothing)' },
    { role: 'user', content: wish },
  ];
}

/** The schema again: servers that take `response_format` without a complaint do not always show it to the model. */
function repairWish(complaints: readonly string[], schema: string): string {
  const listed = complaints
    .slice(0, MAX_COMPLAINTS)
    .map((text) => `- ${clip(text, MAX_COMPLAINT_IN_CHARACTERS)}`);
  return [
    'That answer cannot be used:',
    ...listed,
    'Answer again with one whole JSON object and nothing else. Keep what was right. Its JSON Schema:',
    schema,
  ].join('\n');
}

/** The largest JSON object in a text that may hold prose or code fences around it. */
export function findObject(text: string): object | undefined {
  let best: { readonly length: number; readonly value: object } | undefined;
  let start = text.indexOf('{');
  for (let tries = 0; start !== -1 && tries < MAX_JSON_STARTS; tries += 1) {
    const end = endOfObject(text, start);
    const value = end === undefined ? undefined : parseObject(text.slice(start, end));
    if (value !== undefined && end !== undefined) {
      if (best === undefined || end - start > best.length) best = { length: end - start, value };
      start = text.indexOf('{', end);
    } else start = text.indexOf('{', start + 1);
  }
  return best?.value;
}

/** Where the object that opens at `start` closes; braces within strings do not count. None where it goes too deep. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isInString) {
      if (character === '\\') at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > MAX_NESTING) return undefined;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}
