import { decapitalise, sentences, unended } from './english.ts';

/** What somebody said, for one who tells of it later. */
export interface Spoken {
  readonly text: string;
  /** "you" for the one who is answered. */
  readonly speaker: string;
  /** Whom it was said to; empty where that was the one who tells it. */
  readonly to: string;
  /** Whether it was said on an earlier day, when "today" was another one. */
  readonly isBefore: boolean;
}

const SUBJECT_VERBS =
  'are|were|have|had|will|would|can|could|should|must|may|might|shall|do|did|owe|know|said|told|want|need|promised|gave|asked|look|live|keep|went|came|saw';
const SPEAKERS = /\b(?:I|me|my|mine|myself|we|us|our|ours|ourselves)\b/u;
const CONTRACTED = /\b(I|you)['’](m|re|ve|ll|d)\b/giu;
const VERBS_OF: Readonly<Record<string, string>> = { m: 'am', re: 'are', ve: 'have', ll: 'will', d: 'would' };

/** Ways to say a promise, a gift, a debt: what is kept of them is what was done. */
const DEEDS: readonly (readonly [said: RegExp, told: string])[] = [
  [/^I (?:promise|swear|vow)(?: to)?(?: you)?(?: that)? I (?:will|shall) (?<what>.+)$/u, 'promised{to} to'],
  [/^I (?:promise|swear|vow) (?:you )?to (?<what>.+)$/u, 'promised{to} to'],
  [/^I promise you (?<what>(?:the|a|an|my|your|two|three|four|five|six|ten) .+)$/u, 'promised {whom}'],
  [/^I (?:hereby )?(?:give|gave|hand) you (?<what>.+)$/u, 'gave {whom}'],
  [/^(?:I have )?(?:brought|bring) you (?<what>.+)$/u, 'brought {whom}'],
  [/^I (?:bring|brought) you (?<what>.+)$/u, 'brought {whom}'],
  [
    /^Here(?: is| are|['’]s) (?<what>(?:the|a|an|my|your|some|two|three|four|five|six|ten|\d+) .+?)(?: for you)?$/u,
    'gave {whom}',
  ],
  [/^I (?:pay|paid) you (?<what>.+)$/u, 'paid {whom}'],
  [/^I (?:lend|lent) you (?<what>.+)$/u, 'lent {whom}'],
];

/** An errand, and no wish of the moment. */
export const REQUEST =
  /^(?:please )?(?:(?:take|bring|carry|fetch|deliver|send|find|watch|guard|keep|meet|warn|tell|ask|follow|hide|give|write|buy|sell|lend|ring|light|open|close|shut|lock|leave|wait|come|go|help|save|remember|look after|get) (?!it\b|me\b|us\b)\p{L}|(?:bring|fetch|get|meet|help|lend|buy|find) (?:me|us)\b|I (?:want|need|ask|beg) you to )/iu;

/** Words that a sentence may lose its large letter with. */
const OPENERS =
  /^(?:the|a|an|there|this|that|these|those|some|somebody|someone|two|three|every|all|no|nobody|your|you|my|it|he|she|they|in|on|at|under|behind|when|if)\b/iu;

/**
 * What was said, told as something that was done: "you promised to mend my bell rope". Undefined where that could go
 * wrong, and their own words are better: it is one sentence at most, without end mark.
 */
export function reported(
  { text, speaker, to, isBefore }: Spoken,
  names: ReadonlySet<string>,
): string | undefined {
  if (sentences(text).length !== 1 || /["“”();:!]|, I\b/u.test(text)) return undefined;
  const plain = unended(text).replace(
    CONTRACTED,
    (_, who: string, verb: string) => `${who} ${VERBS_OF[verb.toLowerCase()] ?? ''}`,
  );
  const whom = to === '' ? 'me' : to;
  for (const [said, told] of DEEDS) {
    const what = said.exec(plain)?.groups?.what;
    if (what === undefined) continue;
    const clause = turned(what, { speaker, to });
    if (clause === undefined) return undefined;
    const deed = told.replace('{to}', to === '' ? '' : ` ${to}`).replace('{whom}', whom);
    return `${speaker} ${deed} ${isBefore ? onThatDay(clause) : clause}`;
  }
  if (REQUEST.test(plain)) {
    const errand = turned(plain.replace(/^please /iu, '').replace(/^I (?:want|need|ask|beg) you to /u, ''), {
      speaker,
      to,
    });
    if (errand === undefined) return undefined;
    const what = decapitalise(errand, names).replace(/\bthis (?=\p{L})/u, 'that ');
    return `${speaker} asked ${whom} to ${isBefore ? onThatDay(what) : what}`;
  }
  if (
    !OPENERS.test(plain) &&
    !/^I (?:am|was|have|had|will|would|saw|found|know|heard|owe|lost|live|come|came)\b/u.test(plain)
  )
    return undefined;
  const clause = turned(decapitalise(plain, names), { speaker, to });
  if (clause === undefined) return undefined;
  const would = isBefore ? clause.replace(/\byou will\b/u, 'you would') : clause;
  const told = to === '' ? 'told me' : `told ${to}`;
  return `${speaker} ${told} that ${isBefore ? onThatDay(would) : would}`;
}

/** With whom "I" and "you" are, seen from the one who tells it. Undefined where a word for them is missing. */
function turned(clause: string, { speaker, to }: Pick<Spoken, 'speaker' | 'to'>): string | undefined {
  const isYours = speaker === 'you';
  if (!isYours && SPEAKERS.test(clause)) return undefined;
  if (/\b(?:we|us|ours?|ourselves)\b/iu.test(clause)) return undefined;
  // Whose it is could be said only by a pronoun that nobody told.
  if (to !== '' && /\byou(?:r|rs|rself)?\b/iu.test(clause)) return undefined;
  return clause
    .replace(/\bI am\b/gu, '\u0001 are')
    .replace(/\bI was\b/gu, '\u0001 were')
    .replace(/\b(?:I|me)\b/gu, '\u0001')
    .replace(/\bmy\b/giu, '\u0001r')
    .replace(/\bmine\b/giu, '\u0001rs')
    .replace(/\bmyself\b/giu, '\u0001rself')
    .replace(/\byou are\b/giu, 'I am')
    .replace(/\byou were\b/giu, 'I was')
    .replace(/\byourself\b/giu, 'myself')
    .replace(/\byours\b/giu, 'mine')
    .replace(/\byour\b/giu, 'my')
    .replace(new RegExp(`\\byou(?= (?:${SUBJECT_VERBS})\\b)`, 'giu'), 'I')
    .replace(/\byou\b/giu, 'me')
    .replaceAll('\u0001', 'you');
}

const ANOTHER_DAY: readonly (readonly [RegExp, string])[] = [
  [/\btoday\b/giu, 'that day'],
  [/\btonight\b/giu, 'that night'],
  [/\btomorrow\b/giu, 'the day after'],
  [/\byesterday\b/giu, 'the day before'],
  [/\bthis (morning|afternoon|evening|night)\b/giu, 'that $1'],
  [/\blast night\b/giu, 'the night before'],
];

/** "Tomorrow", said last night, is no longer tomorrow. */
function onThatDay(clause: string): string {
  return ANOTHER_DAY.reduce((text, [from, to]) => text.replace(from, to), clause);
}
