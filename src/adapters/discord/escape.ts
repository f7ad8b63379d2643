import { clip, plainLine, withoutActingCharacters } from '#src/core/text.ts';

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
  return escapeText(plainLine(text));
}

/**
 * What an NPC says: emphasis and code are part of its manner and stay; mentions, emoji by id, times, links, headings and
 * quotes do not.
 */
export function escapeSpeech(text: string): string {
  let rest = withoutActingCharacters(text)
    .replace(/<(?=[@#!&/:a-z])/giu, '‹')
    .replace(/@(?=everyone|here)/giu, '@ ')
    .replace(/\]\(/gu, '] (');
  let shown = '';
  let isRowBegun = false;
  for (;;) {
    const [code, before = '', fence = '', words = ''] = CODE.exec(rest) ?? [];
    const plain = code === undefined ? rest : before;
    shown += escapedSpeech(plain, isRowBegun);
    if (code === undefined) return shown;
    shown += fence + words + fence;
    isRowBegun = true;
    rest = rest.slice(code.length);
  }
}

/**
 * The next code in a text, whose marks no other reader could pair otherwise: from the first mark on, which no backslash
 * takes away, without any inside. A backslash would be seen in it.
 */
const CODE = /^((?:[^`\\]|\\[^`])*)(`{1,3})([^`]+)\2(?!`)/u;
/** Headings, small print and quotes at the start of a row, also inside the items of a list. */
const BLOCK_AT_START = /^([^\S\n]*(?:(?:[-*+]|\d{1,10}[.)])[^\S\n]+)*)(-?#|>)/gmu;

/** @param isRowBegun it goes on in a row in which something stands already. */
function escapedSpeech(text: string, isRowBegun: boolean): string {
  const unmarked = text
    .replace(/\|\|/gu, '\\|\\|')
    .replace(BLOCK_AT_START, (whole, before: string, mark: string, at: number) =>
      at === 0 && isRowBegun ? whole : `${before}\\${mark}`,
    );
  return withoutLinks(unmarked);
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
