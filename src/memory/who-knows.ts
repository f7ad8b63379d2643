import type { MemoryUnit } from '#src/core/memory.ts';
import { stemsOf } from './said-alike.ts';

const WHO_KNOWS =
  /^\s*who\s+(?:(?:(?:of|among) (?:them|these|us|all)|here|else|all|still)\s+)*(?:ha(?:s|ve)\s+)?(?:ever\s+)?(?:knows?|knew|hears?|heard|remembers?|remembered)\b(?:\s+(?:anything|something))?(?:\s+(?:of|about|that)\b)?/iu;
const SENTENCES = /[^.!?…。？！]+[.!?…。？！]*/gu;
/** A memory that has fewer of the telling words asked for speaks of something else. */
const SHARE_OF_WORDS = 0.5;

/** What a question is about: "who of them knows of the tunnel?" asks for the tunnel, and not for who knows. */
export function askedAfter(query: string): string {
  const rest = query.replace(WHO_KNOWS, '').trim();
  return stemsOf(rest).size > 0 ? rest : query;
}

/** Whether a memory has a telling word of what is asked after: it is not there for what stands around it. */
export function isAbout({ speaker, text }: Pick<MemoryUnit, 'speaker' | 'text'>, asked: string): boolean {
  return sharedShare(`${speaker} ${text}`, asked) > 0;
}

/** Whether whoever holds a memory knows of what is asked after: a line that only asks for it tells nothing. */
export function tellsOf({ speaker, text }: Pick<MemoryUnit, 'speaker' | 'text'>, asked: string): boolean {
  const told = (text.match(SENTENCES) ?? []).filter((sentence) => !/[?？]/u.test(sentence));
  return told.length > 0 && sharedShare(`${speaker} ${told.join(' ')}`, asked) >= SHARE_OF_WORDS;
}

/** How many of the words asked for a text has, from 0 to 1. */
function sharedShare(text: string, asked: string): number {
  const [own, wanted] = [stemsOf(text), stemsOf(asked)];
  return wanted.size === 0 ? 0 : [...wanted].filter((stem) => own.has(stem)).length / wanted.size;
}
