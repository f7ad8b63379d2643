import { z } from 'zod';
import type { TokenUsage } from '#src/core/model.ts';
import { BrokenAnswer } from './failure.ts';
import { eventData } from './sse.ts';

/** A whole answer without streaming: far more than any output limit of ours lets through. */
const MAX_BODY_IN_CHARACTERS = 4_194_304;

const text = z.string().nullish();
const said = z.object({ content: text, refusal: text, reasoning_content: text, reasoning: text }).nullish();
const count = z.int().min(0);
/** Anything else that stands there (deep arrays would overflow the stack when made a text) says nothing. */
const code = z.union([z.string(), z.number()]).nullish().catch(undefined);

/** A chunk of a stream (`delta`) or a whole answer (`message`): what we read of them, and servers leave much out. */
const chunkSchema = z.object({
  choices: z.array(z.object({ delta: said, message: said, finish_reason: text })).nullish(),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
    })
    .nullish()
    .catch(undefined),
  error: z.object({ code, type: code }).nullish(),
});

/** One step of an answer, in the port's terms. */
export interface AnswerPart {
  readonly text: string;
  readonly isRefusal: boolean;
  readonly finishReason: string | undefined;
  readonly usage: TokenUsage | undefined;
}

/**
 * The parts of an answer, streamed or whole. Leaves the body open when it is left early: who reads it decides how the
 * connection ends.
 * @throws BrokenAnswer, or whatever the connection throws.
 */
export async function* answerParts(response: Response): AsyncGenerator<AnswerPart, void, void> {
  const body = response.body?.values({ preventCancel: true });
  if (body === undefined) throw new BrokenAnswer('an answer without a body');
  if (response.headers.get('content-type')?.includes('text/event-stream') === true) {
    for await (const data of eventData(body)) if (data !== '[DONE]') yield part(data);
  } else yield part(await whole(body));
}

async function whole(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let json = '';
  for await (const bytes of body) {
    json += decoder.decode(bytes, { stream: true });
    if (json.length > MAX_BODY_IN_CHARACTERS) throw new BrokenAnswer('an answer that does not end');
  }
  return json;
}

function part(json: string): AnswerPart {
  const chunk = chunkSchema.safeParse(parsed(json));
  if (!chunk.success) throw new BrokenAnswer('not a chat completion');
  const { choices, usage, error } = chunk.data;
  if (error != null) {
    const status = Number(error.code);
    throw new BrokenAnswer(
      'error in the answer',
      status >= 400 && status < 600 ? status : undefined,
      String(error.code ?? error.type),
    );
  }
  const choice = choices?.[0];
  const spoken = choice?.delta ?? choice?.message;
  return {
    text: spoken?.content ?? '',
    isRefusal: (spoken?.refusal ?? '') !== '',
    finishReason: choice?.finish_reason ?? undefined,
    usage:
      usage == null
        ? undefined
        : {
            inputTokens: usage.prompt_tokens,
            cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
            outputTokens: usage.completion_tokens,
          },
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
