import type { SpeakerKind } from '#src/core/entities.ts';
import { capitalise } from './english.ts';
import type { HearingRule, HearingTable, RuledAct } from './speech-schema.ts';
import { corrected, meaning, wordsOf } from './words.ts';

export type Act = RuledAct | 'question' | 'order' | 'narration' | 'statement' | 'silence';

/** What one line says, made out as well as tables can. */
export interface Heard {
  /** The part that wants an answer. */
  readonly act: Act;
  /** What came before it: a greeting, thanks, an insult. */
  readonly before: readonly RuledAct[];
  readonly isQuestion: boolean;
  /** "who", "where"…, of a question. */
  readonly questionWord: string | undefined;
  /** Stems of what it is about. */
  readonly words: ReadonlySet<string>;
  /** A short phrase from the line, safe to say back: "the old mill". At most 40 characters. */
  readonly topic: string | undefined;
  /** The name somebody gave as their own. */
  readonly introduced: string | undefined;
}

const MAX_ECHO_LENGTH = 40;
/** Longer lines are heard by their beginning and their end. */
const MAX_HEARD_LENGTH = 1200;
/** Acts that are answered in passing when something more follows. */
const PASSING = new Set<Act>([
  'greeting',
  'thanks',
  'apology',
  'insult',
  'threat',
  'compliment',
  'agree',
  'refuse',
  'intro',
  'deed',
  'offer',
]);

/** Their words name things as well: "a beer". */
const ABOUT_THINGS = new Set<Act>([
  'price',
  'offer',
  'help',
  'greeting',
  'intro',
  'fear',
  'family',
  'plight',
  'confession',
  'invite',
  'fare',
  'ability',
  'ruler',
]);
/** What these ask for may have been said just before: "we enter the mill tonight, will you come?" */
const LEANING = new Set<Act>(['invite', 'advice', 'help', 'please']);
/** Shorter words are too easily taken for one another. In letters. */
const SHORTEST_MENDED = 6;
/** "at night" is when, and nothing to talk of. */
const WHEN = /^(?:night|noon|midnight|dawn|dusk|midday)$/u;
/** Questions whose other words name no thing: "who owns it". */
const BEYOND_THINGS = /^(?:who|whose|when|where|why|how)$/u;
const NONE: ReadonlySet<string> = new Set();

interface Clause {
  /** As typed, cleaned. */
  readonly words: readonly string[];
  /** Lower case, spelled out, with a space around each word. */
  readonly plain: string;
  readonly tokens: readonly string[];
  readonly asks: boolean;
}

interface CompiledRule extends HearingRule {
  readonly sets: readonly ReadonlySet<string>[];
}

/** Makes out what is said. Built once from its table. */
export class Ear {
  readonly #table: HearingTable;
  readonly stopwords: ReadonlySet<string>;
  /** Words with which a noun phrase ends. */
  readonly breakers: ReadonlySet<string>;
  readonly #rules: readonly CompiledRule[];
  readonly #spellings: ReadonlyMap<string, readonly string[]>;
  /** Stems by which an act is made out: they say what is done, not what it is about. */
  readonly #spent: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #sellers: ReadonlySet<string>;
  readonly #alarms: ReadonlySet<string>;
  readonly #compromising: ReadonlySet<string>;
  readonly #secrecy: RegExp;
  readonly #questionOpeners: ReadonlySet<string>;
  readonly #fillers: ReadonlySet<string>;
  /** Longer words of the rules, by which a mistyped one is known; those that hurt are typed right or not meant. */
  readonly #vocabulary: ReadonlySet<string>;

