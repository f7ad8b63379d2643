import type { Persona } from '#src/core/persona.ts';
import {
  bare,
  byName,
  decapitalise,
  firstPerson,
  infinitive,
  isPerson,
  ownAccount,
  type SelfWords,
  sentences,
  startsWithSelf,
  tidy,
  tieSentences,
  unended,
  withArticle,
} from './english.ts';
import type { Ear } from './hearing.ts';
import { together } from './statements.ts';
import { meaning, stem, wordsOf } from './words.ts';
import { worldAccount } from './world-account.ts';

/** One thing off a sheet, ready to be said. */
export interface Sayable {
  /** Whole sentences in the first person. */
  readonly told: string;
  /** What follows "that"; undefined where it cannot be told whether its first word is a name, or it is two sentences. */
  readonly clause: string | undefined;
  /** What follows "that", for saying a part of it again: sentences that mean something alone. */
  readonly clauses: readonly string[];
  readonly stems: ReadonlySet<string>;
}

export interface Tie {
  readonly to: string;
  /** What anybody could know of it; undefined where that is nothing. */
  readonly told: string | undefined;
  /** Stems of the other's name. */
  readonly nameStems: ReadonlySet<string>;
  readonly stems: ReadonlySet<string>;
}

/** How a drafted or hand-written sheet sounds in the mouth of the one it is about. */
export interface SpokenSheet {
  /** The name it goes by: the first word, unless that is a title. */
  readonly shortName: string;
  readonly role: string;
  /** What it knows: by its sheet first, then of the world. */
  readonly facts: readonly Sayable[];
  /** A note given to it, as it would tell it: its own where the note begins with it, else one of the world. */
  readonly account: (note: string) => Sayable;
  /** What is written or was seen of the world, as it would tell it: never its own, unless it is named. */
  readonly ofTheWorld: (text: string) => Sayable;
  readonly ties: readonly Tie[];
  /** What follows "to". */
  readonly goals: readonly Sayable[];
  /** A phrase: "deep water". */
  readonly fears: readonly Sayable[];
  /** What it is like, by its own account. */
  readonly traits: readonly Sayable[];
  /** What anybody sees of it; `told` only where the sheet's words can be put into its mouth. */
  readonly looks: readonly { readonly told: string | undefined; readonly stems: ReadonlySet<string> }[];
  readonly roleStems: ReadonlySet<string>;
  /** Words of its own names, lower case, with their stems. */
  readonly ownNames: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

const TITLE =
  /^(old|young|big|little|fat|mad|blind|red|black|captain|mother|father|brother|sister|sir|dame|lady|lord|doctor|master|mistress|widow|granny|uncle|aunt|mister|the|saint|madam|sergeant|goodwife|auntie|number|\p{L}+-\p{L}+)$/iu;

export function spokenSheet(
  persona: Pick<Persona, 'name' | 'pronouns' | 'role' | 'goals'> &
    Partial<
      Pick<Persona, 'aliases' | 'fears' | 'knowledge' | 'bonds' | 'personality' | 'description' | 'first_mes'>
    >,
  otherNames: readonly string[],
  ear: Ear,
  manner: {
    readonly isDrafted: boolean;
    readonly speaksByName: boolean;
    /** What it knows of the world, in whole statements. */
    readonly world?: readonly string[];
  },
): SpokenSheet {
  const { isDrafted, speaksByName, world = [] } = manner;
  const knowledge = persona.knowledge ?? [];
  const bonds = persona.bonds ?? [];
  const fears = persona.fears ?? [];
  // Words of a longer byname ("of the Roofs") are topics as well.
  const ownWords = [persona.name, ...(persona.aliases ?? []).filter((alias) => !alias.includes(' '))]
    .flatMap((name) => wordsOf(name.toLowerCase()))
    .filter((word) => !ear.stopwords.has(word));
  const self: SelfWords = {
    names: new Set(ownWords),
    subject: /^(she|he|they|it)/iu.exec(persona.pronouns)?.[0]?.toLowerCase() ?? 'they',
  };
  const notes = [...knowledge, ...world, ...bonds.map(({ tie }) => tie), ...persona.goals, ...fears];
  const names = new Set(
    [persona.name, ...otherNames, ...bonds.map(({ to }) => to)]
      .flatMap((name) => wordsOf(name.toLowerCase()))
      .filter((word) => !ear.stopwords.has(word)),
  );
  for (const note of notes)
    for (const [name] of note.matchAll(/(?<=[\p{Ll},] )\p{Lu}[\p{L}'’-]+/gu)) names.add(bare(name));
  const seenSmall = new Set(notes.flatMap((note) => note.match(/(?<![\p{L}'’-])\p{Ll}[\p{L}'’-]+/gu) ?? []));

  const people = new Set(
    [...otherNames, ...bonds.map(({ to }) => to)]
      .flatMap((name) => wordsOf(name.toLowerCase()))
      .filter((word) => !self.names.has(word) && !ear.stopwords.has(word)),
  );
  const clausesOf = (sentence: string): string[] => {
    const first = bare(/^[\p{L}'’-]+/u.exec(sentence)?.[0] ?? '');
    const isSure =
      /^i\b/u.test(first) || names.has(first) || ear.stopwords.has(first) || seenSmall.has(first);
    return isSure && !ADVICE.test(sentence) && !/[?!]$/u.test(sentence)
      ? [unended(decapitalise(sentence, names))]
      : [];
  };
  const sayable = (told: string): Sayable => {
    // What others go on about is told with them, or not at all.
    const clauses = together(told)
      .filter((part) => sentences(part).length === 1)
      .flatMap(clausesOf);
    return {
      told,
      clause: sentences(told).length === 1 ? clauses[0] : undefined,
      clauses,
      stems: meaning(told, ear.stopwords),
    };
  };
  const disguise = DISGUISE.exec(persona.role)?.[1];
  const calledSelf = (persona.aliases ?? []).find(
    (alias) => disguise !== undefined && persona.first_mes?.includes(alias) === true,
  );
  const shownRole = disguise ?? persona.role.replace(/,.*$/su, '');
  const nameParts = persona.name.split(/\s+/u);
  const firstName = nameParts.find((part) => !TITLE.test(part)) ?? persona.name;
  const shortName =
    calledSelf ?? (nameParts[0] === firstName ? firstName : persona.name).replace(/[,;:].*$/u, '');
  /** In the first person, or with the name where the voice speaks of itself so. */
  const shift = (note: string, others: ReadonlySet<string>, where: 'first' | 'anywhere'): string =>
    speaksByName
      ? byName(note, shortName, self)
      : firstPerson(ownedApposition(note, self), self, { others, names: where });
  const phrase = (text: string): Sayable => ({
    told: text,
    clause: undefined,
    clauses: [],
    stems: meaning(text, ear.stopwords),
  });

  const ofItself = (note: string): Sayable => sayable(tidy(shift(note, people, 'first')));
  const calledBy = [persona.name, shortName, ...(persona.aliases ?? [])].filter((name) =>
    /^\p{Lu}/u.test(name),
  );
  const teller = { calledBy, subject: self.subject, smallWords: ear.stopwords };
  // Who speaks of themselves by name is named already.
  const ofTheWorld = (text: string): Sayable =>
    sayable(tidy(speaksByName ? text : worldAccount(text, teller)));

  return {
    shortName,
    role: withArticle(shownRole, names),
    roleStems: meaning(shownRole.replace(/\s(?:of|at|in|on|for|from|to|by|with)\s.*$/su, ''), ear.stopwords),
    traits: speaksByName
      ? []
      : [
          ...callings(persona.role, disguise).map((calling) =>
            sayable(`I'm ${withArticle(calling, names)}.`),
          ),
          ...sentences(persona.personality ?? '').flatMap((note) => {
            const told = ownAccount(note, self, true);
            return told === undefined ? [] : [sayable(tidy(told))];
          }),
        ],
    looks: sentences(persona.description ?? '').map((note) => ({
      told: speaksByName ? undefined : ownAccount(note, self, false),
      stems: meaning(note, ear.stopwords),
    })),
    facts: [...knowledge.map(ofItself), ...world.map(ofTheWorld)],
    account: (note) => (isOne(self) && startsWithSelf(note, self) ? ofItself(note) : ofTheWorld(note)),
    ofTheWorld,
    ties: bonds.map(({ to, tie }) => {
      const open = openPart(tie, ear);
      const told =
        open === undefined
          ? undefined
          : speaksByName && isDrafted
            ? tidy(shift(open, people, 'first'))
            : tieSentences(open, self, names, isDrafted);
      return {
        to,
        told,
        nameStems: new Set(
          wordsOf(to)
            .filter((word) => !ear.stopwords.has(word.toLowerCase()) && !TITLE.test(word))
            .map(stem),
        ),
        stems: meaning(told ?? '', ear.stopwords),
      };
    }),
    goals: persona.goals.map((goal) => phrase(infinitive(shift(goal, people, 'anywhere'), names))),
    fears: fears.map((fear) =>
      phrase(
        decapitalise(
          unended(shift(fear, new Set(), 'anywhere')).replace(
            /^(?:(?:is )?(?:afraid|scared|terrified) of|fears|I fear|dreads)\s+/iu,
            '',
          ),
          names,
        ),
      ),
    ),
    ownNames: new Set([...self.names, ...[...self.names].map(stem)]),
    names,
  };
}

/**
 * The beginning of a tie, up to where it gets compromising: "was to have been his mother-in-law; has her letter in his
 * boot" → "was to have been his mother-in-law".
 */
function openPart(tie: string, ear: Ear): string | undefined {
  const open: string[] = [];
  for (const clause of tie.split(/\s*;\s+|\.\s+/u)) {
    if (!ear.compromises(clause)) {
      open.push(clause);
      continue;
    }
    const [first = ''] = clause.split(/,? (?:and|but|though|because)\b|[,:—–(]/u);
    if (first !== clause && wordsOf(first).length >= SHORTEST_OPEN && !ear.compromises(first))
      open.push(first);
    break;
  }
  return open.length === 0 ? undefined : open.join('; ');
}

/** Shorter beginnings say nothing by themselves. In words. */
const SHORTEST_OPEN = 2;

/** Others are "they" and "it" too. */
function isOne({ subject }: SelfWords): boolean {
  return subject === 'she' || subject === 'he';
}

/** "Emmet Roe, her pupil, told her": whose pupil stands before anybody else could be meant. */
function ownedApposition(note: string, { subject }: SelfWords): string {
  const owner = subject === 'she' ? 'her' : subject === 'he' ? 'his' : undefined;
  return owner === undefined
    ? note
    : note.replace(new RegExp(`(?<=\\p{Lu}\\p{L}+, )${owner}(?= (?:${COMPANY})\\b)`, 'u'), 'my');
}
/** What a role says besides the trade itself: "bass in the choir", "formidable knitter". */
function callings(role: string, disguise: string | undefined): string[] {
  if (disguise !== undefined) return [];
  return role
    .split(/,\s*/u)
    .slice(1)
    .flatMap((part) => part.split(/\s+and\s+/u))
    .filter((part) => /^\p{L}{3,}/u.test(part) && !NO_CALLING.test(part));
}
const NO_CALLING =
  /^(?:who|whose|which|that|once|and|with|by|now|not|but|badly|the|paid|\p{L}+ed|\p{L}+ly)\b/u;

const COMPANY =
  'pupil|teacher|sister|brother|mother|father|son|daughter|wife|husband|cousin|friend|partner|master|apprentice|uncle|aunt|niece|nephew|neighbour|rival|captain';

/** What somebody in disguise passes for: "runaway heir, disguised as a sailor, badly". */
const DISGUISE =
  /\b(?:disguised|dressed|posing|passing|hiding|living|travelling) as ((?:an? )?[\p{L}' -]{3,40})/u;

const ADJECTIVE =
  /^(?:old|new|big|little|lost|last|first|second|deep|high|low|long|red|black|white|green|blue|grey|north|south|east|west|upper|lower|inner|outer|far|near|dead|great|small|whole|only|same|third|broken|sunken|frozen|hidden)$|(?:ed|en|ing|al|ic|ish|less|ful|ous)$/u;
const VERBISH =
  /(?:ed|s)$|^(?:rang|ran|went|came|burnt|fell|sank|stood|lay|took|gave|sold|bought|took|told|said|paid|kept|left|made|found|held|hung|cost|cut|put|let|lost|met|sent|shut|spent|struck|swore|wore|won|wrote|drew|grew|broke|led|knew|saw|sat|has|had|is|was|will|can|change|leave|open|close|pay|meet|keep|go|come|run|take|make|get)$/u;

/** "since the spring three of them…" */
const COUNT = /^(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)$/u;

/** Sentences that tell what to do: they do not follow "that". */
const ADVICE = /^(?:if|never|ask|do|don['’]t|whatever|whoever|try|keep|beware|look)\b/iu;

const VAGUE =
  /^(front|back|night|day|morning|evening|end|side|way|place|time|world|other|week|year|same|door|rest|first|last|one|dark|thing|least|most|road|truth|reason|price|hour|part)s?$/iu;

/** The first thing that a fact is about, for "ask me about …": "the old mill". */
export function subjectOf(fact: string, { stopwords, breakers }: Ear): string | undefined {
  const words = fact.split(/\s+/u);
  for (const [index, word] of words.entries()) {
    if (!/^the$/iu.test(word)) continue;
    const phrase: string[] = [];
    for (const raw of words.slice(index + 1, index + 5)) {
      const clean = raw.replace(/[^\p{L}\p{N}'’-]/gu, '');
      const low = clean.toLowerCase();
      if (clean === '' || (stopwords.has(low) && !/^(old|little|last|first|great|only)$/u.test(low))) break;
      const hasNoun = phrase.some((part) => !ADJECTIVE.test(part.toLowerCase()));
      if (hasNoun && (VERBISH.test(low) || breakers.has(low))) break;
      if (phrase.length > 0 && COUNT.test(low)) break;
      phrase.push(clean);
      if (clean !== raw || (/s$/u.test(low) && !ADJECTIVE.test(low)) || /['’]s$/u.test(clean)) break;
      if (phrase.filter((part) => !ADJECTIVE.test(part.toLowerCase())).length === 2) break;
    }
    const last = phrase.at(-1);
    if (last !== undefined && (isPerson(last) || VAGUE.test(last))) continue;
    if (last !== undefined && !ADJECTIVE.test(last.toLowerCase()) && !/['’]s$/u.test(last))
      return `the ${phrase.join(' ')}`;
  }
  return undefined;
}
