import { setTimeout as delay } from 'node:timers/promises';
import type {
  LanguageModel,
  Message,
  ModelEvent,
  ModelProfile,
  ModelRequest,
  Origin,
  PlanTask,
  SpeakTask,
} from '#src/core/model.ts';
import type { Persona } from '#src/core/persona.ts';

/** What the tests of models ask for: small requests, a profile with short patience, and a reader of streams. */

export const profile: ModelProfile = {
  contextWindowInTokens: 8_192,
  replyReserveInTokens: 512,
  speechLimitInTokens: 300,
  objectLimitInTokens: 2_000,
  stopSequences: [],
  temperature: undefined,
  firstTokenTimeoutInMs: 10_000,
  totalTimeoutInMs: 20_000,
  streams: true,
  outputLimitField: 'max_tokens',
  tokenizer: 'estimate',
  pricePerMillionInUsd: { input: 2, cachedInput: 0.5, output: 8 },
};

const persona: Persona = {
  name: 'Wren Oxbow',
  aliases: [],
  pronouns: 'she/her',
  role: 'lamplighter',
  description: 'Soot to the elbows.',
  personality: 'Patient.',
  voice: 'Short sentences.',
  mes_example: [],
  first_mes: 'Mind the step.',
  goals: [],
  fears: [],
  bonds: [],
  knowledge: [],
  secrets: [],
  talkativeness: 0.5,
  tags: [],
  creator_notes: '',
  extensions: {},
};

const speak: SpeakTask = { kind: 'speak', persona, present: [], transcript: [], seed: 'a' };
const plan: PlanTask = {
  kind: 'plan',
  count: 3,
  prompt: 'lamplighters',
  level: undefined,
  tone: undefined,
  takenNames: [],
  seed: 'a',
};

export function requestFor(
  kind: 'speak' | 'plan',
  options: {
    readonly origin?: Origin;
    readonly prompt?: string;
    readonly shape?: ModelRequest['shape'];
  } = {},
): ModelRequest {
  const messages: Message[] = [
    { role: 'system', content: 'You are Wren.' },
    { role: 'user', content: options.prompt ?? 'Who goes there?' },
  ];
  return {
    task: kind === 'speak' ? speak : plan,
    origin: options.origin ?? { workspaceId: 'w1', campaignId: 'c1' },
    prompt: async () => messages,
    ...(options.shape === undefined ? {} : { shape: options.shape }),
  };
}

/** Reads a stream to its end. */
export async function readAll(
  stream: AsyncIterable<ModelEvent>,
): Promise<{ readonly text: string; readonly end: Extract<ModelEvent, { type: 'end' }> | undefined }> {
  let text = '';
  let end: Extract<ModelEvent, { type: 'end' }> | undefined;
  for await (const event of stream) {
    if (event.type === 'text') text += event.text;
    else end = event;
  }
  return { text, end };
}

/** The pieces of an answer; an error is thrown where it stands. */
type Answer = (call: number) => readonly (string | Error)[] | Error;

/** A model in process: answers with what the function gives for each call, in pieces, and counts what is open. */
export class ScriptedModel implements LanguageModel {
  readonly name: string;
  readonly requests: ModelRequest[] = [];
  open = 0;
  openMax = 0;
  readonly #answer: Answer;
  readonly #settleInMs: number;

  /** @param settleInMs how long the connection takes to end after the call has. */
  constructor(name: string, answer: Answer, settleInMs = 0) {
    this.name = name;
    this.#answer = answer;
    this.#settleInMs = settleInMs;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void> {
    const call = this.requests.push(request) - 1;
    this.open += 1;
    this.openMax = Math.max(this.openMax, this.open);
    try {
      await request.prompt(profile);
      const answer = this.#answer(call);
      for (const text of answer instanceof Error ? [answer] : answer) {
        await delay(0, undefined, { signal });
        if (text instanceof Error) throw text;
        yield { type: 'text', text };
      }
      yield {
        type: 'end',
        reason: 'stop',
        usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10 },
      };
    } finally {
      if (this.#settleInMs > 0) await delay(this.#settleInMs);
      this.open -= 1;
    }
  }
}
