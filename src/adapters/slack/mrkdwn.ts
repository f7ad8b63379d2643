import { withoutActingCharacters } from '#src/core/text.ts';

/**
 * Slack's own markup. Everything untrusted goes through `escapeText`, which also disarms `<!channel>`, `<@U1>` and
 * `<https://…|label>`: Slack reads markup with `<` alone, and nothing else pings where `parse` is off.
 */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Code, which keeps whatever stands in it: a fence that may be open at the end, or what is between single marks. */
const CODE = /(```[\s\S]*?(?:```|$)|`[^`\n]+`)/u;

/**
 * A model's Markdown as Slack's markup: bold, italics, struck out, code and headings keep their looks; a link shows its
 * words and its address without being one. What is left open stays as it stands.
 */
export function markdownToMrkdwn(markdown: string): string {
  return withoutActingCharacters(markdown)
    .split(CODE)
    .map((part, index) => (index % 2 === 1 ? escapeText(part) : proseToMrkdwn(part)))
    .join('');
}

// Stand-ins for Slack's marks while Markdown's, which are the same characters, are still being read.
const BOLD = '\uE000';
const ITALIC = '\uE001';

function proseToMrkdwn(prose: string): string {
  return escapeText(prose.replaceAll(BOLD, '').replaceAll(ITALIC, ''))
    .replace(/!?\[([^\]\n]{1,500})\]\(([^()\s]{1,2000})\)/gu, '$1 ($2)')
    .replace(/^[ ]{0,3}#{1,6}[ ]+(.+?)[ ]*#*$/gmu, (_, title: string) => marked(BOLD, plain(title)))
    .replace(/^([ ]*)[-*+][ ]+(?=\S)/gmu, '$1• ')
    .replace(/\*\*\*(?=\S)([^*\n]*[^*\s])\*\*\*/gu, (_, text: string) => marked(BOLD, marked(ITALIC, text)))
    .replace(/\*\*(?=\S)((?:[^*\n]|\*(?!\*))*?[^\s])\*\*/gu, (_, text: string) => marked(BOLD, text))
    .replace(/(?<![\p{L}\p{N}_])__(?=\S)([^_\n]*[^_\s])__(?![\p{L}\p{N}_])/gu, (_, text: string) =>
      marked(BOLD, text),
    )
    .replace(/(?<!\*)\*(?=[^\s*])([^*\n]*[^*\s])\*(?!\*)/gu, (_, text: string) => marked(ITALIC, text))
    .replace(/~~(?=\S)([^~\n]*[^~\s])~~/gu, '~$1~')
    .replaceAll(BOLD, '*')
    .replaceAll(ITALIC, '_');
}

function marked(mark: string, text: string): string {
  return `${mark}${text}${mark}`;
}

/** Without marks for bold: Slack does not nest them. */
function plain(text: string): string {
  return text.replaceAll('**', '');
}
