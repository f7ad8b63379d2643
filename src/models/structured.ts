import type { z } from 'zod';
import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel, Message, ModelRequest } from '#src/core/model.ts';
import { strictJsonSchema } from './strict-schema.ts';

/** More than any sheet or cast needs: an answer that goes on has run away. */
const MAX_ANSWER_IN_CHARACTERS = 65_536;
const MAX_REPAIRS = 2;
/** What is shown of a bad answer, of complaints and of the schema when asking again. */
const MAX_QUOTED_IN_CHARACTERS = 16_000;
const MAX_COMPLAINTS = 12;
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
  const repairs: Message[] = [];
  for (let repair = 0; ; repair += 1) {
    const asked: ModelRequest = {
      ...request,
      shape,
      prompt: async (profile) => [...(await request.prompt(profile)), ...repairs],
    };
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
    repairs.splice(0, repairs.length, ...askAgain(answer.text, reading.complaints, shape.jsonSchema));
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

function askAgain(bad: string, complaints: readonly string[], jsonSchema: unknown): Message[] {
  const listed = complaints.slice(0, MAX_COMPLAINTS).map((text) => `- ${text}`);
  const wish = [
    'That answer cannot be used:',
    ...listed,
    'Answer again with one whole JSON object and nothing else. Keep what was right. Its JSON Schema:',
    JSON.stringify(jsonSchema),
  ].join('\n');
  return [
    { role: 'assistant', content: bad.slice(0, MAX_QUOTED_IN_CHARACTERS) || '(nothing)' },
    { role: 'user', content: wish.slice(0, MAX_QUOTED_IN_CHARACTERS) },
  ];
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

/** Where the object that opens at `start` closes; braces within strings do not count. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isInString) {
      if (character === '\\') at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
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
