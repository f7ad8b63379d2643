import type { Persona } from '#src/core/persona.ts';
import { sentences } from './english.ts';
import type { Act, Ear } from './hearing.ts';
import type { Tics } from './sound.ts';

/** Sample lines of a hand-written sheet, each with the moment at which it may be said. */
export interface SampleLine {
  readonly text: string;
  readonly act: Act;
  readonly stems: ReadonlySet<string>;
}

const MAX_SAMPLE_LENGTH = 220;

export function sampleLines(persona: Persona, ear: Ear, ownNames: ReadonlySet<string>): SampleLine[] {
  const greeting = sentences(persona.first_mes).slice(0, 3).join(' ');
  return [...(greeting === '' ? [] : [greeting]), ...persona.mes_example]
    .map((line) => line.trim().replace(/^["“]|["”]$/gu, ''))
    .filter((text) => text.length > 0 && text.length <= MAX_SAMPLE_LENGTH && !/[{}<>*_`|]/u.test(text))
    .map((text) => ({
      text,
      act: text === greeting ? 'greeting' : ear.hear(text, 'npc', ownNames).act,
      stems: ear.meaning(text),
    }));
}

/** Favourite words that a hand-written sheet shows: interjections, forms of address, quoted habits of its `voice`. */
export function ticsOf(persona: Persona, stopwords: ReadonlySet<string>): Tics {
  const lines = [...persona.mes_example, persona.first_mes];
  const openers = counted(
    lines.flatMap((line) => {
      const first = sentences(line)[0] ?? '';
      const exclaimed = /^(\p{Lu}\p{L}+(?: \p{Ll}+)?!)$/u.exec(first)?.[1];
      return exclaimed ?? /^(\p{Lu}\p{Ll}{1,8},) /u.exec(first)?.[1] ?? [];
    }),
  );
  const closers = counted(
    lines.flatMap((line) =>
      sentences(line).flatMap((sentence) => /(, (?:\p{Ll}+ )?\p{Ll}{3,10})[.!?]$/u.exec(sentence)?.[1] ?? []),
    ),
  );
  const address: string[] = [];
  const quotedOpeners: string[] = [];
  const quotedClosers: string[] = [];
  for (const match of persona.voice.matchAll(/([\p{L}\s]{0,60})["“]([^"“”]{2,20})["”]/gu)) {
    const before = (match[1] ?? '').toLowerCase();
    const word = (match[2] ?? '').replace(/[.,!?…]+$/u, '');
    if (!/^[\p{L}' -]+$/u.test(word)) continue;
    if (/\bcalls?\b|\baddress/u.test(before)) address.push(word);
    else if (/\b(?:begin|start|open)/u.test(before)) quotedOpeners.push(`${word},`);
    else if (/\bend|\bfinish|\bclos/u.test(before)) quotedClosers.push(`, ${word}`);
  }
  return {
    openers: [
      ...openers.filter(
        (word) => !stopwords.has(word.toLowerCase().replace(/[^\p{L}]/gu, '')) || word.endsWith('!'),
      ),
      ...quotedOpeners,
    ],
    closers: [...closers.map((closer) => `${closer}.`), ...quotedClosers.map((closer) => `${closer}.`)],
    address,
  };
}

/** What comes at least twice, or is exclaimed. */
function counted(found: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const item of found) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].filter(([item, count]) => count > 1 || item.endsWith('!')).map(([item]) => item);
}
