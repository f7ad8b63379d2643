import { nameKey } from '#src/core/names.ts';
import type { Tables } from '../tables.ts';
import { capitalised } from './grammar.ts';
import { lookup, peopleIn, tradesIn } from './lookup.ts';

/** What one sentence about somebody says, fact by fact. */
export interface Portrait {
  readonly role: string | undefined;
  /** What anybody sees, as sentences. */
  readonly looks: readonly string[];
  /** Without the word that calls them secret. */
  readonly secrets: readonly string[];
  /** What they cannot stand, as things. */
  readonly hates: readonly string[];
  /** Everything else, each a sentence of its own. */
  readonly rest: readonly string[];
}

const SUBJECT = /^(?:she|he|they|it)\s+/iu;
const ADVERB = /^(?:secretly|also|now|once|still|never|always|often|recently|long ago)\s+/iu;
const SECRECY = /\b(?:secretly|in secret|actually|really)\s*/iu;
const HATES = /^(?:also )?(?:hates|loathes|detests|despises|cannot stand|can['’]t stand)\s+(.+)$/iu;
const YEARS = /^(?:is\s+)?(?:aged?\s+)?(\d{2,3})(?:\s+years?(?:\s+old)?|\s+winters)?$/iu;
const IS_A = /^(?:is|was)\s+(?:an?|the)\s+(.+)$/iu;
const IS = /^(?:is|was)\s/iu;
/** Adjectives of the body before a trade: "one-eyed smith". */
const BODY = /^\p{L}+-(?:eyed|legged|armed|handed|haired|bearded|faced|eared|nosed|fingered|toothed)$/iu;
/** Longest role that is taken over as one. In characters. */
const ROLE_LIMIT = 90;

/** Reads a sentence of notes that may say several things at once: "one-eyed smith, owes Rask money, secretly …". */
export function readPortrait(
  sentence: string,
  who: { readonly name: string | undefined; readonly pronouns: string | undefined },
  tables: Tables,
): Portrait {
  const found = {
    role: undefined as string | undefined,
    looks: [] as string[],
    secrets: [] as string[],
    hates: [] as string[],
    rest: [] as string[],
  };
  const subject = /^(?:she|he)\b/u.exec(who.pronouns ?? '')?.[0];
  const said = (predicate: string): string =>
    capitalised(`${subject === undefined ? '' : `${capitalised(subject)} `}${predicate}.`);
  const takeRole = (text: string): boolean => {
    // An age before the trade is told with the looks.
    const role = text.replace(/^\d{1,3}(?: years? old)?,\s*(?:an?\s+)?/u, '');
    if (found.role !== undefined || role.length < 3 || role.length > ROLE_LIMIT) return false;
    found.role = role;
    return true;
  };
  let runs: string | undefined;
  for (const [index, clause] of clausesOf(bodyOf(sentence, who.name), tables).entries()) {
    const speaksOf = lookup(clause);
    const years = YEARS.exec(clause)?.[1];
    const hated = HATES.exec(clause)?.[1];
    const called = IS_A.exec(clause)?.[1];
    const thing = called ?? (isVerbal(clause, tables) ? undefined : clause.replace(/^(?:an?|the)\s+/iu, ''));
    if (tables.words.notes.secret.some((word) => speaksOf.has(word)))
      found.secrets.push(said(clause.replace(SECRECY, '')));
    else if (years !== undefined)
      found.looks.push(said(subject === undefined ? `${years} years old` : `is ${years}`));
    else if (hated !== undefined && !/\p{Lu}/u.test(hated)) {
      found.hates.push(hated);
      found.rest.push(said(clause));
    } else if (thing !== undefined) {
      const words = thing.split(' ');
      const isPerson = tables.words.notes.persons.some((word) => lookup(thing).has(word));
      const isTrade = tradesIn(thing, tables).length > 0;
      const body = words.filter((word) => BODY.test(word));
      const plain = uncapitalised(words.filter((word) => !BODY.test(word)).join(' '), tables);
      const isRole =
        isTrade ||
        (called !== undefined && !isPerson) ||
        (index === 0 && !isPerson && /^an?\s/iu.test(clause));
      if (isRole && takeRole(plain)) {
        for (const part of body) found.looks.push(said(subject === undefined ? part : `is ${part}`));
      } else if (isPerson || peopleIn(thing, tables).length > 0) found.looks.push(`${capitalised(clause)}.`);
      else if (called !== undefined) found.rest.push(said(clause));
      else found.rest.push(`${capitalised(clause)}.`);
    } else {
      const post = postIn(clause, who.name, tables);
      if (post !== undefined) runs ??= post;
      if (post === undefined || found.role !== undefined) found.rest.push(said(clause));
    }
  }
  return { ...found, role: found.role ?? runs };
}

/** The sentence without the name it gives: "A dwarven woman called Brunna Flint, 60" → "A dwarven woman, 60". */
function bodyOf(sentence: string, name: string | undefined): string {
  const plain = sentence.replace(/[.!?]+["”']?$/u, '').trim();
  if (name === undefined) return plain;
  const at = plain.indexOf(name);
  if (at < 0) return plain;
  const before = plain.slice(0, at).replace(/,?\s*(?:called|named|(?:whose )?name is)?\s*["“']?$/iu, '');
  const after = plain.slice(at + name.length).replace(/^["”']/u, '');
  return `${before}${after}`.replace(/^[\s,:–—-]+/u, '').trim();
}

function clausesOf(body: string, tables: Tables): string[] {
  const parts = body.split(/\s*;\s+|\s*,\s+(?:and\s+)?|\s+(?=(?:and|but|who|that)\s)/u);
  const clauses: string[] = [];
  for (const raw of parts) {
    const part = raw
      .replace(/^(?:and|but|who|that)\s+/iu, '')
      .replace(SUBJECT, '')
      .trim();
    if (part === '') continue;
    const before = clauses.at(-1);
    const joint = /^(?:and|but|who|that)\s/iu.exec(raw)?.[0];
    const isFree =
      isVerbal(part, tables) ||
      (IS.test(before ?? '') && tradesIn(part, tables).length > 0) ||
      (joint === undefined &&
        (YEARS.test(part) ||
          (!/^(?:an?|the|in|of|at|with)\s/iu.test(part) && !isVerbal(before ?? '', tables))));
    if (before === undefined || isFree || (joint === undefined && SECRECY.test(part))) clauses.push(part);
    else clauses[clauses.length - 1] = `${before}${joint === undefined ? ', ' : ` ${joint}`}${part}`;
  }
  return clauses;
}

/** "Half-orc bouncer" → "half-orc bouncer": a folk or trade is large only where a sentence begins with it. */
function uncapitalised(role: string, tables: Tables): string {
  const [first = ''] = role.split(' ');
  const isPlain = peopleIn(first, tables).length > 0 || tradesIn(first, tables).length > 0;
  return isPlain ? role.charAt(0).toLowerCase() + role.slice(1) : role;
}

/** Whether a clause begins with what somebody does: "owes money", "secretly poisons the well". */
function isVerbal(clause: string, tables: Tables): boolean {
  const plain = clause.replace(ADVERB, '');
  const [first = '', second = ''] = plain.split(' ');
  return (
    tables.words.notes.verbs.includes(first.toLowerCase()) ||
    (/^\p{Ll}{2,}s$/u.test(first) &&
      /^(?:the|an?|his|her|their|him|them|to|from|no|every|\p{Lu}.*)$/u.test(second))
  );
}

/** "keeps the ferry" → "keeper of the ferry"; a captain who runs the guard is its captain. */
function postIn(clause: string, name: string | undefined, tables: Tables): string | undefined {
  const [, verb = '', what = ''] =
    /^(\p{L}+)\s+((?:the|an?|his|her|their)\s+.+|\p{Lu}.*|\p{Ll}+s)$/u.exec(clause) ?? [];
  const post = tables.words.notes.posts[verb.toLowerCase()];
  if (post === undefined || what === '' || what.length > ROLE_LIMIT / 2) return undefined;
  const title = nameKey(name ?? '').split(' ')[0] ?? '';
  const own = tables.words.notes.ranks.includes(title) ? title : undefined;
  return `${own === undefined || verb === 'keeps' ? post : `${own} of`} ${what}`;
}
