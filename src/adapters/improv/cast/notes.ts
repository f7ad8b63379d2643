import type { Persona } from '#src/core/persona.ts';
import type { Tables } from '../tables.ts';
import { lookup } from './lookup.ts';
import { pronounsIn } from './person-words.ts';
import { readPortrait } from './portrait.ts';

/** What a game master's pasted notes say, sorted into a sheet's fields in their own words. */
export interface Notes {
  readonly name: string | undefined;
  readonly aliases: readonly string[];
  readonly pronouns: string | undefined;
  readonly role: string | undefined;
  readonly description: readonly string[];
  readonly personality: readonly string[];
  readonly voice: readonly string[];
  readonly goals: readonly string[];
  readonly fears: readonly string[];
  readonly secrets: Persona['secrets'];
  readonly bonds: Persona['bonds'];
  readonly knowledge: readonly string[];
}

/** A name as prose has it: capitals, with the small words that stand between them. */
const NAME = String.raw`(?:(?:Old|Young|Captain|Mother|Father|Brother|Sister|Sir|Dame|Lady|Lord|Doctor|Dr\.|Saint) )?\p{Lu}[\p{L}'’-]+(?: (?:(?:of|the|de|von|van|al|la|del|ap|ben) )*\p{Lu}[\p{L}'’-]+){0,3}`;
const CALLED = new RegExp(String.raw`\b(?:called|named|name is)\s+["“']?(${NAME})`, 'u');
const FIRST_IS = new RegExp(
  String.raw`^["“']?(${NAME})["”']?(?:,|\s+(?:is|was|works|runs|keeps|serves|owns|has|lives)\b|\s+[-–—]\s|\s*[(:])`,
  'u',
);
/** Words that begin a sentence and are no name. */
const NO_NAME =
  /^(?:She|He|They|It|This|That|The|A|An|My|Our|His|Her|There|In|At|On|When|After|Once|Secretly|Nobody)\b/u;

