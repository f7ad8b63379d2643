import { clip, withoutActingCharacters } from '#src/core/text.ts';

/** What Discord reads as Markdown, mention, emoji or time anywhere in a text; a backslash makes each a plain character. */
const ACTING_ANYWHERE = /[\\*_~`|<>[\]@]/gu;
/** Headings, small print, quotes and lists, which act at the start of a row. */
const ACTING_AT_START = /^([^\S\n]*)([#+-])/gmu;
const NUMBERED_AT_START = /^([^\S\n]*\d+)([.)])(?=\s)/gmu;

/** Text that reads as it was written: nothing in it formats, mentions, links or embeds. */
export function escapeText(text: string): string {
  return withoutLinks(
    withoutActingCharacters(text)
      .replace(ACTING_ANYWHERE, '\\$&')
      .replace(ACTING_AT_START, '$1\\$2')
      .replace(NUMBERED_AT_START, '$1\\$2'),
  );
}

/** The same in one row. */
export function escapeLine(text: string): string {
  return escapeText(withoutActingCharacters(text).replace(/\s+/gu, ' ').trim());
}

/**
 * What an NPC says: emphasis and code are part of its manner and stay; mentions, emoji by id, times, links, headings and
 * quotes do not.
 */
export function escapeSpeech(text: string): string {
  return withoutLinks(
    withoutActingCharacters(text)
      .replace(/<(?=[@#!&/:a-z])/giu, '‹')
      .replace(/@(?=everyone|here)/giu, '@ ')
      .replace(/\]\(/gu, '] (')
      .replace(/\|\|/gu, '\\|\\|')
      .replace(/^([^\S\n]*)(-?#|>)/gmu, '$1\\$2'),
  );
}

/** What stands before a text, like the label of a fact, is short: it would push the text out of its message. */
const MAX_LABEL_IN_CHARACTERS = 100;

export function escapeLabel(text: string): string {
  return escapeLine(clip(text, MAX_LABEL_IN_CHARACTERS));
}

/** Text inside a block of code, where a backslash would be seen: only what ends the block is replaced. */
export function codeText(text: string): string {
  return withoutActingCharacters(text).replaceAll('`', "'");
}

/** An address stays readable but is none: nobody is led anywhere by a click, and no invitation unfolds. */
function withoutLinks(text: string): string {
  return text.replace(/:\/\//gu, ':\\//').replace(/(discord(?:app)?\.(?:gg|com|new|gift))\//giu, '$1\\/');
}
