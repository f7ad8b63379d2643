import { withoutActingCharacters } from '#src/core/text.ts';
import { MAX_WEBHOOK_NAME_LENGTH } from './limits.ts';

/** Words that Discord refuses in the name of a webhook's message, each with its spelling that it takes. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/d(?=iscord)/giu, 'D·'],
  [/c(?=lyde)/giu, 'C·'],
  [/@/gu, 'a'],
  [/#/gu, 'no. '],
  [/:/gu, ' '],
  [/```/gu, "'"],
];
/** Names that stand for everybody or for the system; refused when they are all there is. */
const RESERVED = /^(?:everyone|here|system message)$/iu;

/** An NPC's name as Discord takes it above a message: 1 to 80 characters, visible, without the words it keeps to itself. */
export function webhookName(name: string): string {
  const plain = withoutActingCharacters(name).replace(/\s+/gu, ' ');
  const allowed = REFUSED.reduce((text, [word, instead]) => text.replace(word, instead), plain)
    .replace(/\s+/gu, ' ')
    .trim();
  const spelled = RESERVED.test(allowed) ? `The ${allowed}` : allowed;
  const cut = spelled
    .slice(0, MAX_WEBHOOK_NAME_LENGTH)
    .replace(/[\uD800-\uDBFF]$/u, '')
    .trim();
  return /[\p{L}\p{N}\p{S}\p{P}]/u.test(cut) ? cut : 'Somebody';
}
