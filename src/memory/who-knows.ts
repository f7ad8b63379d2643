import type { MemoryUnit } from '#src/core/memory.ts';
import { beyondDenial } from './denials.ts';
import { stemsOf } from './said-alike.ts';

/** "Who of them", "does anybody", "has Hroon": whose knowledge is asked after. */
const AMONG = '(?:(?:of|among) (?:them|these|us|all|you)|here|else|all|still|ever)';
const SOMEBODY = "(?:any(?:body|one)|some(?:body|one)|every(?:body|one)|they|\\p{L}[\\p{L}’'-]*)";
const WHO = `(?:who|which)(?: ${AMONG}){0,3}(?: ha(?:s|ve))?(?: ever)?`;
const DOES_ANYBODY = `(?:do|does|did|has|have)(?: (?:${AMONG}|${SOMEBODY})){1,4}?`;
const KNOWS = '(?:knows?|knew|known|hears?|heard|remembers?|remembered)';
const WAS_TOLD = `(?:who|which)(?: ${AMONG}){0,3} (?:was|were|has been|have been) told`;
const WE_TOLD = 'whom? did (?:i|we|they|you) (?:tell|ask)';
const OF = '(?: (?:anything|something|everything|more))?(?: (?:of|about|that)\\b)?';
const WHO_KNOWS = new RegExp(
  `^\\s*(?:(?:${WHO}|${DOES_ANYBODY}) ${KNOWS}|${WAS_TOLD}|${WE_TOLD})(?=\\P{L}|$)${OF}`,
  'iu',
);
const SENTENCES = /[^.!?…。？！]+[.!?…。？！]*/gu;
/** A memory that has fewer of the telling words asked for speaks of something else. */
const SHARE_OF_WORDS = 0.5;
/** Words of which no memory is about, whatever is asked. */
const VAGUE = stemsOf(
  `something anything everything nothing thing things somebody anybody everybody nobody someone anyone everyone one people
   know knew known heard hear remember remembered told tell said say happen happened party`,
);

/** What a question is about: "who of them knows of the tunnel?" asks for the tunnel, and not for who knows. */
export function askedAfter(query: string): string {
  const rest = query.replaceAll(/\s+/gu, ' ').replace(WHO_KNOWS, '').trim();
  return asksForAnything(rest) ? rest : query;
}

/** Whether words ask for more than what happened, or who knows. */
export function asksForAnything(asked: string): boolean {
  return tellingStems(asked).length > 0;
}

/**
 * Whether whoever holds a memory knows of what is asked after: a line that only asks for it, or says that somebody does not
 * know of it, tells nothing.
 */
export function tellsOf({ speaker, text }: Pick<MemoryUnit, 'speaker' | 'text'>, asked: string): boolean {
  const told = (text.match(SENTENCES) ?? [])
    .filter((sentence) => !/[?？]/u.test(sentence))
    .map(beyondDenial)
    .filter((part) => part.trim() !== '');
  return told.length > 0 && sharedShare(`${speaker} ${told.join(' ')}`, asked) >= SHARE_OF_WORDS;
}

/** How many of the words asked for a text has, from 0 to 1. */
function sharedShare(text: string, asked: string): number {
  const own = stemsOf(text);
  const wanted = tellingStems(asked);
  return wanted.length === 0 ? 0 : wanted.filter((stem) => own.has(stem)).length / wanted.length;
}

function tellingStems(asked: string): readonly string[] {
  return [...stemsOf(asked)].filter((stem) => !VAGUE.has(stem));
}
