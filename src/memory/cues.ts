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
  'bargain',
  'gift',
  'looks',
  'money',
] as const;
export type Cue = (typeof CUES)[number];

const CUE_WORDS: Readonly<Record<Exclude<Cue, 'place' | 'title' | 'reply'>, string>> = {
  time: `yesterday today tonight tomorrow ago last next week weeks weekend month months year years recently just since
    noon midday midnight dawn dusk sunrise sunset moon tide feast thaw harvest eve
    january february march april june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday morning afternoon evening night winter spring summer autumn fall days hours`,
  number: `one two three four five six seven eight nine ten eleven twelve dozen hundred thousand first second third fourth
    fifth sixth seventh eighth ninth tenth eleventh twelfth twenty thirty forty fifty sixty seventy eighty ninety once twice
    couple few several another both half`,
  reason: `because since reason inspired inspire inspires made motivated motivates wanted want love passion passionate
    reminds remind help helps cause cuz why so`,
  plan: `gonna going will plan planning plans next hope hoping want looking forward soon upcoming thinking dream i'll we'll
    tomorrow intend someday can't`,
  feeling: `feel feels feeling felt happy sad proud excited amazing awesome great grateful thankful scared nervous joy relieved
    tough overwhelmed overwhelming emotional love loved peaceful peace calm angry afraid upset thrilled glad blast`,
  liking: `favorite favourite fave favorites faves love loved enjoy enjoyed like liked prefer best fan`,
  past: `was were did had`,
  self: "i i'm i've i'd i'll my me mine myself",
  bargain: `promise promised promises vow vowed swear swore sworn oath word bargain deal agreed agree pledge owe owes owed
    debt return exchange accept done terms`,
  gift: `take gave given give gift present keep lend mine yours`,
  looks: `tall short thin fat small big scar scarred scars face hair beard bearded eye eyes ear cloak cloaked coat hood hooded mask
    burnt red black grey green blue white young old lame mark tattoo nose hat dressed skin`,
  money: `crown crowns gold silver copper coppers mark marks coin coins pieces penny pence shillings pay pays paid price purse
    reward fee`,
};
const REPLIES = new Set(
  `thanks thank wow that that's sounds cool congrats congratulations awesome great yeah yep yes absolutely definitely sure nice
   aw aww oh no glad right exactly true amazing`.split(/\s+/u),
);
const IN_PLACES = new Set('in at from to near visit visited visiting around across through'.split(' '));
const PROMISING = new Set("will shall would i'll we'll i'd we'd".split(' '));
const NAME_INSIDE = /(?<=[\p{Ll},] )\p{Lu}\p{Ll}/gu;
const MOST_NAMES = 2;

/** Behind the bits of the cues: a word before a name is a place's, one that opens a line replies, two together offer. */
const LEADS_TO_A_PLACE = 1 << CUES.length;
const OPENS_A_REPLY = LEADS_TO_A_PLACE << 1;
const IF = OPENS_A_REPLY << 1;
const WILL = IF << 1;
const IF_AND_WILL = IF | WILL;
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
  if (word === 'if') found |= IF;
  if (PROMISING.has(word)) found |= WILL;
  return found;
}

/** The cues of a line, as bits. */
export function cuesOf(text: string, words: readonly { readonly cues: number }[]): number {
  let found = 0;
  for (const { cues } of words) found |= cues;
  if ((found & LEADS_TO_A_PLACE) !== 0 && text.search(NAME_INSIDE) >= 0) found |= bitOf('place');
  if (text.includes('"') || text.includes('“')) found |= bitOf('title');
  if (((words[0]?.cues ?? 0) & OPENS_A_REPLY) !== 0) found |= bitOf('reply');
  // "If you hide us, I will teach your daughter": a bargain without a word for it.
  if ((found & IF_AND_WILL) === IF_AND_WILL) found |= bitOf('bargain');
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
  [
    'bargain',
    /\b(?:promis|swear|swore|sworn|vow|oath|deal\b|bargain|agree|owe|pledge|offer|in return|our (?:part|end|side)\b|keep (?:our|my|your) word)/u,
  ],
  [
    'gift',
    /\b(?:giv(?:e|es|en|ing)|gave|gifts?|presents?|get .*\bfrom|receives?)\b|\bwhose\b|where did you get/u,
  ],
  [
    'looks',
    /\blooks? like\b|\blooked like\b|\bdescribe\b|\brecogni[sz]e\b|\bwho (?:was seen|ran|fled)\b|\bappearance\b/u,
  ],
  ['money', /\b(?:reward|bounty|pay|pays|paid|price|cost|costs|fee|worth|hired?|bribe)\b|how much/u],
  ['past', /\b(?:did|was|were|has|have|had)\b/u],
];

export function cuesAskedFor(question: string): readonly Cue[] {
  const lower = question.toLowerCase();
  return ASKED.filter(([, pattern]) => pattern.test(lower)).map(([cue]) => cue);
}
