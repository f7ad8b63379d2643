/** What the voices need of English grammar: joining, shifting person, cutting sentences. Pure text, no tables. */

const SENTENCE = /[^.!?]*[.!?]+['"’”)]*|[^.!?]+$/gu;

/** Sentences with their end marks, trimmed. Dots of an ellipsis end a sentence like any other mark. */
export function sentences(text: string): string[] {
  return (text.match(SENTENCE) ?? [])
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

export function capitalise(text: string): string {
  return text.replace(/^(['"(]*)(\p{Ll})/u, (_, mark: string, letter: string) => mark + letter.toUpperCase());
}

/** Lower-cases the first letter, unless the word is "I" or one of the names. */
export function decapitalise(text: string, names: ReadonlySet<string>): string {
  const first = /^[\p{L}'’-]+/u.exec(text)?.[0] ?? '';
  if (/^I(['’]|$)/u.test(first) || names.has(bare(first)) || /^\p{Lu}{2}/u.test(first)) return text;
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The word as compared: lower case, without an owner's 's. */
export function bare(word: string): string {
  return word
    .toLowerCase()
    .replace(/['’]s$/u, '')
    .replace(/’/gu, "'");
}

/** One sentence without its closing mark. */
export function unended(text: string): string {
  return text.trim().replace(/[\s.!?;:,…]+$/u, '');
}

/** "The bridge is old. It has nine arches." → "The bridge is old; it has nine arches." */
export function inOneSentence(text: string, names: ReadonlySet<string>): string {
  const [first = '', ...rest] = sentences(text);
  if (rest.length === 0) return first;
  return `${[first, ...rest.map((sentence) => decapitalise(sentence, names))].map(unended).join('; ')}.`;
}

/** Ends with a mark, every sentence begins large, no doubled marks or spaces. */
export function tidy(text: string): string {
  const spaced = text
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/…/gu, '...')
    .replace(/\s+/gu, ' ')
    .replace(/ ([,.!?;:])/gu, '$1')
    .replace(/,{2,}/gu, ',')
    .replace(/,([.!?])/gu, '$1')
    .replace(/([!?])\.(?!\.)/gu, '$1')
    .replace(/:\s*:/gu, ':')
    .trim();
  const ended = /[.!?]['"’”)]*$/u.test(spaced) ? spaced : `${unended(spaced)}.`;
  const large = ended.replace(
    /(^|(?<!\.\.)[.!?] )(['"(]*)(\p{Ll})/gu,
    (_, before: string, mark: string, letter: string) => before + mark + letter.toUpperCase(),
  );
  return large.replace(/\b([Aa]) (?=(?!(?:one|once|uni|use|usu|eu)[a-z]*\b)[aeiou][a-z])/gu, '$1n ');
}

const SUBJECTS = 'I|you|he|she|we|they|it|that|there|who|whoever';
const ANYBODY = '(?:no|some|any|every)(?:body|one)';
/** What may stand between a verb and its helper. */
const BETWEEN = 'not|never|ever|only|just|always|already|once|long|since|almost|hardly|also|still';
/** Participles; of those in -ed all but a few plain verbs. Plain forms that are participles too ("come", "put") are not here. */
const DONE =
  '(?!(?:n|f|h|s|w|bl|br|sp|exc|succ|proc)eed\\b|(?:sh|shr|w|b|emb)ed\\b)\\p{L}{2,}ed\\b|(?:' +
  'been|had|known|thought|heard|told|done|gone|got|seen|said|made|taken|given|found|lost|kept|left|brought|bought|met|' +
  'stood|understood|sworn|held|sold|taught|learnt|sat|slept|spoken|written|ridden|fallen|felt|meant|sent|paid|built|' +
  'caught|begun|worn|drawn|broken|chosen|eaten|forgotten|hidden|shown|stolen|thrown|grown|flown|driven|sung|drunk|' +
  'led|won|wound|overwound|bitten|burnt|dug|fought|sunk|spent|swept|struck|torn|woken' +
  ')\\b';
/** Participles that rather say how somebody is than what they did. */
const STATES =
  '(?:allowed|invited|needed|wanted|expected|supposed|dressed|frightened|scared|tired|married|interested|pleased|lost|gone)\\b';
/** After a participle, where it is something that somebody did. */
const OBJECT =
  '(?=[.,!?;:]|$| (?:it|me|you|him|her|us|them|my|your|his|their|our|the|an?|this|that|to|up|off|out|in|on|and|chewing)\\b)';
const PREDICATES =
  'not|an?|the|in|at|on|out|here|there|that|too|so|always|never|afraid|gone|alive|asleep|sure|safe|wasted|' +
  'going|watching|counting|asking|looking|coming|listening|talking|paying|waiting|telling|saying|trying|enjoying|pouring|' +
  'allowed|invited|needed|wanted|expected|supposed|frightened|scared|tired|married';

const EXPANSIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(c)an['’]t\b/giu, '$1annot'],
  [/\b(w)on['’]t\b/giu, '$1ill not'],
  [/\b(sha)n['’]t\b/giu, '$1ll not'],
  [/n['’]t\b/giu, ' not'],
  [/\bI['’]m\b/gu, 'I am'],
  [/['’]re\b/giu, ' are'],
  [/['’]ve\b/giu, ' have'],
  [/['’]ll\b/giu, ' will'],
  [new RegExp(`\\b(${SUBJECTS})['’]d\\b(?= (?:(?:${BETWEEN}) )*(?:${DONE}|better|an?)\\b)`, 'giu'), '$1 had'],
  [new RegExp(`\\b(${SUBJECTS})['’]d\\b`, 'giu'), '$1 would'],
  // "somebody's stolen it", but "somebody's stolen horse".
  [
    new RegExp(
      `\\b(${ANYBODY}|who)['’]s\\b(?= (?:(?:${BETWEEN}) )*(?:(?:been|got|had|told|said|asked|seen|come)\\b|(?!${STATES})(?:${DONE})${OBJECT}))`,
      'giu',
    ),
    '$1 has',
  ],
  [
    /\b(it|he|she|that|there|what|nothing|something|everything)['’]s\b(?= (?:\p{L}+ )?(?:been|got|had|come|become|happened|drifted|turned)\b)/giu,
    '$1 has',
  ],
  [/\b(what)['’]s\b(?= frightened\b)/giu, '$1 has'],
  [/\b(it|he|she|that|there|what|who|where|here)['’]s\b(?= (?!own))/giu, '$1 is'],
  // Before anything else it may be an owner's: "nobody's business".
  [new RegExp(`\\b(${ANYBODY}|nothing)['’]s\\b(?= (?:${PREDICATES})\\b)`, 'giu'), '$1 is'],
];

/** "don't" becomes "do not"; owners' 's is left. */
export function uncontracted(text: string): string {
  return EXPANSIONS.reduce((changed, [pattern, to]) => changed.replace(pattern, to), text);
}

/** Singular verbs whose plain form is not the word less its -s. */
const PLAIN_FORMS: Readonly<Record<string, string>> = {
  is: 'am',
  has: 'have',
  does: 'do',
  goes: 'go',
  "isn't": 'am not',
  "hasn't": "haven't",
  "doesn't": "don't",
};
const UNCHANGED =
  /^(was|had|did|could|would|will|shall|should|may|might|must|can|cannot|won't|can't|didn't|wasn't|couldn't|wouldn't|been|once|always|less|perhaps|unless|besides|afterwards|this|his|its|thus|across|minus|plus|as|us)$/u;
const ADVERB =
  /^(always|never|often|still|once|only|also|now|then|secretly|privately|quietly|really|just|rarely|seldom|sometimes|\p{L}+ly)$/u;

/** A third person's verb as "I" takes it: knows → know, was → was. */
function plainVerb(verb: string): string {
  const known = PLAIN_FORMS[verb];
  if (known !== undefined) return known;
  if (UNCHANGED.test(verb) || !verb.endsWith('s') || verb.endsWith('ss'))
    return verb === 'were' ? 'was' : verb === 'are' ? 'am' : verb;
  if (/(?:[sxz]|ch|sh)es$/u.test(verb))
    return /(?:[aeiou][sz]es|owes)$/u.test(verb) ? verb.slice(0, -1) : verb.slice(0, -2);
  if (/[^aeiou]ies$/u.test(verb) && verb.length > 4) return `${verb.slice(0, -3)}y`;
  return verb.slice(0, -1);
}

/** Verbs with which a note about somebody begins when its subject is left out ("Owes the miller forty silver"). */
const NOTE_VERBS = new Set(
  'knows has is was owes wants saw heard keeps believes suspects remembers thinks trusts loves hates fears hopes needs owns sold bought found lost took gave stole saved served taught raised married blames envies admires pities watches follows works lives lends borrows pays hides carries dreams misses avoids protects resents swore promised told met shares drinks writes reads sleeps walks talks calls looks feels cannot can will would sees hears understands holds says does tells makes gets sells buys brews cooks left came went learned overheard noticed witnessed shares let testified covers feeds beats named commands prays patched thinks leaves sued nursed pawned crosses teaches gives lost blames wrote writes spent dreads hides borrowed lent cleared rings brings runs ran sits sat sings goes comes hopes drives swims fishes mends trains taught stole paid pays sent sends stores dictates relies swore loses lodges tripled holds bought mocked recognised broke knows saves recommended introduced carries stood'.split(
    ' ',
  ),
);

export interface SelfWords {
  /** Own names, each word, lower case. */
  readonly names: ReadonlySet<string>;
  /** "she", "he", "they", "it" as the sheet's pronouns begin. */
  readonly subject: string;
}

const OBJECTS: Readonly<Record<string, string>> = { she: 'her', he: 'him', they: 'them', it: 'it' };
const OWNERS: Readonly<Record<string, string>> = { she: 'her', he: 'his', they: 'their', it: 'its' };
const REFLEXIVES: Readonly<Record<string, string>> = {
  she: 'herself',
  he: 'himself',
  they: 'themselves',
  it: 'itself',
};
/** What cannot follow an owner's "her": then it is the object. */
const NOT_OWNED =
  /^(to|in|on|at|for|from|with|by|of|about|and|or|but|that|when|while|because|if|until|as|into|out|up|down|the|a|an|what|who|where|how|it|all|over|off|back|again|once|after|before|since|so|than|every|each|twice|thrice|often|never|nightly)$/u;

/** Somebody else of whom "he" or "she" may speak from there on. */
const PERSON =
  /^(man|men|woman|women|people|hangman|boy|girl|guard|rider|coachman|captain|lord|lady|widow|widower|priest|sailor|soldier|merchant|stranger|thief|king|queen|clerk|miller|smith|baker|magistrate|abbot|sergeant|brother|sister|mother|father|son|daughter|wife|husband|cousin|uncle|aunt|child|nephew|niece|heir|duke|duchess|baron|count|judge|constable|innkeeper|barkeep|ferryman|doctor|bishop|traveller|beggar|keeper)$/u;

/** Whether a noun is one for a person. */
export function isPerson(noun: string): boolean {
  return PERSON.test(bare(noun).replace(/s$/u, ''));
}

/** Who else a note may be about. */
export interface NoteContext {
  /** Words of other people's names, lower case. */
  readonly others: ReadonlySet<string>;
  /** Where a large-lettered name makes the pronouns after it that person's: nowhere, at the start, anywhere. */
  readonly names: 'never' | 'first' | 'anywhere';
}

/** Whether somebody else came before: one of whom the sheet speaks, or anybody. */
type Others = 'none' | 'mentioned' | 'known';

const NOTHING_ELSE: NoteContext = { others: new Set(), names: 'never' };

/**
 * A note in the third person as its owner would say it: "Knows she was cheated" → "I know I was cheated". Verbs are
 * shifted after the subject, and after "and", "or", "but" where they are plainly verbs. Pronouns that may be somebody
 * else's, because somebody else was named before, are left.
 */
export function firstPerson(note: string, self: SelfWords, about: NoteContext = NOTHING_ELSE): string {
  const chunks = note.trim().split(/(\s+)/u);
  const shifted: string[] = [];
  let awaitsVerb = lacksSubject(note);
  const hasNoSubject = awaitsVerb;
  // Others are "they" and "it" too: only a note that begins with its owner is about that owner.
  let others: Others =
    about.names !== 'never' && /^(they|it)$/u.test(self.subject) && !startsWithSelf(note, self)
      ? 'known'
      : 'none';
  let saysI = awaitsVerb;
  let previous = '';
  if (awaitsVerb) shifted.push('I', ' ');
  for (const [index, chunk] of chunks.entries()) {
    const [, core = '', tail = ''] = /^([\p{L}'’-]*)(.*)$/su.exec(chunk) ?? [];
    const word = core.toLowerCase().replace(/’/gu, "'");
    const next = bare(/^[\p{L}'’-]+/u.exec(chunks[index + 2] ?? '')?.[0] ?? '');
    // "House Ferriby" is a family, and not its heir.
    const isName = /^\p{Lu}/u.test(core) && self.names.has(bare(word)) && previous !== 'house';
    // Two words of one name are one "I".
    if (isName && tail === '' && self.names.has(next) && !word.endsWith("'s")) {
      chunks[index + 1] = '';
      continue;
    }
    const put = isName
      ? word.endsWith("'s")
        ? 'my'
        : isObject(previous, tail, next)
          ? 'me'
          : 'I'
      : pronoun(word, tail === '' ? next : '', previous, others, self);
    if (core !== '') previous = word;
    if (put !== undefined) {
      // "while the Sister slept", of the Sister herself.
      if (isName && /^the$/iu.test(shifted.at(-2) ?? '')) shifted.splice(-2);
      shifted.push(put + tail);
      awaitsVerb = put === 'I';
      saysI = saysI || awaitsVerb;
      if (isName) others = 'none';
      continue;
    }
    const isFullName =
      /^\p{Lu}/u.test(core) &&
      /^\p{Lu}/u.test(chunks[index + 2] ?? '') &&
      (about.names === 'anywhere' || index === 0) &&
      !/^(?:after|before|on|in|at|since|during|until|by|when|if)$/u.test(word);
    if (about.names !== 'never' && !saysI) {
      if (about.others.has(bare(word))) others = 'known';
      else if (others === 'none' && (isFullName || PERSON.test(bare(word)))) others = 'mentioned';
    }
    if (awaitsVerb && core !== '') {
      const isAdverb = ADVERB.test(word);
      shifted.push((isAdverb ? word : plainVerb(index === 0 && hasNoSubject ? word : core)) + tail);
      awaitsVerb = isAdverb;
      continue;
    }
    // "… and keeps the key": still about the same "I".
    if (saysI && /^(and|or|but)$/u.test(word))
      awaitsVerb = NOTE_VERBS.has(next) || takesObject(next, chunks[index + 4]);
    shifted.push(chunk);
  }
  return sentences(
    shifted
      .join('')
      .replace(/\s{2,}/gu, ' ')
      .trim(),
  )
    .map(capitalise)
    .join(' ');
}

/** Whether a name stands as an object: "owes Kettle silver", "a word with Kettle", "hates Kettle." */
function isObject(previous: string, tail: string, next: string): boolean {
  if (GIVING.test(previous) || AFTER_WHICH_OBJECTS.test(previous)) return true;
  return (
    previous !== '' &&
    /[.,;!?]/u.test(tail || (next === '' ? '.' : '')) &&
    !/^(?:and|or|the)$/u.test(previous)
  );
}
const AFTER_WHICH_OBJECTS =
  /^(?:to|for|with|from|of|by|at|on|about|against|behind|near|beside|under|over|towards?|without)$/u;

/** Whether a note begins with its verb: "Owes the miller", "Never forgets a face", but not "Never sit there". */
function lacksSubject(note: string): boolean {
  const [first = '', second = ''] = note.trim().split(/\s+/u, 2).map(bare);
  return NOTE_VERBS.has(first) || (ADVERB.test(first) && (NOTE_VERBS.has(second) || /[^su]s$/u.test(second)));
}

/**
 * A sentence of a character sketch as its owner says it: "Melts at praise of her hand" → "I melt at praise of my hand".
 * `bareVerbs`: a sentence without a subject is about the owner. Undefined where it is not about its owner, or where
 * something would be left in the third person.
 */
export function ownAccount(note: string, self: SelfWords, bareVerbs: boolean): string | undefined {
  const [first = '', second = ''] = note.split(/\s+/u, 2).map(bare);
  const isVerb = (word: string) =>
    NOTE_VERBS.has(word) || MODAL.test(word) || (bareVerbs && /^\p{L}{2,}[^su]s$/u.test(word));
  const opensWithVerb = ADVERB.test(first) ? isVerb(second) : isVerb(first);
  const isAbout =
    opensWithVerb ||
    startsWithSelf(note, self) ||
    new RegExp(`^(?:For|Since|On|In|After|When|Behind|Under)\\b.*\\b${self.subject}\\b`, 'iu').test(note);
  if (!isAbout || OUTSIDE.test(note)) return undefined;
  const told = opensWithVerb
    ? firstPerson(`I ${note.charAt(0).toLowerCase()}${note.slice(1)}`, {
        names: new Set(['i', ...self.names]),
        subject: self.subject,
      })
    : firstPerson(note, self);
  const owners = OWNERS[self.subject];
  const isLeft = new RegExp(`\\b(?:${self.subject}|${OBJECTS[self.subject]}|${owners}|${owners}s)\\b`, 'iu');
  return /\b(?:I|[Mm]y|me)\b/u.test(told) && !isLeft.test(told) && !HALF_TURNED.test(told) ? told : undefined;
}

/** A second verb that may still stand in the third person, or an owner taken for an object. */
const HALF_TURNED =
  /(?:\b(?:and|or|but|then|never|always|so)|,) (?:\p{Ll}+[^su]s|has|is)\b|\bme (?:last|own|first|whole)\b/u;
const MODAL = /^(?:can|cannot|will|would|could|must|may)$/u;
/** Words with which a sketch looks at somebody from outside. */
const OUTSIDE = /\b(?:you|your|one sees|people see|seems?|looks like|nobody|no one|somebody who)\b/iu;

/** Whether a word ending in -s is rather a verb than a noun, by what follows it. */
function takesObject(word: string, following: string | undefined): boolean {
  return (
    /[^su]s$/u.test(word) &&
    /^(to|the|a|an|it|her|him|them|his|their|that|what|no|every|it)$/iu.test(
      following?.replace(/\W+$/u, '') ?? '',
    )
  );
}

/** Whether a note speaks of its owner first: by pronoun, name or a verb without subject. */
export function startsWithSelf(note: string, self: SelfWords): boolean {
  const first = bare(/^[\p{L}'’-]+/u.exec(note.trim())?.[0] ?? '');
  return (
    first === self.subject || first === OWNERS[self.subject] || self.names.has(first) || lacksSubject(note)
  );
}

const GIVING =
  /^(gives?|gave|tells?|told|brings?|brought|sells?|sold|teaches|taught|sends?|sent|lends?|lent|pays?|paid|offers?|offered|shows?|showed|asks?|asked|owes?|owed|lets?|makes?|made|sees?|saw|hears?|heard|calls?|called|finds?|found)$/u;

/**
 * What a pronoun of the owner becomes; undefined for any other word. After somebody else was named, only an object is
 * still taken for the owner: "the captain told her".
 */
function pronoun(
  word: string,
  next: string,
  previous: string,
  others: Others,
  { subject }: SelfWords,
): string | undefined {
  if (word === '' || subject === '') return undefined;
  const isObject =
    subject !== 'it' &&
    word === OBJECTS[subject] &&
    (word !== OWNERS[subject] || next === '' || NOT_OWNED.test(next) || GIVING.test(previous));
  if (isObject) return others === 'known' ? undefined : 'me';
  if (others !== 'none') return undefined;
  if (word === subject) return 'I';
  if (word === REFLEXIVES[subject]) return 'myself';
  if (word === `${subject}'s`) return "I'm";
  if (word === `${subject}'d`) return "I'd";
  return word === OWNERS[subject] ? 'my' : undefined;
}

/** A note with its owner's name where it begins with a pronoun or no subject: "Saw them come" → "Orla saw them come". */
export function byName(note: string, name: string, self: SelfWords): string {
  const first = bare(/^[\p{L}'’-]+/u.exec(note)?.[0] ?? '');
  if (first === self.subject) return `${name}${note.slice(first.length)}`;
  if (first === OWNERS[self.subject]) return `${name}'s${note.slice(first.length)}`;
  return lacksSubject(note) ? `${name} ${note.charAt(0).toLowerCase()}${note.slice(1)}` : note;
}

/** "I know my road" as somebody says it who speaks of themselves by name. */
export function thirdPerson(text: string, name: string): string {
  return text
    .replace(/\bI['’]m\b/gu, 'I am')
    .replace(/\bI['’]ve\b/gu, 'I have')
    .replace(/\bI['’]ll\b/gu, 'I will')
    .replace(/\bI['’]d\b/gu, 'I would')
    .replace(/\b(am|have|do|was) I\b/giu, (_, verb: string) => `${agreeing(verb.toLowerCase())} ${name}`)
    .replace(
      /\bI ((?:\p{L}+ly|never|always|still|only|once|often|just|do not|don't) )?([\p{L}'’]+)/gu,
      (_, adverb: string | undefined, verb: string) =>
        /^do(?: not|n't) $/u.test(adverb ?? '')
          ? `${name} does not ${verb}`
          : `${name} ${adverb ?? ''}${agreeing(verb)}`,
    )
    .replace(/\bI\b/gu, name)
    .replace(/\bmyself\b/giu, name)
    .replace(/\b[Mm]y\b/gu, `${name}'s`)
    .replace(/\b[Mm]ine\b/gu, `${name}'s`)
    .replace(/\b[Mm]e\b/gu, name);
}

const IRREGULAR_PASTS = new Set(
  'saw knew heard told took went came had did was were said thought found lost kept left gave got made met stood swore held brought bought sold taught learned used ran sat slept spoke wrote rode fell felt saved'.split(
    ' ',
  ),
);

/** A verb after "I" as it stands after a name. */
function agreeing(verb: string): string {
  const word = verb.toLowerCase();
  if (word === 'am') return 'is';
  if (word === 'have') return 'has';
  if (word === "haven't") return 'has not';
  if (word === "don't") return 'does not';
  if (word === 'do') return 'does';
  if (
    /^(will|would|can|cannot|can't|could|couldn't|may|might|must|shall|should|won't|wouldn't|didn't|wasn't|and|or|but|who|to|in|if|that|said|keep)$/u.test(
      word,
    )
  )
    return word === 'keep' ? 'keeps' : verb;
  if (word.endsWith('ed') || IRREGULAR_PASTS.has(word)) return verb;
  if (/(?:[sxz]|ch|sh|o)$/u.test(word)) return `${verb}es`;
  if (/[^aeiou]y$/u.test(word)) return `${verb.slice(0, -1)}ies`;
  return `${verb}s`;
}

const DETERMINERS =
  /^(a|an|the|my|his|her|their|its|our|your|one|two|three|no|some|any|enough|more|less|every|somebody|someone|something|nothing|nobody|peace|revenge|justice|money|gold|silver|freedom|respect|love|another|whoever|whatever|proof|forgiveness)$/iu;

/** A goal from a sheet as what follows "to": "Wants a quiet life" → "have a quiet life". */
export function infinitive(goal: string, names: ReadonlySet<string>): string {
  const plain = unended(goal)
    .replace(
      /^(?:(?:I|he|she|they|it) )?(?:wants?|hopes?|means?|longs?|intends?|plans?|wishes|dreams? of|aims?|tries|trying)(?: to)?\s+/iu,
      '',
    )
    .replace(/^to\s+/iu, '');
  const first = /^[\p{L}'’-]+/u.exec(plain)?.[0] ?? '';
  const low = decapitalise(plain, names);
  if (DETERMINERS.test(first)) return `have ${low}`;
  if (/^that$/iu.test(first)) return `see to it ${low}`;
  if (
    /^\p{L}{3,}ing$/iu.test(first) &&
    !/^(bring|sing|ring|fling|swing|cling|spring|string|sting|wring|king|ping)$/iu.test(first)
  )
    return `get round to ${low}`;
  return low;
}

/** A role as one says it of oneself: "ferrywoman" → "a ferrywoman"; "the queen's cook" stays. */
export function withArticle(role: string, names: ReadonlySet<string>): string {
  const low = decapitalise(unended(role), names);
  const first = /^[\p{L}'’-]+/u.exec(low)?.[0] ?? '';
  if (/^\p{L}+ of (?:the\b|\p{Lu})/u.test(low)) return `the ${low}`;
  if (
    DETERMINERS.test(first) ||
    /['’]s$/u.test(first) ||
    /^(captain|queen|king|abbot|abbess|keeper of the|head of|master of the)\b.*\bof\b/iu.test(low)
  )
    return low;
  return `${/^(?:[aeiou])/iu.test(first) && !/^(?:one|uni|use|eu)/iu.test(first) ? 'an' : 'a'} ${low}`;
}

const KIN =
  /^(?:(?:\p{L}+-)?(?:older|younger|elder|twin|half|step|oldest|best|old|only|former|late|favourite|favorite|first|second|big|little)[- ])?(sister|brother|mother|father|son|daughter|wife|husband|cousin|uncle|aunt|friend|partner|rival|apprentice|master|employer|neighbour|neighbor|lover|child|nephew|niece|grandmother|grandfather|pupil|teacher|landlord|landlady|godchild)\b/iu;

/**
 * What a tie says of somebody, as sentences: "older sister; has not spoken to her since" → "My older sister. I have not
 * spoken to her since." `drafted` ties are written with their owner as the subject throughout; in others a note that
 * names its owner as the object ("gives him her soundings") is about the other one.
 */
export function tieSentences(
  tie: string,
  self: SelfWords,
  names: ReadonlySet<string>,
  isDrafted: boolean,
): string {
  return (
    unended(tie)
      .split(/\s*;\s+|\.\s+/u)
      // Of the two of them: "they have been friends since the lawsuit".
      .map((part) =>
        self.subject === 'they' ? part : part.trim().replace(/^they\b|(?<=, and )they\b/iu, 'we'),
      )
      .map((part) => tidy(tiePart(part.trim(), self, names, isDrafted)))
      .join(' ')
  );
}

const OBJECT_PRONOUN = /\b(?:him|her|them)\b/iu;

function tiePart(part: string, self: SelfWords, names: ReadonlySet<string>, isDrafted: boolean): string {
  const first = bare(/^[\p{L}'’-]+/u.exec(part)?.[0] ?? '');
  const nobody: SelfWords = { names: new Set(), subject: '' };
  const isVerb = NOTE_VERBS.has(first) || (isDrafted && /(?:s|ed)$/u.test(first) && !PLURAL.test(first));
  if (isVerb && isDrafted) return firstPerson(`I ${part}`, { names: new Set(['i']), subject: '' });
  if (isVerb) {
    const owned = new RegExp(
      `\\b(?:${OBJECTS[self.subject]}|${OWNERS[self.subject]}|${self.subject})\\b`,
      'iu',
    );
    // Spoken of as the object, or not at all: the other one is the subject. The verb stays, as in "Sued me, dined with
    // me", "Keeps the bell". Only "leaves buns for her", of somebody else than a she, is what its owner does.
    if (owned.test(part) || !OBJECT_PRONOUN.test(part))
      return firstPerson(`… ${part}`, self).replace(/^…\s*/u, '');
    return firstPerson(part, nobody);
  }
  if (PLURAL.test(first)) return `We're ${decapitalise(part, names)}`;
  if (KIN.test(part)) return `My ${decapitalise(part, names)}`;
  return firstPerson(part, self);
}

const PLURAL =
  /^(friends|partners|rivals|cousins|siblings|neighbours|neighbors|lovers|sisters|brothers|colleagues|enemies|accomplices|allies|strangers|twins)$/u;
