import { type AllowedMentions, COMPONENT, flatten, type MessageBody } from './records.ts';

/** Every form in which a text can call somebody. */
const FORMS: readonly (readonly [kind: 'everyone' | 'users' | 'roles', pattern: RegExp])[] = [
  ['everyone', /@(?:everyone|here)/gu],
  ['users', /<@!?(\d+)>/gu],
  ['roles', /<@&(\d+)>/gu],
];

/** All text of a message in which Discord looks for mentions. */
export function mentioningText(body: Pick<MessageBody, 'content' | 'components'>): string {
  const shown = flatten(body.components ?? []).flatMap(({ type, content }) =>
    type === COMPONENT.text && content !== undefined ? [content] : [],
  );
  return [body.content ?? '', ...shown].join('\n');
}

/** The mention forms in a send or an edit that call somebody, because nothing switches them off. */
export function pingsOf(body: MessageBody): readonly string[] {
  const allowed = body.allowed_mentions;
  const text = mentioningText(body);
  const found = FORMS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].filter(([, id]) => calls(allowed, kind, id)).map(([form]) => form),
  );
  // A reply calls whom it answers unless that is switched off too.
  const repliesLoud = body.message_reference != null && (allowed == null || allowed.replied_user === true);
  return repliesLoud ? [...found, 'reply'] : found;
}

function calls(
  allowed: AllowedMentions | null | undefined,
  kind: 'everyone' | 'users' | 'roles',
  id: string | undefined,
): boolean {
  if (allowed == null) return true;
  if (allowed.parse?.includes(kind) === true) return true;
  if (kind === 'everyone' || id === undefined) return false;
  return allowed[kind]?.includes(id) === true;
}

/** Sends or edits something and does not say that nobody is to be called. */
export function isUnguarded(body: MessageBody): boolean {
  const says =
    (body.content ?? '') !== '' || (body.components ?? []).length > 0 || (body.embeds ?? []).length > 0;
  const allowed = body.allowed_mentions;
  const isOff =
    allowed != null &&
    allowed.parse?.length === 0 &&
    (allowed.users ?? []).length === 0 &&
    (allowed.roles ?? []).length === 0 &&
    allowed.replied_user !== true;
  return says && !isOff;
}
