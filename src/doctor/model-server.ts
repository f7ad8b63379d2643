import { z } from 'zod';
import { nearestName } from '#src/core/names.ts';
import type { Config } from '../config.ts';
import type { Finding } from './finding.ts';
import { type Place, transportFault } from './transport-fault.ts';

type Server = Config['modelServer'];
type ModelVariable = 'CHAT_MODEL' | 'SMALL_MODEL' | 'EMBEDDING_MODEL';

/** What the server said; `body` is undefined where that was no JSON or too much of it. */
type Answer =
  | { readonly status: number; readonly body: unknown }
  | { readonly status: undefined; readonly error: unknown };

/** The longest list of models known has about a megabyte. */
const LONGEST_ANSWER_IN_BYTES = 8 * 1024 * 1024;
const SUBJECT = 'Model server';

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });
const completion = z.object({ choices: z.array(z.unknown()).min(1) });
const embeddings = z.object({ data: z.array(z.object({ embedding: z.array(z.number()).min(1) })).min(1) });

/**
 * Whether the server can be reached and has the models that talk. It is asked for its list; one that keeps no list is
 * asked for a single token of each model.
 */
export async function checkModelServer(config: Config, timeoutInMs: number): Promise<readonly Finding[]> {
  const { chatModel, smallModel, modelServer: server } = config;
  if (chatModel === undefined) {
    const remedy = 'Set CHAT_MODEL (and OPENAI_API_KEY or OPENAI_BASE_URL) to play with a language model';
    return [
      { state: 'ok', subject: SUBJECT, what: 'none is set; the embedded improv plays every NPC', remedy },
    ];
  }
  const wanted: readonly (readonly [ModelVariable, string])[] = [
    ['CHAT_MODEL', chatModel],
    ...(smallModel === undefined ? [] : [['SMALL_MODEL', smallModel] as const]),
  ];
  const answer = await ask(server, '/models', undefined, timeoutInMs);
  if (answer.status === 404 || answer.status === 405 || answer.status === 501)
    return Promise.all(wanted.map(([variable, model]) => tryModel(server, variable, model, timeoutInMs)));

  const fault = answerFault(answer, server);
  if (fault !== undefined) return [{ subject: SUBJECT, ...fault }];
  const list = modelList.safeParse(bodyOf(answer));
  if (!list.success) return [{ state: 'problem', subject: SUBJECT, ...notCompatible(server) }];
  const ids = list.data.data.map(({ id }) => id);
  const reached: Finding = {
    state: 'ok',
    subject: SUBJECT,
    what: `${server.baseUrl} is reached and offers ${ids.length} models`,
  };
  return [reached, ...wanted.map(([variable, model]) => listed(variable, model, ids))];
}

/** Whether a text becomes a vector. Nothing is asked where no model is set for it. */
export async function checkEmbeddings(config: Config, timeoutInMs: number): Promise<Finding> {
  const { embeddingModel: model, modelServer: server } = config;
  const subject = 'Embeddings';
  if (model === undefined)
    return { state: 'ok', subject, what: 'EMBEDDING_MODEL is not set: vectors are hashed' };
  const request = { model, input: 'A lantern at the salt docks.', encoding_format: 'float' };
  const answer = await ask(server, '/embeddings', request, timeoutInMs);
  const fault = answerFault(answer, server, 'EMBEDDING_MODEL');
  if (fault !== undefined) return { subject, ...fault };
  const vectors = embeddings.safeParse(bodyOf(answer));
  if (!vectors.success) return { state: 'problem', subject, ...notCompatible(server) };
  const dimensions = vectors.data.data[0]?.embedding.length;
  return { state: 'ok', subject, what: `${model} answers with vectors of ${dimensions} numbers` };
}

