import type { Fields } from './fields.ts';
import { flagOf, isFields } from './fields.ts';

/** What calls somebody in mrkdwn. */
const CALLS = /<(?:!(?:channel|here|everyone|group)|@[UW][A-Z0-9]+|!subteam\^[A-Z0-9]+)(?:[|^][^>]*)?>/g;
/** What Slack turns into a call where it is let look for names. */
const NAMES = /(?:^|[^\w<@])@(?:channel|here|everyone|[\w.-]*\w)/gi;

/** Everything in a message that would call somebody: the bar is none at all. */
export function pingsIn(args: Fields, options: { readonly isUpdate: boolean }): readonly string[] {
  const found: string[] = [];
  const text = typeof args.text === 'string' ? args.text : '';
  const isPlain = args.mrkdwn !== undefined && !flagOf(args.mrkdwn);
  if (!isPlain) found.push(...(text.match(CALLS) ?? []));
  const looksForNames =
    flagOf(args.link_names) ||
    args.parse === 'full' ||
    // Unlike a new message, an edit is taken as if somebody had typed it ("parse defaults to client").
    (options.isUpdate && args.parse === undefined);
  if (looksForNames) found.push(...names(text));
  if (typeof args.markdown_text === 'string') found.push(...inMarkdown(args.markdown_text));
  found.push(...inBlocks(args.blocks));
  return found;
}

function names(text: string): readonly string[] {
  return [...text.matchAll(NAMES)].map(([match]) => match.trim());
}

/** A markdown block and streamed text take Slack's own mentions too. */
function inMarkdown(text: string): readonly string[] {
  return text.match(CALLS) ?? [];
}

function inBlocks(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(inBlocks);
  if (!isFields(value)) return [];
  const { type, text } = value;
  if (typeof text === 'string') {
    if (type === 'mrkdwn') {
      const calls = text.match(CALLS) ?? [];
      return flagOf(value.verbatim) ? calls : [...calls, ...names(text)];
    }
    if (type === 'markdown') return inMarkdown(text);
  }
  if (type === 'user' && typeof value.user_id === 'string') return [`user ${value.user_id}`];
  if (type === 'usergroup') return [`usergroup ${String(value.usergroup_id)}`];
  if (type === 'broadcast') return [`broadcast ${String(value.range)}`];
  return Object.values(value).flatMap(inBlocks);
}
