import type { Clock } from '#src/core/clock.ts';
import type { Meter } from '#src/core/meter.ts';
import type { LanguageModel, ModelProfile } from '#src/core/model.ts';
import { FallbackModel, type FallbackOptions } from './fallback-model.ts';
import { MeteredModel } from './metered-model.ts';
import type { PermitPool } from './permit-pool.ts';
import { PooledModel } from './pooled-model.ts';

export interface ModelParts {
  /** CHAT_MODEL, then SMALL_MODEL; empty where no server is configured. */
  readonly configured: readonly { readonly model: LanguageModel; readonly profile: ModelProfile }[];
  /** improv: answers where nothing is configured, and as the last resort where the GM chose that. */
  readonly embedded: LanguageModel;
  readonly allowEmbedded: NonNullable<FallbackOptions['lastResort']>['allow'];
  readonly pool: PermitPool;
  readonly meter: Meter;
  readonly onFall: FallbackOptions['onFall'];
  readonly onRecovered: FallbackOptions['onRecovered'];
  readonly clock: Clock;
}

const FREE = { input: 0, cachedInput: 0, output: 0 };

/**
 * Wraps the models of this process. From the outside in: fallback, permit, meter, model. So a call that falls gives
 * its permit back before the next model is asked, each try is counted by itself, and no time but "queue wait" holds
 * the wait for a permit. The embedded model opens no connection and needs no permit.
 */
export function assembleModel(parts: ModelParts): LanguageModel {
  const embedded = new MeteredModel(parts.embedded, FREE, parts.meter);
  if (parts.configured.length === 0) return embedded;
  return new FallbackModel({
    models: parts.configured.map((each) => assembleOne(each, parts)),
    lastResort: { model: embedded, allow: parts.allowEmbedded },
    onFall: parts.onFall,
    onRecovered: parts.onRecovered,
    clock: parts.clock,
  });
}

/** One model of this process, with its permit and meter, and nothing to fall back on. */
export function assembleOne(
  { model, profile }: ModelParts['configured'][number],
  { pool, meter }: Pick<ModelParts, 'pool' | 'meter'>,
): LanguageModel {
  const metered = new MeteredModel(model, profile.pricePerMillionInUsd, meter);
  return new PooledModel(metered, pool, (durationInMs) => meter.record('queue wait', durationInMs));
}