/** One token of a model, where its server keeps no list. */
async function tryModel(
  server: Server,
  variable: ModelVariable,
  model: string,
  timeoutInMs: number,
): Promise<Finding> {
  const request = { model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 1 };
  const answer = await ask(server, '/chat/completions', request, timeoutInMs);
  const fault = answerFault(answer, server, variable);
  if (fault !== undefined) return { subject: variable, ...fault };
  return completion.safeParse(bodyOf(answer)).success
    ? { state: 'ok', subject: variable, what: `${model} answers at ${server.baseUrl}` }
    : { state: 'problem', subject: variable, ...notCompatible(server) };
}

function listed(variable: ModelVariable, model: string, ids: readonly string[]): Finding {
  // Ollama lists a model with its tag, Gemini under a folder; both take the plain name too.
  if (ids.some((id) => id === model || id === `${model}:latest` || id.endsWith(`/${model}`)))
    return { state: 'ok', subject: variable, what: `${model} is offered` };
  const nearest = nearestName(model, ids);
  return {
    state: 'warning',
    subject: variable,
    what: `${model} is not among the models that the server offers`,
    remedy:
      nearest === undefined
        ? `Set ${variable} to one of them`
        : `Set ${variable} to one of them, perhaps ${nearest}`,
  };
}

async function ask(server: Server, path: string, request: unknown, timeoutInMs: number): Promise<Answer> {
  try {
    const response = await fetch(`${server.baseUrl}${path}`, {
      method: request === undefined ? 'GET' : 'POST',
      headers: {
        ...(server.apiKey === undefined ? {} : { authorization: `Bearer ${server.apiKey}` }),
        ...(request === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: request === undefined ? null : JSON.stringify(request),
      signal: AbortSignal.timeout(timeoutInMs),
    });
    return { status: response.status, body: await readJson(response) };
  } catch (error) {
    return { status: undefined, error };
  }
}

async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  if (body === null) return undefined;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop cancels the rest.
    if (length > LONGEST_ANSWER_IN_BYTES) return undefined;
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function bodyOf(answer: Answer): unknown {
  return answer.status === undefined ? undefined : answer.body;
}

type AnswerFault = Pick<Finding, 'state' | 'what'> & { readonly remedy: string };

/** What is wrong with an answer, or undefined where it is one. `variable` names the model that was asked. */
function answerFault(answer: Answer, server: Server, variable?: ModelVariable): AnswerFault | undefined {
  const place: Place = { variable: 'OPENAI_BASE_URL', address: server.baseUrl };
  if (answer.status === undefined) return { state: 'problem', ...transportFault(answer.error, place) };
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  if (status === 401 || status === 403)
    return server.apiKey === undefined
      ? { state: 'problem', what: `${place.address} wants a key (${status})`, remedy: 'Set OPENAI_API_KEY' }
      : {
          state: 'problem',
          what: `${place.address} turns the key in OPENAI_API_KEY away (${status})`,
          remedy: 'Copy it again from where it was issued, and check that OPENAI_BASE_URL belongs to it',
        };
  if (status === 429)
    return {
      state: 'warning',
      what: `${place.address} is reached, but has had too many calls or no credit is left (429)`,
      remedy: 'Wait a minute; then look at the limits and the credit of your account there',
    };
  if (status >= 500)
    return {
      state: 'problem',
      what: `${place.address} fails by itself (${status})`,
      remedy: "Look at the server's own log, or try again later",
    };
  if (status === 404)
    return {
      state: 'problem',
      what: `${place.address} knows neither this call nor this model (404)`,
      remedy: `Check ${variable ?? 'the models'}, and OPENAI_BASE_URL: it usually ends in /v1`,
    };
  return {
    state: 'problem',
    what: `${place.address} does not take the call (${status})`,
    remedy: `Check ${variable ?? 'OPENAI_BASE_URL'}, and the server's own log`,
  };
}

function notCompatible(server: Server): { readonly what: string; readonly remedy: string } {
  return {
    what: `${server.baseUrl} answers, but not as an OpenAI-compatible server does`,
    remedy: 'Check OPENAI_BASE_URL: it usually ends in /v1',
  };
}
