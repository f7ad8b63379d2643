import { LRUCache } from 'lru-cache';
import type { Message, ModelProfile } from '#src/core/model.ts';

export type TokenCounter = (text: string) => number;

/** A transcript's lines are counted again on every turn: enough for some twenty long scenes. */
const CACHED_TEXTS = 20_000;
const CACHED_CHARACTERS = 8_000_000;
/**
 * The tokenizer's time grows with the square of a run without spaces (20,000 letters of Chinese: 0.8 s), so text is
 * counted in slices. A cut within a word costs at most one token too many.
 */
const SLICE_IN_CHARACTERS = 1_000;

/** A message's own cost beside its text: role and separators (OpenAI counts 3 to 4). */
export const MESSAGE_OVERHEAD_IN_TOKENS = 4;

/** What messages take of a window. */
export function tokensOfMessages(messages: readonly Message[], countTokens: TokenCounter): number {
  return messages.reduce((sum, { content }) => sum + countTokens(content) + MESSAGE_OVERHEAD_IN_TOKENS, 0);
}

/** An estimate: four characters a token is what English prose comes to. */
export function tokensForLength(characters: number): number {
  return Math.ceil(characters / 4);
}

/** Letters beyond Latin, Greek and Cyrillic come to about a token each, in every tokenizer that was looked at. */
function estimate(text: string): number {
  const dense = text.match(/[^\u0000-\u052F\u1E00-\u206F]/gu)?.length ?? 0;
  return dense + tokensForLength(text.length - dense);
}

const counters = new Map<ModelProfile['tokenizer'], Promise<TokenCounter>>();

/**
 * Counts the tokens of a text as this model would. The tables of an encoding (some 40 MB) are loaded on first use, and
 * counts are remembered by text.
 */
export function tokenCounter(profile: Pick<ModelProfile, 'tokenizer'>): Promise<TokenCounter> {
  const known = counters.get(profile.tokenizer);
  if (known !== undefined) return known;
  const counter = load(profile.tokenizer);
  counters.set(profile.tokenizer, counter);
  return counter;
}

async function load(tokenizer: ModelProfile['tokenizer']): Promise<TokenCounter> {
  if (tokenizer === 'estimate') return estimate;
  const { countTokens } =
    tokenizer === 'o200k_base'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base');
  const counts = new LRUCache<string, number>({
    max: CACHED_TEXTS,
    maxSize: CACHED_CHARACTERS,
    sizeCalculation: (_count, text) => text.length + 1,
  });
  // A player may well write "<|endoftext|>": to us it is text like any other.
  const asText = { disallowedSpecial: new Set<string>() };
  return (text) => {
    const known = counts.get(text);
    if (known !== undefined) return known;
    let count = 0;
    for (let start = 0; start < text.length; start += SLICE_IN_CHARACTERS)
      count += countTokens(text.slice(start, start + SLICE_IN_CHARACTERS), asText);
    counts.set(text, count);
    return count;
  };
}
