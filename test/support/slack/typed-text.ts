/** What Slack takes for its own codes in what somebody types: everything else is escaped. */
const CODES =
  /<(?:@[UW]\w+|#C\w+(?:\|[^>]*)?|!(?:channel|here|everyone)|!subteam\^\w+(?:\|[^>]*)?|https?:[^>]+)>/g;

/** What somebody typed, as Slack's own windows send it. */
export function encoded(text: string, isLiteral: boolean): string {
  const escaped = (part: string) =>
    part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (isLiteral) return escaped(text);
  const codes = text.match(CODES) ?? [];
  return text
    .split(CODES)
    .map((part, index) => escaped(part) + (codes[index] ?? ''))
    .join('');
}
