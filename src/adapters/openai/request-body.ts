import type { APIError } from 'openai';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { Message, ModelProfile, ModelRequest } from '#src/core/model.ts';

/** Fields that a server may refuse and that we can do without, or say otherwise. */
const OPTIONAL_FIELDS = [
  'max_completion_tokens',
  'max_tokens',
  'response_format',
  'stop',
  'stream',
  'stream_options',
  'temperature',
] as const;
type OptionalField = (typeof OPTIONAL_FIELDS)[number];

/** What one server does not take from one model's requests; learnt from its refusals and kept for the process. */
export class Habits {
  readonly #refused = new Set<OptionalField>();

  takes(field: OptionalField): boolean {
    return !this.#refused.has(field);
  }

  /**
   * Learns from a 400 or 422 that names a field of the request.
   * @returns whether there is something to leave out now, so that asking again makes sense.
   */
  learn(error: APIError, body: ChatCompletionCreateParams): boolean {
    if (error.status !== 400 && error.status !== 422) return false;
    const named = OPTIONAL_FIELDS.find((field) => field in body && this.takes(field) && names(error, field));
    if (named === undefined) return false;
    this.#refused.add(named);
    return true;
  }
}

/** By the field that says so, else by its name as a whole word: compatible servers have no common code for it. */
function names(error: APIError, field: OptionalField): boolean {
  if (typeof error.param === 'string' && error.param !== '')
    return error.param === field || error.param.startsWith(`${field}.`);
  return new RegExp(`\\b${field}\\b`).test(error.message);
}

export function requestBody(
  model: string,
  profile: ModelProfile,
  request: ModelRequest,
  messages: readonly Message[],
  habits: Habits,
): ChatCompletionCreateParams {
  const { shape } = request;
  const streams = profile.streams && habits.takes('stream');
  const limit = shape === undefined ? profile.speechLimitInTokens : profile.objectLimitInTokens;
  const limitField = [profile.outputLimitField, 'max_tokens' as const, 'max_completion_tokens' as const].find(
    (field) => habits.takes(field),
  );
  const constrains = shape !== undefined && habits.takes('response_format');
  return {
    model,
    messages: shape === undefined || constrains ? [...messages] : [...messages, shapeInWords(shape)],
    ...(limitField === undefined ? {} : { [limitField]: limit }),
    ...(profile.temperature !== undefined && habits.takes('temperature')
      ? { temperature: profile.temperature }
      : {}),
    ...(profile.stopSequences.length > 0 && habits.takes('stop') ? { stop: [...profile.stopSequences] } : {}),
    ...(constrains
      ? {
          response_format: {
            type: 'json_schema',
            json_schema: { name: shape.name, schema: shape.jsonSchema, strict: true },
          },
        }
      : {}),
    ...(streams
      ? {
          stream: true,
          ...(habits.takes('stream_options') ? { stream_options: { include_usage: true } } : {}),
        }
      : { stream: false }),
  };
}

function shapeInWords(shape: NonNullable<ModelRequest['shape']>): Message {
  return {
    role: 'system',
    content: `Answer with one JSON object and nothing else. Its JSON Schema:\n${JSON.stringify(shape.jsonSchema)}`,
  };
}
