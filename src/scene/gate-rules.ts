import { nameKey } from '#src/core/names.ts';
import { withoutActingCharacters } from '#src/core/text.ts';
import type { GateRule } from './gate.ts';
import { MAX_SENTENCE_IN_CHARACTERS } from './sentence-splitter.ts';

/** Names under which a model writes other people's parts, whoever is present. */
const SCRIPT_ROLES = [
  'gm',
  'game master',
  'dm',
  'player',
  'user',
  'human',
  'assistant',
  'system',
  'narrator',
  'npc',
];

/** Marks that stand around a name in a script: `**Bram**`, `"Bram"`, `[Bram]`. */
const MARKS_BEFORE = /[\s*_"“'‘[(>#-]+$/u;
const MARKS_AFTER = /^["”'’*_\])]*\s*(?:\([^()]{0,80}\)\s*)?[*_]*/u;
/** What makes a name before it a label: a colon of any width, an arrow, or a dash before a quotation. */
const LABEL_SIGN = /^(?:[:：](?!\/\/)|>|[-–—]\s*["“])[*_]*\s*/u;
/** The other way to write somebody's part: `Bram says, "…"`. What somebody *said* is a tale, and may be told. */
const PRESENT_TENSE_PART =
  /^\s*(?:says|asks|replies|answers|whispers|shouts|mutters|adds|responds|exclaims|calls)\b[^"“]{0,60}["“]/iu;
/** A part written for whoever reads: `You say, "…"`. */
const PART_FOR_READER = /^\s*you (?:say|reply|answer|ask|whisper|shout|mutter|respond)\b[^"“]{0,60}["“]/iu;
/** A name of 60 characters, a note of 80, and the marks around them. */
const MAX_LABEL_IN_CHARACTERS = 200;
/** Most words of a name. */
const MAX_NAME_IN_WORDS = 6;

/**
 * Takes the sting out of text: nothing in it moves a cursor, hides or reverses text, pings anybody or disguises a
 * link. Platforms escape what is special to them alone; this is what no platform may act on.
 */
export const harmlessText: GateRule = {
  name: 'harmless text',
  judge: (sentence, passed) => ({
    // What stands may end in the first half of a link.
    pass: `${passed.endsWith(']') && sentence.startsWith('(') ? ' ' : ''}${withoutActingCharacters(sentence)}`
      // Mentions, channels and commands: <@1>, <#1>, <!here>, </roll:1>, <:emoji:1>, <https://…>.
      .replace(/<(?=[@#!&/:a-z])/giu, '‹')
      .replace(/@(?=everyone|here|channel)/giu, '@ ')
      // A masked link shows one address and opens another.
      .replace(/\]\(/gu, '] ('),
  }),
};

/**
 * An NPC speaks for nobody else. Its own name before its words is taken away; another's is held back.
 * @param own the NPC's name and aliases.
 * @param others names and aliases of everybody else in the scene, and of the campaign's other NPCs.
 */
export function speaksForItself(own: readonly string[], others: readonly string[]): GateRule {
  const ownKeys = new Set(own.flatMap(spellings));
  const otherKeys = new Set(
    [...others.flatMap(spellings), ...SCRIPT_ROLES].filter((key) => !ownKeys.has(key)),
  );
  return {
    name: 'speaks for itself',
    judge: (sentence) => {
      let text = sentence;
      for (let label = leadingName(text, ownKeys); label?.isLabel; label = leadingName(text, ownKeys)) {
        text = label.rest;
      }
      for (const part of partsOf(text)) {
        const other = leadingName(part, otherKeys);
        if (
          other?.isLabel ||
          other?.isAlone ||
          (other !== undefined && PRESENT_TENSE_PART.test(other.rest))
        ) {
          return { complaint: `it wrote the words of ${other.name}` };
        }
      }
      if (PART_FOR_READER.test(text.slice(0, MAX_LABEL_IN_CHARACTERS))) {
        return { complaint: 'it wrote what the other person says' };
      }
      return { pass: text };
    },
  };
}

/** The sentence itself, and what begins anew within it: "Fine; Mira: I will." */
function partsOf(sentence: string): readonly string[] {
  return sentence.slice(0, MAX_SENTENCE_IN_CHARACTERS).split(/(?<=[;\n])/u);
}

/** A name of `keys` that opens a text, and what it is there for; undefined where none does. */
function leadingName(
  text: string,
  keys: ReadonlySet<string>,
):
  | { readonly name: string; readonly isLabel: boolean; readonly isAlone: boolean; readonly rest: string }
  | undefined {
  const head = text.slice(0, MAX_LABEL_IN_CHARACTERS);
  const start = head.search(/[\p{L}\p{N}]/u);
  if (start === -1 || !(start === 0 || MARKS_BEFORE.test(head.slice(0, start)))) return undefined;
  const words = [...head.slice(start).matchAll(/[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}.'’-]*/gu)].slice(
    0,
    MAX_NAME_IN_WORDS,
  );
  for (const word of words.toReversed()) {
    // A dot or an apostrophe at the end of a word is not of the name, unless the name has it.
    for (const end of new Set([
      word.index + word[0].length,
      word.index + word[0].replace(/[.'’-]+$/u, '').length,
    ])) {
      const name = head.slice(start, start + end);
      if (!keys.has(nameKey(name))) continue;
      const after = head.slice(start + end).replace(MARKS_AFTER, '');
      const sign = LABEL_SIGN.exec(after);
      const rest =
        (sign === null ? after : after.slice(sign[0].length)) + text.slice(MAX_LABEL_IN_CHARACTERS);
      return { name, isLabel: sign !== null, isAlone: /^\s*\n/u.test(head.slice(start + end)), rest };
    }
  }
  return undefined;
}

/** The whole name and its first word: models shorten "Tilda Marsh" to "Tilda". */
function spellings(name: string): string[] {
  const key = nameKey(name);
  return [key, key.split(' ')[0] ?? key];
}
