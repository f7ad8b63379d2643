import type { types } from '@slack/bolt';
import { clip, oneLine } from '#src/core/text.ts';
import { escapeText } from './mrkdwn.ts';

export type KnownBlock = types.KnownBlock;

/** Slack's limits, in characters unless said otherwise. */
const MAX_BLOCKS = 50;
export const MAX_SECTION = 3000;
const MAX_HEADER = 150;
/** Of one field beside others: Slack would take 2000, and ten of those are too much for a message. */
export const MAX_FIELD = 600;
/** What stands under a title: Slack would take more, and nobody reads it. */
const MAX_CONTEXT = 300;
export const MAX_FIELDS_A_SECTION = 10;
export const MAX_BUTTONS_A_ROW = 25;
export const MAX_BUTTON_TEXT = 75;
export const MAX_BUTTON_VALUE = 2000;
/** Over all blocks of a message; Slack names none and refuses above about 13,200. */
export const MAX_TEXT_OF_BLOCKS = 13_000;
/** What shows in a notification; Slack would take 4000. */
const MAX_FALLBACK = 600;

/** `escaped` and marked up already. */
export function markedSection(escaped: string): KnownBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: escaped, verbatim: true },
    // Without it a long text is folded behind "See more".
    expand: true,
  };
}

/** Shown exactly as it stands: no markup, no emoji codes, no pings. */
export function plainSection(text: string): KnownBlock {
  return { type: 'section', text: { type: 'plain_text', text, emoji: false }, expand: true };
}

export function header(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text: clip(text, MAX_HEADER), emoji: false } };
}

export function context(text: string): KnownBlock {
  return {
    type: 'context',
    elements: [{ type: 'plain_text', text: clip(text, MAX_CONTEXT), emoji: false }],
  };
}

/** The text beside blocks: what notifications and screen readers get. */
export function fallbackText(text: string): string {
  return escapeText(clip(oneLine(text), MAX_FALLBACK)) || '…';
}

/** Escaped text that is no longer than `max` characters, cut between entities. */
export function clipEscaped(escaped: string, max: number): string {
  if (escaped.length <= max) return escaped;
  return `${escaped
    .slice(0, max - 1)
    .replace(/&[a-z]{0,3}$/u, '')
    .replace(/[\uD800-\uDBFF]$/u, '')
    .trimEnd()}…`;
}

/** The characters in a block, as Slack counts them over a message. */
export function textLength(block: unknown): number {
  if (typeof block !== 'object' || block === null) return 0;
  const parts: readonly (readonly [string, unknown])[] = Object.entries(block);
  return parts.reduce(
    (sum, [key, value]) =>
      sum + (key === 'text' && typeof value === 'string' ? value.length : textLength(value)),
    0,
  );
}

/** Shares blocks out over messages within Slack's limits, in order. */
export function packMessages(blocks: readonly KnownBlock[]): readonly (readonly KnownBlock[])[] {
  const messages: KnownBlock[][] = [];
  let length = 0;
  for (const block of blocks) {
    const size = textLength(block);
    const last = messages.at(-1);
    if (last === undefined || last.length === MAX_BLOCKS || length + size > MAX_TEXT_OF_BLOCKS) {
      messages.push([block]);
      length = size;
    } else {
      last.push(block);
      length += size;
    }
  }
  return messages;
}

/** Text in pieces of at most `max` characters, cut at line ends, then at words, never within a pair of surrogates. */
export function pieces(text: string, max: number): readonly string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const window = rest.slice(0, max + 1);
    const line = window.lastIndexOf('\n');
    const word = window.lastIndexOf(' ');
    const hard = /[\uD800-\uDBFF]$/u.test(rest.slice(0, max)) ? max - 1 : max;
    const at = line > max / 2 ? line : word > max / 2 ? word : hard;
    found.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  if (rest !== '') found.push(rest);
  return found;
}