export function readNotes(text: string, tables: Tables): Notes {
  const { labels } = tables.words.notes;
  const labelled = new Map<string, string[]>();
  const prose: string[] = [];
  const fieldOf = (label: string) =>
    Object.keys(labels).find((key) => labels[key]?.includes(label.toLowerCase().trim()));
  for (const raw of text.split(/\r?\n/u).flatMap((line) => labelledParts(line, fieldOf))) {
    const line = raw
      .replace(/^[\s*#>•-]+/u, '')
      .replace(/\*\*/gu, '')
      .trim();
    const [, label = '', value = ''] = /^([\p{L} ]{2,24}?)\s*[:=]\s*(.+)$/u.exec(line) ?? [];
    const field = fieldOf(label);
    if (field !== undefined) {
      const isBare = tables.words.notes.bare.includes(label.toLowerCase().trim());
      const said = isBare ? `${label.trim()}: ${value.trim()}` : value.trim();
      labelled.set(field, [...(labelled.get(field) ?? []), said]);
    } else if (line !== '') prose.push(...sentencesOf(line));
  }
  const get = (field: string) => labelled.get(field) ?? [];
  const first = prose[0] ?? '';
  const name = (get('name')[0] ?? nameIn(first) ?? CALLED.exec(text)?.[1])?.replace(/[.,;:]+$/u, '');
  const pronouns = pronounsGiven(get('pronouns')[0]) ?? pronounsIn([...get('role'), text].join(' '), tables);
  const sorted = sortProse(prose, { name, pronouns }, labelled.size === 0, tables);
  const secrets = [...get('secrets').flatMap(sentencesOf), ...sorted.secrets].map((secret) =>
    secretOf(secret, tables),
  );
  return {
    name: name?.slice(0, 60),
    aliases: get('aliases').flatMap((value) => value.split(/[,;/]/u).map((alias) => alias.trim())),
    pronouns,
    role: get('role')[0] ?? sorted.role,
    description: [...get('description').map(asSentence), ...sorted.description],
    personality: [...get('personality').map(asSentence), ...sorted.personality],
    voice: get('voice').map(asSentence),
    goals: [...get('goals').flatMap(items), ...sorted.goals],
    fears: [...get('fears').flatMap(items), ...sorted.fears],
    secrets,
    bonds: [...get('bonds'), ...sorted.bonds].flatMap((bond) => bondIn(bond, tables)),
    knowledge: [
      ...get('knowledge').flatMap(sentencesOf),
      ...sorted.bonds.filter((sentence) => !isDiscreet(sentence, tables)),
      ...sorted.knowledge,
      ...get('bonds')
        .filter((value) => bondIn(value, tables).length === 0)
        .map(asSentence),
    ],
  };
}

/** Of these a value is one phrase: a sentence that follows on the same line is prose. */
const SHORT_FIELDS: ReadonlySet<string> = new Set(['name', 'pronouns', 'role']);
/** After a full stop that is none of "Dr." or "St.". */
const NEXT_SENTENCE = /(?<!\b(?:Dr|St|Mr|Mrs|Ms))\.\s+(?=\p{Lu})/u;

/** "Name: Berta. Role: witch of the marsh. She lost her cat." as one line for each label, and one for the rest. */
function labelledParts(line: string, fieldOf: (label: string) => string | undefined): string[] {
  const starts = [...line.matchAll(/(?<=^|[.;,]\s+)(\p{L}[\p{L} ]{1,23}?)\s*[:=]\s/gu)].flatMap(
    ({ index, 1: label = '' }) =>
      fieldOf(label) === undefined ? [] : [{ index, field: fieldOf(label) ?? '' }],
  );
  if (starts.length === 0) return [line];
  const parts = starts.map(({ index, field }, at) => {
    const part = line.slice(index, starts[at + 1]?.index).replace(/[;,]\s*$/u, '');
    const [value = '', ...rest] = SHORT_FIELDS.has(field) ? part.split(NEXT_SENTENCE) : [part];
    return [value.replace(/\.\s*$/u, SHORT_FIELDS.has(field) ? '' : '.'), rest.join('. ')];
  });
  return [line.slice(0, starts[0]?.index), ...parts.flat()].filter((part) => part.trim() !== '');
}

/** A role wanted of a reroll or a prompt by name: "called Mira". */
export function nameCalledFor(text: string): string | undefined {
  return CALLED.exec(text)?.[1];
}

/** @param isPortrait the first sentence says who it is about. */
function sortProse(
  prose: readonly string[],
  who: { readonly name: string | undefined; readonly pronouns: string | undefined },
  isPortrait: boolean,
  tables: Tables,
) {
  const { secret, goal, fear, looks, temper, bond } = tables.words.notes;
  const sorted = {
    role: undefined as string | undefined,
    secrets: [] as string[],
    goals: [] as string[],
    fears: [] as string[],
    bonds: [] as string[],
    description: [] as string[],
    personality: [] as string[],
    knowledge: [] as string[],
  };
  const sort = (sentence: string): void => {
    const found = lookup(sentence);
    const speaksOf = (words: readonly string[]) => words.some((word) => found.has(word));
    if (speaksOf(goal)) sorted.goals.push(goalIn(sentence, tables));
    else if (speaksOf(fear)) sorted.fears.push(sentence);
    else if (speaksOf(looks)) sorted.description.push(sentence);
    else if (speaksOf(temper)) sorted.personality.push(sentence);
    else if (speaksOf(bond) && bondIn(sentence, tables).length > 0) sorted.bonds.push(sentence);
    else sorted.knowledge.push(sentence);
  };
  for (const [index, sentence] of prose.entries()) {
    const isSecret = secret.some((word) => lookup(sentence).has(word));
    const portrait = readPortrait(sentence, who, tables);
    const isFirst = isPortrait && index === 0;
    const isMixed = isSecret && portrait.looks.length + portrait.rest.length > 0;
    if (!isFirst && !isMixed && portrait.hates.length === 0) {
      if (isSecret) sorted.secrets.push(sentence);
      else sort(sentence);
      continue;
    }
    if (isFirst) sorted.role = portrait.role;
    sorted.secrets.push(...portrait.secrets);
    sorted.description.push(...portrait.looks);
    sorted.fears.push(...portrait.hates.map((thing) => `Anything to do with ${thing}`));
    for (const part of portrait.rest) {
      if (portrait.hates.some((thing) => part.endsWith(`${thing}.`))) sorted.personality.push(part);
      else sort(part);
    }
  }
  return sorted;
}

/** Money owed and the like: no knowledge to pass on. */
function isDiscreet(sentence: string, tables: Tables): boolean {
  const found = lookup(sentence);
  return tables.words.notes.discreet.some((word) => found.has(word));
}

function sentencesOf(text: string): string[] {
  return (text.match(/[^.!?]+(?:[.!?]+["”']?|$)/gu) ?? [])
    .map((sentence) => asSentence(sentence))
    .filter((sentence) => sentence !== '');
}

function asSentence(text: string): string {
  const trimmed = text.trim();
  const whole = trimmed === '' || /[.!?]["”']?$/u.test(trimmed) ? trimmed : `${trimmed}.`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

const items = (value: string): string[] =>
  value
    .split(/;\s*/u)
    .map((item) => item.trim().replace(/\.$/u, ''))
    .filter((item) => item !== '');

function nameIn(sentence: string): string | undefined {
  const found = FIRST_IS.exec(sentence)?.[1];
  return found === undefined || NO_NAME.test(found) ? undefined : found;
}

function pronounsGiven(value: string | undefined): string | undefined {
  return value !== undefined && /^[\p{L}]+\/[\p{L}/]+$/u.test(value.trim())
    ? value.trim().slice(0, 40)
    : undefined;
}

function secretOf(text: string, tables: Tables): Persona['secrets'][number] {
  const [, told, until] = /^(.*?)[,;]?\s*\(?\b(?:until|unless)\s+([^)]+?)\)?[.!]?$/iu.exec(text) ?? [];
  return {
    text: told === undefined || told.length < 8 ? text : asSentence(told),
    until: until ?? tables.words.notes.until,
  };
}

/** "Tam, her brother", "brother of Tam", "owes Tam money": who it is to, and the words themselves. */
function bondIn(written: string, tables: Tables): Persona['bonds'] {
  const first = /^\p{L}+/u.exec(written)?.[0].toLowerCase() ?? '';
  const text = tables.words.notes.verbs.includes(first) ? first + written.slice(first.length) : written;
  const names = [...text.matchAll(/(?<=[\p{Ll},]\s|^)(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)*)/gu)]
    .map(([, name]) => name ?? '')
    .filter((name) => !NO_NAME.test(name));
  const other = names.at(-1);
  return other === undefined
    ? []
    : [
        {
          to: other,
          tie: text
            .replace(/\.$/u, '')
            .replace(/^(?:She|He) (?=owes|hates|trusts|serves|betrayed|loves)/u, ''),
        },
      ];
}

/** "She wants to find her old ship." → "Find her old ship". */
function goalIn(sentence: string, tables: Tables): string {
  const goal = sentence.replace(new RegExp(tables.words.notes.goal_start, 'iu'), '').replace(/\.$/u, '');
  return goal.charAt(0).toUpperCase() + goal.slice(1);
}
