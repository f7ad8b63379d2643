import type { Clock } from '#src/core/clock.ts';
import { ModelError, type ModelFailureKind } from '#src/core/errors.ts';
import type { LanguageModel, ModelEvent, ModelRequest, Origin } from '#src/core/model.ts';

export interface Fall {
  readonly from: string;
  readonly to: string;
  readonly kind: ModelFailureKind;
  readonly origin: Origin;
}

export interface FallbackOptions {
  /** In the order of preference: CHAT_MODEL, then SMALL_MODEL. At least one. */
  readonly models: readonly LanguageModel[];
  /** Speaks only where every configured model failed and the GM chose that it may: what it says becomes canon. */
  readonly lastResort?: { readonly model: LanguageModel; allow(origin: Origin): Promise<boolean> };
  /** Another model answered than the first. Called once per campaign and model until the first answers there again. */
  readonly onFall: (fall: Fall) => void;
  /** The first model answered again in a campaign that had been told of a fall. */
  readonly onRecovered: (recovery: { readonly model: string; readonly origin: Origin }) => void;
  readonly clock: Clock;
}

/** So many calls in a row that got nowhere, and a model is passed over for a while instead of costing its timeout. */
const FAILURES_TO_REST = 3;
const REST_IN_MS = 30_000;
/** Campaigns remembered as told; the longest unheard of is forgotten first and would be told again. */
const MAX_TOLD_CAMPAIGNS = 10_000;

const SERVER_AT_FAULT: ReadonlySet<ModelFailureKind> = new Set(['unreachable', 'timeout', 'server-error']);
/**
 * An abort is a wish. A refusal is an answer: nobody goes from model to model until one says it, and improv least of
 * all; the person is told and can put it differently.
 */
const FINAL: ReadonlySet<ModelFailureKind> = new Set(['aborted', 'refused']);

/** Answers with the first model that can, as long as nothing of an answer has been given out. */
export class FallbackModel implements LanguageModel {
  readonly name: string;
  readonly #options: FallbackOptions;
  readonly #first: LanguageModel;
  readonly #health = new Map<
    LanguageModel,
    { failures: number; restsUntilInMs: number; kind: ModelFailureKind }
  >();
  readonly #told = new Map<string, Set<string>>();

  constructor(options: FallbackOptions) {
    const [first] = options.models;
    if (first === undefined) throw new RangeError('FallbackModel: models must hold at least one');
    this.#options = options;
    this.#first = first;
    this.name = first.name;
  }

  /** @throws ModelError of the first model: it is the one that was meant to answer. */
  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void> {
    let failure: ModelError | undefined;
    for await (const model of this.#candidates(request.origin)) {
      try {
        yield* this.#answer(model, request, signal, failure);
        return;
      } catch (error) {
        if (!(error instanceof Fallible)) throw error;
        failure ??= error.failure;
      }
    }
    throw failure;
  }

  async *#candidates(origin: Origin): AsyncGenerator<LanguageModel, void, void> {
    const { models, lastResort } = this.#options;
    let hasAwake = false;
    for (const model of models) {
      if (this.#isResting(model)) continue;
      hasAwake = true;
      this.#probe(model);
      yield model;
    }
    // With all of them resting, whoever presses Retry still gets a real try.
    if (!hasAwake) yield* models;
    if (lastResort !== undefined && (await lastResort.allow(origin))) yield lastResort.model;
  }

  /** @throws Fallible where another model may still try. */
  async *#answer(
    model: LanguageModel,
    request: ModelRequest,
    signal: AbortSignal,
    failure: ModelError | undefined,
  ): AsyncGenerator<ModelEvent, void, void> {
    let hasBegun = false;
    try {
      for await (const given of model.stream(request, signal)) {
        const event = hasBegun ? given : withoutLeadingSpace(given);
        if (event === undefined) continue;
        if (!hasBegun && model !== this.#first) this.#tellFall(model, request.origin, failure);
        hasBegun = true;
        if (event.type === 'end') this.#succeeded(model, request.origin);
        yield event;
      }
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      this.#failed(model, error.kind);
      throw hasBegun || FINAL.has(error.kind) ? error : new Fallible(error);
    }
  }

  #isResting(model: LanguageModel): boolean {
    const health = this.#health.get(model);
    return health !== undefined && health.restsUntilInMs > this.#options.clock.now();
  }

  /** After its rest one call tries the model; the others go on passing it over until that one has ended. */
  #probe(model: LanguageModel): void {
    const health = this.#health.get(model);
    if (health !== undefined && health.failures >= FAILURES_TO_REST)
      health.restsUntilInMs = this.#options.clock.now() + REST_IN_MS;
  }

  #failed(model: LanguageModel, kind: ModelFailureKind): void {
    if (!SERVER_AT_FAULT.has(kind)) return;
    const failures = (this.#health.get(model)?.failures ?? 0) + 1;
    const restsUntilInMs = failures >= FAILURES_TO_REST ? this.#options.clock.now() + REST_IN_MS : 0;
    this.#health.set(model, { failures, restsUntilInMs, kind });
  }

  #succeeded(model: LanguageModel, origin: Origin): void {
    this.#health.delete(model);
    if (model === this.#first && this.#told.delete(campaignKey(origin)))
      this.#options.onRecovered({ model: model.name, origin });
  }

  #tellFall(to: LanguageModel, origin: Origin, failure: ModelError | undefined): void {
    const key = campaignKey(origin);
    const told = this.#told.get(key) ?? new Set();
    this.#told.delete(key);
    this.#told.set(key, told);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MAX_TOLD_CAMPAIGNS && oldest !== undefined) this.#told.delete(oldest);
    if (told.has(to.name)) return;
    told.add(to.name);
    const kind = failure?.kind ?? this.#health.get(this.#first)?.kind ?? 'unreachable';
    this.#options.onFall({ from: this.name, to: to.name, kind, origin });
  }
}

/** Blank text is no beginning of an answer: after it a model may still turn out to have nothing to say. */
function withoutLeadingSpace(event: ModelEvent): ModelEvent | undefined {
  if (event.type === 'end') return event;
  const text = event.text.trimStart();
  return text === '' ? undefined : { ...event, text };
}

/** Carries a failure out of an answer that had not begun. */
class Fallible extends Error {
  readonly failure: ModelError;

  constructor(failure: ModelError) {
    super(failure.message);
    this.failure = failure;
  }
}

function campaignKey(origin: Origin): string {
  return JSON.stringify([origin.workspaceId, origin.campaignId]);
}
