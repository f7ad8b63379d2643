import type { ModelProfile } from '#src/core/model.ts';

/** A model of no particular family; its tokens are estimated, which needs no table. */
export const defaultProfile: ModelProfile = {
  contextWindowInTokens: 8192,
  replyReserveInTokens: 800,
  speechLimitInTokens: 400,
  objectLimitInTokens: 2000,
  stopSequences: [],
  temperature: 0.8,
  firstTokenTimeoutInMs: 30_000,
  totalTimeoutInMs: 120_000,
  streams: true,
  outputLimitField: 'max_completion_tokens',
  tokenizer: 'estimate',
  pricePerMillionInUsd: { input: 1, cachedInput: 0.1, output: 4 },
};
