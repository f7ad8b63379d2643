import { IRREGULAR_FORMS } from './irregular-forms.ts';

/** What a line may hold beside its subject. A question of one sort is answered by lines with the cue of that sort. */
export const CUES = [
  'time',
  'number',
  'place',
  'reason',
  'plan',
  'feeling',
  'liking',
  'title',
  'past',
  'self',
  'reply',
] as const;
export type Cue = (typeof CUES)[number];

const CUE_WORDS: Readonly<Record<Exclude<Cue, 'place' | 'title' | 'reply'>, string>> = {
  time: `yesterday today tonight tomorrow ago last next week weeks weekend month months year years recently just since
    january february march april june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday morning afternoon evening night winter spring summer autumn fall days hours`,
  number: `one two three four five six seven eight nine ten eleven twelve dozen hundred thousand first second third fourth
    fifth once twice couple few several another both half`,
  reason: `because since reason inspired inspire inspires made motivated motivates wanted want love passion passionate
    reminds remind help helps cause cuz why so`,
  plan: `gonna going will plan planning plans next hope hoping want looking forward soon upcoming thinking dream i'll we'll
    tomorrow intend someday can't`,
  feeling: `feel feels feeling felt happy sad proud excited amazing awesome great grateful thankful scared nervous joy relieved
    tough overwhelmed overwhelming emotional love loved peaceful peace calm angry afraid upset thrilled glad blast`,
  liking: `favorite favourite fave favorites faves love loved enjoy enjoyed like liked prefer best fan`,
  past: `was were did had`,
  self: "i i'm i've i'd i'll my me mine myself",
};
const REPLIES = new Set(
  `thanks thank wow that that's sounds cool congrats congratulations awesome great yeah yep yes absolutely definitely sure nice
   aw aww oh no glad right exactly true amazing`.split(/\s+/u),
);
const IN_PLACES = new Set('in at from to near visit visited visiting around across through'.split(' '));
const NAME_INSIDE = /(?<=[\p{Ll},] )\p{Lu}\p{Ll}/gu;
const MOST_NAMES = 2;

/** Behind the bits of the cues: a word before a name is a place's, and one that opens a line replies. */
const LEADS_TO_A_PLACE = 1 << CUES.length;
const OPENS_A_REPLY = LEADS_TO_A_PLACE << 1;
const CUE_BITS = LEADS_TO_A_PLACE - 1;

const CUES_OF: ReadonlyMap<string, number> = cuesByWord();

export function bitOf(cue: Cue): number {
  return 1 << CUES.indexOf(cue);
}

function cuesByWord(): Map<string, number> {
  const cues = new Map<string, number>();
  for (const cue of CUES) {
    const words = cue === 'place' || cue === 'title' || cue === 'reply' ? '' : CUE_WORDS[cue];
    for (const word of words.split(/\s+/u)) cues.set(word, (cues.get(word) ?? 0) | bitOf(cue));
  }
  for (const [form] of IRREGULAR_FORMS)
    cues.set(form, (cues.get(form) ?? 0) | (/s$|ing$/u.test(form) ? 0 : bitOf('past')));
  return cues;
}

/** The cues that a word is wherever it stands, as bits, with what it is only in some places: see `cuesOf`. */
export function cuesOfWord(word: string): number {
  let found = CUES_OF.get(word) ?? 0;
  if (word.length > 4 && word.endsWith('ed')) found |= bitOf('past');
  if (/^\d/u.test(word)) found |= bitOf('number') | (word.length === 4 ? bitOf('time') : 0);
  if (IN_PLACES.has(word)) found |= LEADS_TO_A_PLACE;
  if (REPLIES.has(word)) found |= OPENS_A_REPLY;
  return found;
}

/** The cues of a line, as bits. */
export function cuesOf(text: string, words: readonly { readonly cues: number }[]): number {
  let found = 0;
  for (const { cues } of words) found |= cues;
  if ((found & LEADS_TO_A_PLACE) !== 0 && text.search(NAME_INSIDE) >= 0) found |= bitOf('place');
  if (text.includes('"') || text.includes('“')) found |= bitOf('title');
  if (((words[0]?.cues ?? 0) & OPENS_A_REPLY) !== 0) found |= bitOf('reply');
  return found & CUE_BITS;
}

/** How many words inside sentences begin like names: none, one, or more. */
export function namesInside(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(NAME_INSIDE)) {
    count += 1;
    if (count === MOST_NAMES) break;
  }
  return count;
}

/** Which cue a question asks for. */
const ASKED: readonly (readonly [Cue, RegExp])[] = [
  [
    'time',
    /^when\b|\bwhat (?:date|day|month|year|time)\b|\bhow long\b|\bhow many (?:days|weeks|months|years)\b/u,
  ],
  ['number', /\bhow (?:many|much|often|old)\b/u],
  [
    'place',
    /^where\b|\b(?:which|what) (?:city|country|state|place|area|town|village|places|cities|countries)\b/u,
  ],
  ['reason', /\bwhy\b|\breason|\bmotivat|\binspire/u],
  ['plan', /\bplan|\bgoing to\b|\bwill\b|\bwants?\b|\bhop(?:e|ing)\b|\bgoals?\b/u],
  ['feeling', /\bfe(?:el|lt)|\bemotion|\breact|\bdescribe/u],
  ['liking', /\bfavou?rite|\blikes?\b|\benjoy|\bprefer/u],
  ['title', /\bnamed?\b|\btitle|\bcalled\b|\bwhich\b/u],
  ['past', /\b(?:did|was|were|has|have|had)\b/u],
];

export function cuesAskedFor(question: string): readonly Cue[] {
  const lower = question.toLowerCase();
  return ASKED.filter(([, pattern]) => pattern.test(lower)).map(([cue]) => cue);
}
