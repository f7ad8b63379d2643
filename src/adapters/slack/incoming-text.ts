import { unescapeText } from './mrkdwn.ts';

/** Names for the ids in a text, as far as they are known. */
export interface KnownNames {
  person(id: string): string | undefined;
}

/** `<@U1>`, `<#C1|name>`, `<!here>`, `<https://…|label>`: what Slack writes for what a person picked or pasted. */
const REFERENCE = /<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/gu;

/** A message as people read it: names for ids, addresses for links, `&` for `&amp;`. */
export function readableText(text: string, names: KnownNames): string {
  const spelled = text.replace(REFERENCE, (whole, mark: string, id: string, label: string | undefined) => {
    switch (mark) {
      case '@':
        return `@${names.person(id) ?? label ?? 'somebody'}`;
      case '#':
        return `#${label === undefined || label === '' ? 'channel' : label}`;
      case '!':
        return specialWord(id, label);
      default:
        return id === '' ? whole : linkText(id, label);
    }
  });
  return unescapeText(spelled);
}

/** The people that a text mentions, each once. */
export function mentionedPeople(text: string): readonly string[] {
  const ids = [...text.matchAll(REFERENCE)].flatMap(([, mark, id]) =>
    mark === '@' && id !== undefined ? [id] : [],
  );
  return [...new Set(ids)];
}

/** The text without mentions of us at its beginning; `isMention`: there was one anywhere. */
export function withoutMentionOf(
  botUserId: string,
  text: string,
): { readonly rest: string; readonly isMention: boolean } {
  const isMention = mentionedPeople(text).includes(botUserId);
  let rest = text.trimStart();
  for (;;) {
    const [first = ''] = /^<@[^<>]*>[\s,:]*/u.exec(rest) ?? [];
    if (first === '' || !mentionedPeople(first).includes(botUserId)) return { rest, isMention };
    rest = rest.slice(first.length);
  }
}

function specialWord(id: string, label: string | undefined): string {
  if (label !== undefined && label !== '')
    return id.startsWith('date') ? label : `@${label.replace(/^@/u, '')}`;
  const [word = ''] = id.split('^');
  return word === 'subteam' ? '@group' : `@${word}`;
}

function linkText(address: string, label: string | undefined): string {
  if (label === undefined || label === '') return address.replace(/^mailto:/u, '');
  // "example.org" typed by hand comes as a link to http://example.org: what was typed is enough.
  return address.includes(label) ? label : `${label} (${address})`;
}

/** A file beside a message or in a form, as Slack tells of it; what is left out is asked for (`SlackFiles`). */
export interface SharedFile {
  readonly id?: string;
  readonly name?: string | null;
  readonly title?: string | null;
  readonly mimetype?: string;
}

const KINDS: readonly (readonly [prefix: string, words: string])[] = [
  ['image/', 'a picture'],
  ['video/', 'a video'],
  ['audio/', 'a recording'],
];

/** What came along, as people call it. */
export function attachmentWords(files: readonly SharedFile[]): readonly string[] {
  return files.map(({ name, title, mimetype = '' }) => {
    const kind = KINDS.find(([prefix]) => mimetype.startsWith(prefix));
    return kind?.[1] ?? name ?? title ?? 'a file';
  });
}