  constructor(table: HearingTable) {
    this.#table = table;
    this.stopwords = new Set(table.stopwords);
    this.breakers = new Set(table.topicBreakers);
    this.#rules = table.rules.map((rule) => ({ ...rule, sets: rule.groups.map((group) => new Set(group)) }));
    this.#spellings = new Map(Object.entries(table.spellings).map(([from, to]) => [from, to.split(' ')]));
    const spent = new Map<Act, Set<string>>();
    for (const { act, phrases } of this.#rules) {
      if (ABOUT_THINGS.has(act)) continue;
      const stems = spent.get(act) ?? new Set();
      for (const stemmed of this.meaning(phrases.join(' '))) stems.add(stemmed);
      spent.set(act, stems);
    }
    this.#spent = spent;
    this.#sellers = new Set(table.sellers);
    this.#alarms = new Set(table.alarms);
    this.#compromising = new Set(table.compromising);
    this.#secrecy = anyOf(table.secrecy);
    this.#questionOpeners = new Set([...table.questionWords, ...table.auxiliaries]);
    this.#fillers = new Set(table.fillers);
    this.#vocabulary = new Set(
      this.#rules
        .filter(({ act }) => act !== 'insult' && act !== 'threat' && act !== 'anachronism')
        .flatMap(({ phrases }) => phrases.flatMap((phrase) => wordsOf(phrase)))
        .filter((word) => word.length >= SHORTEST_MENDED),
    );
  }

  /** @param ownNames words of the listener's names: they address, and are no topic. */
  hear(text: string, speakerKind: SpeakerKind, ownNames: ReadonlySet<string>): Heard {
    const clipped =
      text.length > MAX_HEARD_LENGTH
        ? `${text.slice(0, MAX_HEARD_LENGTH / 2)}. ${text.slice(-MAX_HEARD_LENGTH / 2)}`
        : text;
    const { speech, deeds } = spoken(clipped);
    const clauses = this.#clauses(speech, ownNames);
    if (clauses.length === 0) {
      const deed = this.#clauses(deeds, ownNames)[0];
      if (deed === undefined) return this.#heard('silence', [], deed, ownNames);
      const act = this.#act(deed, ownNames);
      return this.#heard(act === 'offer' || act === 'threat' ? act : 'narration', [], deed, ownNames);
    }
    if (speakerKind === 'gm' && this.#narrates(clauses))
      return this.#heard('narration', [], clauses[0], ownNames);
    const acts = clauses.map((clause) => this.#act(clause, ownNames));
    // "I have gold. Like fifty.": an afterthought does not become the point.
    const lasting = acts.findLastIndex(
      (act, index) =>
        !PASSING.has(act) && !(act === 'statement' && index > 0 && (clauses[index]?.tokens.length ?? 0) <= 3),
    );
    const chosen = acts.findIndex((act, index) => index >= Math.max(0, lasting) && act === 'question');
    const main = chosen >= 0 ? chosen : lasting >= 0 ? lasting : acts.length - 1;
    const before = acts.slice(0, main).filter((act): act is RuledAct => PASSING.has(act));
    const heard = this.#leaning(
      this.#heard(acts[main] ?? 'statement', before, clauses[main], ownNames),
      clauses[main - 1],
      ownNames,
    );
    const introduced = clauses[acts.indexOf('intro')];
    return introduced === undefined ? heard : { ...heard, introduced: this.#introduced(introduced) };
  }

  sells(role: string): boolean {
    return wordsOf(role.toLowerCase()).some((word) => this.#sellers.has(word));
  }

  alarms(text: string): boolean {
    return wordsOf(text.slice(0, MAX_HEARD_LENGTH).toLowerCase()).some((word) => this.#alarms.has(word));
  }

  /** Whether words about two people are not for a stranger's ears: theft, love, lies, letters. */
  compromises(text: string): boolean {
    return wordsOf(text.toLowerCase()).some((word) => this.#compromising.has(word.replace(/['’]s$/u, '')));
  }

  /** Whether somebody who says this wants it kept from others. */
  asksForSecrecy(text: string): boolean {
    const clauses = text
      .slice(0, MAX_HEARD_LENGTH)
      .toLowerCase()
      .replace(/’/gu, "'")
      .split(/[.!?;:\n,()*]/u);
    return clauses.some((clause) => this.#secrecy.test(wordsOf(clause).join(' ')));
  }

  meaning(text: string): Set<string> {
    return meaning(text, this.stopwords);
  }

  /**
   * A short statement that can be repeated after "that", as it was typed: at most 40 characters, in the third person,
   * about a thing or somebody named.
   */
  repeatable(text: string, about: ReadonlySet<string>): string | undefined {
    for (const part of spoken(text.slice(0, MAX_HEARD_LENGTH)).speech.split(/[.!;\n]/u)) {
      const clause = part.trim();
      if (clause.length < 8 || clause.length > MAX_ECHO_LENGTH || /[^\p{L}\p{N} '’-]/u.test(clause)) continue;
      const words = clause.toLowerCase().split(' ');
      if (
        words.length < 3 ||
        words.some((word) =>
          /^(i|i'm|me|my|we|us|our|you|your|u|this|that|here|he|she|it|they|him|her|them)$/u.test(word),
        )
      )
        continue;
      if (
        !/^(the|a|an|some|somebody|someone|two|three|every)$/u.test(words[0] ?? '') &&
        !/^\p{Lu}/u.test(clause)
      )
        continue;
      if (
        this.#questionOpeners.has(words[0] ?? '') ||
        !words.slice(1).some((word) => this.breakers.has(word) || /(ed|es|s)$/u.test(word))
      )
        continue;
      const meant = this.meaning(clause);
      if (about.size === 0 || [...about].some((word) => meant.has(word)))
        return /^(the|a|an|some|somebody|someone|two|three|every)$/iu.test(words[0] ?? '')
          ? clause.charAt(0).toLowerCase() + clause.slice(1)
          : clause;
    }
    return undefined;
  }

  /** What is asked for, with what was said just before it. */
  #leaning(heard: Heard, earlier: Clause | undefined, ownNames: ReadonlySet<string>): Heard {
    if (earlier === undefined || !LEANING.has(heard.act)) return heard;
    const { words, topic } = this.#heard('statement', [], earlier, ownNames);
    return { ...heard, words: new Set([...heard.words, ...words]), topic: heard.topic ?? topic };
  }

  #heard(
    act: Act,
    before: readonly RuledAct[],
    clause: Clause | undefined,
    ownNames: ReadonlySet<string>,
  ): Heard {
    const spent = this.#spent.get(act) ?? NONE;
    const words = new Set<string>();
    for (const stemmed of this.meaning(clause?.words.join(' ') ?? ''))
      if (!ownNames.has(stemmed) && !spent.has(stemmed)) words.add(stemmed);
    const topic = clause === undefined ? undefined : this.#topic(clause, ownNames);
    return {
      act,
      before,
      isQuestion: clause?.asks ?? false,
      questionWord: clause?.tokens.find((token) => this.#table.questionWords.includes(token)),
      words,
      topic:
        topic !== undefined && [...this.meaning(topic)].every((word) => spent.has(word)) ? undefined : topic,
      introduced: undefined,
    };
  }

  #clauses(text: string, ownNames: ReadonlySet<string>): Clause[] {
    const clauses: Clause[] = [];
    for (const match of text.replace(/’/gu, "'").matchAll(/([^.!?\n;]+)([.!?\n;]*)/gu)) {
      for (const piece of this.#pieces(match[1] ?? '')) {
        const words = wordsOf(piece.replace(/^\s*(?:h+m+|u+[hm]+|oh|ah|well)\b(?=.*\p{L})/iu, '')).filter(
          (word, index, all) =>
            !(
              ownNames.has(word.toLowerCase()) &&
              (index === 0 || index === all.length - 1) &&
              all.length > 1
            ),
        );
        if (words.length === 0) continue;
        clauses.push(this.#clause(words, (match[2] ?? '').includes('?')));
      }
    }
    return clauses;
  }

  #clause(words: readonly string[], hasMark: boolean): Clause {
    const tokens = words.flatMap((word) => {
      const low = word.toLowerCase();
      return this.#spellings.get(low) ?? [low];
    });
    // "he went where", "since when": asked at the end.
    const asks =
      hasMark ||
      this.#questionOpeners.has(tokens[0] ?? '') ||
      this.#table.questionWords.includes(tokens.at(-1) ?? '');
    return { words, tokens, plain: ` ${tokens.join(' ')} `, asks };
  }

  /** The clause with its mistyped words as a rule may have them; undefined where there are none. */
  #mended(clause: Clause): Clause | undefined {
    const tokens = clause.tokens.map((token) =>
      token.length < SHORTEST_MENDED - 1 || this.stopwords.has(token)
        ? token
        : corrected(token, this.#vocabulary),
    );
    const plain = ` ${tokens.join(' ')} `;
    return plain === clause.plain ? undefined : { ...clause, plain };
  }

  /** Cuts "hello, who are you" at the comma; other commas stay, as most of them are inside a thought. */
  #pieces(text: string): string[] {
    const parts = text.split(/\s*,\s*|\s+-+\s+/u).filter((part) => part !== '');
    const pieces: string[] = [];
    for (const part of parts) {
      const last = pieces.at(-1);
      if (
        last !== undefined &&
        wordsOf(last).length > 3 &&
        !this.#questionOpeners.has(wordsOf(part)[0]?.toLowerCase() ?? '')
      )
        pieces[pieces.length - 1] = `${last} ${part}`;
      else pieces.push(part);
    }
    return pieces;
  }

  #act(clause: Clause, ownNames: ReadonlySet<string>): Act {
    const mended = this.#ruled(clause, ownNames) === undefined ? this.#mended(clause) : undefined;
    const act = this.#ruled(mended ?? clause, ownNames);
    if (act !== undefined) return act;
    // "so what do you do", "ok forget it": what comes after the first words may be plainer than the whole.
    const from = clause.words.findIndex((word) => !this.#fillers.has(word.toLowerCase()));
    if (from > 0) return this.#act(this.#clause(clause.words.slice(from), clause.asks), ownNames);
    const [first = '', second = '', third = ''] = clause.tokens;
    if (
      /^(?:can|could|will|would)$/u.test(first) &&
      second === 'you' &&
      !this.#table.askVerbs.includes(third)
    )
      return 'help';
    if (clause.asks || this.#table.askOrders.includes(first)) return 'question';
    return this.#table.orders.includes(first) ? 'order' : 'statement';
  }

  #ruled(clause: Clause, ownNames: ReadonlySet<string>): RuledAct | undefined {
    const isDirected =
      clause.tokens.length <= 4 ||
      clause.tokens.some((token) => token === 'you' || token === 'your' || ownNames.has(token));
    for (const rule of this.#rules) {
      if (rule.directed && !isDirected) continue;
      if (!rule.questions && clause.asks) continue;
      const fits =
        rule.phrases.some((phrase) => stands(phrase, clause.plain)) ||
        (rule.sets.length > 0 && rule.sets.every((set) => clause.tokens.some((token) => set.has(token))));
      if (!fits) continue;
      if (rule.names && this.#introduced(clause) === undefined) continue;
      // "hello, what do you know of the mill" without its comma.
      if (rule.act === 'greeting' && clause.tokens.length > 5) continue;
      return rule.act;
    }
    return undefined;
  }

  #narrates(clauses: readonly Clause[]): boolean {
    const first = clauses[0]?.tokens[0] ?? '';
    return (
      this.#table.narrationOpeners.includes(first) &&
      clauses.every(
        ({ asks, tokens }) =>
          !asks &&
          !tokens.some((token) => token === 'you' || token === 'i' || token === 'your' || token === 'my'),
      )
    );
  }

  #introduced(clause: Clause): string | undefined {
    const match =
      /^(?:i am|i'm|im|my name is|my name's|the name is|the name's|call me|name is)\s+((?:\p{Lu}[\p{L}'-]{1,20})(?:\s\p{Lu}[\p{L}'-]{1,20}){0,2})/u.exec(
        `${(clause.words[0] ?? '').toLowerCase()} ${clause.words.slice(1).join(' ')}`,
      );
    const lower = /^(?:my name is|the name is|call me|name is) (\p{L}[\p{L}'-]{1,20})$/u.exec(
      clause.plain.trim(),
    );
    // "i am rok the barbarian"
    const [, called, epithet] =
      /^i am (\p{L}[\p{L}'-]{1,20}) the (\p{L}{2,20})$/u.exec(clause.plain.trim()) ?? [];
    const named = called === undefined ? undefined : `${called} the ${capitalise(epithet ?? '')}`;
    const name = match?.[1] ?? lower?.[1] ?? named;
    return name === undefined || this.stopwords.has(name.toLowerCase().split(' ')[0] ?? '')
      ? undefined
      : capitalise(name);
  }

  /** The noun phrase after the last opener that has one; else a run of words that carry meaning. */
  #topic(clause: Clause, ownNames: ReadonlySet<string>): string | undefined {
    const plain = clause.tokens.map((token) => token);
    let best: string | undefined;
    for (const opener of this.#table.askingOpeners) {
      const parts = opener.split(' ');
      for (let at = 0; at + parts.length < plain.length; at++) {
        if (!parts.every((part, offset) => plain[at + offset] === part)) continue;
        const found = this.#nounPhrase(plain.slice(at + parts.length), opener === 'the', ownNames);
        if (found !== undefined) return this.#cased(found, clause);
      }
    }
    const named = clause.words.find(
      (word, index) =>
        index > 0 &&
        /^\p{Lu}\p{Ll}/u.test(word) &&
        !this.stopwords.has(word.toLowerCase()) &&
        !ownNames.has(word.toLowerCase()),
    );
    if (named !== undefined) best = wholeName(named, clause.words, ownNames);
    if (best !== undefined) return best.length <= MAX_ECHO_LENGTH ? best : undefined;
    // "what list", "the trunk?": next to nothing but the thing itself.
    const isThing =
      clause.words.length <= 3 &&
      clause.words.some((word) => !this.stopwords.has(word.toLowerCase())) &&
      clause.words.every((word) => /^\p{Lu}[\p{L}'’-]*$/u.test(capitalise(word))) &&
      !clause.tokens.some((token) => BEYOND_THINGS.test(token));
    return isThing
      ? this.#nounPhrase(
          clause.tokens.filter((token) => !this.#table.questionWords.includes(token)),
          false,
          ownNames,
        )
      : undefined;
  }

  #nounPhrase(tokens: readonly string[], hasThe: boolean, ownNames: ReadonlySet<string>): string | undefined {
    const phrase: string[] = hasThe ? ['the'] : [];
    let nouns = 0;
    for (const token of tokens) {
      const opens =
        nouns === 0 &&
        phrase.length === 0 &&
        /^(the|a|an|this|that|these|those|my|your|his|her|their|our|some|any|all)$/u.test(token);
      if (opens) {
        if (token === 'my') phrase.push('your');
        else if (token === 'your') phrase.push('my');
        else if (token === 'some' || token === 'any' || token === 'all') continue;
        else phrase.push(token);
        continue;
      }
      if (
        this.breakers.has(token) ||
        (this.stopwords.has(token) && !/^(old|little|great|last|first|good|dear)$/u.test(token)) ||
        ownNames.has(token)
      )
        break;
      phrase.push(token);
      if (!this.stopwords.has(token)) nouns += 1;
      if (nouns === 3) break;
    }
    const text = phrase.join(' ');
    const [only = ''] = phrase;
    // "what is engraved in the ring?" is after the ring.
    if (phrase.length === 1 && DONE_TO.test(only)) return undefined;
    return nouns === 0 || WHEN.test(text) || text.length > MAX_ECHO_LENGTH || /[^\p{L}\p{N} '-]/u.test(text)
      ? undefined
      : text;
  }

  /** Names get back the large letters that they were typed with, or should have been: "who is jack mast". */
  #cased(phrase: string, clause: Clause): string {
    const asksWho =
      /^ (?:who|whose|do you know|have you seen) /u.test(clause.plain) &&
      !/^(?:the|an?|this|that|these|those|your|my) /u.test(phrase);
    const typed = new Map(
      clause.words
        .slice(1)
        .filter((word) => /^\p{Lu}\p{Ll}/u.test(word))
        .map((word) => [word.toLowerCase(), word]),
    );
    return phrase
      .split(' ')
      .map((word) => typed.get(word) ?? (asksWho ? capitalise(word) : word))
      .join(' ')
      .replace(/['’]s$/u, '');
  }
}

/** What was done to a thing: "engraved". */
const DONE_TO = /\p{L}{2}(?<!e)ed$/u;

/** "Captain" of "Captain Vane" is the Captain Vane. */
function wholeName(first: string, words: readonly string[], ownNames: ReadonlySet<string>): string {
  const name: string[] = [];
  for (const word of words.slice(words.indexOf(first))) {
    if (!/^\p{Lu}\p{Ll}/u.test(word) || ownNames.has(word.toLowerCase())) break;
    name.push(word.replace(/['’]s$/u, ''));
    if (/['’]s$/u.test(word)) break;
  }
  return name.join(' ');
}

/** Quoted words are the speech where there are any; what stands in asterisks is a deed. */
function spoken(text: string): { speech: string; deeds: string } {
  const deeds = [...text.matchAll(/\*([^*]{1,300})\*/gu)].map((match) => match[1] ?? '').join('. ');
  const rest = text.replace(/\*[^*]{1,300}\*/gu, ' ');
  const quoted = [...rest.matchAll(/["“]([^"“”]{2,600})["”]/gu)].map((match) => match[1] ?? '').join(' ');
  return { speech: quoted === '' ? rest.trim() : quoted, deeds };
}

/** What of a line is spoken aloud. */
export function speechIn(text: string): string {
  return spoken(text.slice(0, MAX_HEARD_LENGTH)).speech;
}

function stands(phrase: string, plain: string): boolean {
  const atStart = phrase.startsWith('^');
  const atEnd = phrase.endsWith('$');
  const words = ` ${phrase.slice(atStart ? 1 : 0, atEnd ? -1 : undefined)} `;
  if (atStart && atEnd) return plain === words;
  if (atStart) return plain.startsWith(words);
  return atEnd ? plain.endsWith(words) : plain.includes(words);
}

/** Whether one of these stands in words with a space between them: the same as `stands`, for many at once. */
function anyOf(phrases: readonly string[]): RegExp {
  const parts = phrases.map((phrase) => {
    const words = phrase.replace(/^\^|\$$/gu, '').replace(/[.*+?(){}|[\]\\]/gu, '\\$&');
    return `${phrase.startsWith('^') ? '^' : '(?:^|(?<= ))'}${words}${phrase.endsWith('$') ? '$' : '(?= |$)'}`;
  });
  return new RegExp(parts.length === 0 ? '(?!)' : parts.join('|'), 'u');
}
