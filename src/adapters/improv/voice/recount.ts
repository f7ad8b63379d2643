import { nameKey } from '#src/core/names.ts';
import { capitalise } from './english.ts';
import type { Act } from './hearing.ts';
import { type Deed, type Inquiry, inquiryIn } from './inquiry.ts';
import { sentenceKey } from './recollection.ts';
import type { Remembered } from './remembered.ts';
import { REQUEST, reported } from './reported.ts';
import { isShrug } from './retell.ts';
import type { Moment } from './speech-schema.ts';
import type { Telling } from './telling.ts';
import { wasThen } from './when.ts';
import { wordsOf } from './words.ts';

/** So much is told of an evening: what stayed. */
const MOST_TOLD = 2;
/** A line with fewer words is mostly "so be it". */
const SHORTEST_EVENT_IN_WORDS = 5;

interface Tellable {
  readonly memory: Remembered;
  /** What follows "last night". */
  readonly clause: string;
}

/** Of what an NPC says by the way, the longer sentences tell more. */
const LONG_IN_WORDS = 20;
/** What nobody counts the days of. */
const LONG_AGO_IN_DAYS = Number.POSITIVE_INFINITY;
/** Who they are is known. */
const INTRODUCES = /\b(?:I am|I['’]m) \p{Lu}|\bmy name is\b/u;
/** What it told since is worth so much less. */
const ALREADY_TOLD = 2;

const DONE: Readonly<Record<Deed, RegExp>> = {
  promise:
    /\bI(?:['’]ll| will| shall| promised?| swear| swore| vow| pledge| offer| offered| pay|['’]ve promised)\b/iu,
  gift: /\bI (?:hereby |now )?(?:give|gave|hand|handed|bring|brought) (?:you\b|it\b|him\b|her\b|\p{Lu})|\bhere(?: is| are|['’]s) (?!what|why|how|where|who)|\b(?:this|that|these|it)(?: is|['’]s| are) (?:a gift |a present )?for you\b|\bI bring a gift\b|^(?:please )?(?:take|accept|have|keep) (?:this|these|my)(?:(?! to | before | until )[^,])*$/iu,
  request: REQUEST,
};

/** What is said in passing, and nobody tells of later. */
const NO_EVENT = new Set<Act>([
  'silence',
  'greeting',
  'farewell',
  'thanks',
  'well',
  'agree',
  'refuse',
  'apology',
  'laugh',
  'question',
  'news',
  'again',
  'recall',
  'more',
  'why',
  'meaning',
  'meta',
  'anachronism',
  'joke',
]);

/** Greetings and farewells, however long. */
const PASSING =
  /^(?:good (?:day|morning|afternoon|evening|night)|hello|hail|greetings|welcome|well met|farewell|goodbye|bye|thanks|thank you)\b|\bgood ?(?:night|bye)[.!]*$/iu;

/** Tells what was said and done, where a question asks for that alone: "what do you remember of last night?" */
export function recount(telling: Telling, found: readonly Remembered[]): boolean {
  const asked = inquiryIn(telling, found);
  if (asked === undefined) return false;
  const fitting = found
    .filter((memory) => fits(memory, asked, telling) && !isShrug(memory, telling.mind))
    .map((memory) => ({ memory, clause: clauseOf(memory, telling) }));
  const sayable = fitting.filter(({ clause }) => telling.mind.discretion.allows(clause));
  const [first, ...others] = chosen(sayable, asked, telling);
  // It was there, and words of it are a secret's: to know nothing of it would be a lie.
  if (first === undefined && chosen(fitting, asked, telling).length > 0) return telling.say(['evade']);
  if (first === undefined)
    return (
      (asked.then !== undefined || asked.deed !== undefined) && telling.say(['rememberNone', 'recallNone'])
    );
  const { memory, clause } = first;
  const fact = capitalise(clause);
  const moments: readonly Moment[] = memory.source === 'seen' ? ['rememberSeen'] : ['rememberThen'];
  const wasSaid =
    telling.say(moments, { occasion: memory.occasion, clause, fact }) ||
    telling.say(['retold', 'alreadyTold'], { part: fact });
  for (const more of others) {
    const isSeen = more.memory.source === 'seen';
    const also =
      more.memory.occasion === memory.occasion ? more.clause : `${more.memory.occasion} ${more.clause}`;
    if (wasSaid && telling.roomFor(1))
      telling.say([isSeen ? 'rememberSeen' : 'rememberMore'], { clause: also, fact: more.clause });
  }
  return wasSaid;
}

function fits(memory: Remembered, { deed, by, isToMe }: Inquiry, { mind }: Telling): boolean {
  const { source, speaker, text, to, occasion, isNpc, isConfided } = memory;
  if (source === 'gm' || (source === 'seen' && /\b(?:you|your|we|our|I|my)\b/iu.test(text))) return false;
  if (
    by === undefined
      ? source === 'own'
      : typeof by === 'string'
        ? source !== by
        : nameKey(speaker) !== nameKey(by.name)
  )
    return false;
  if (isToMe && source !== 'own' && to !== '') return false;
  // Whom an NPC calls "you" nobody can tell who was not meant.
  if (isNpc && source !== 'own' && /\byou(?:rs?)?\b/iu.test(text)) return false;
  const { act, isQuestion } = mind.ear.hear(text, 'character', mind.sheet.ownNames);
  const isRequest = REQUEST.test(text);
  if (isQuestion || (act === 'order' && !isRequest)) return false;
  if (deed !== undefined) return DONE[deed].test(text);
  // What NPCs say by the way is mostly what their sheets say; and a confidence is nothing to come out with.
  if ((isNpc && by === undefined) || isConfided) return false;
  return (
    occasion !== 'just now' &&
    !NO_EVENT.has(act) &&
    !PASSING.test(text) &&
    wordsOf(text).length >= SHORTEST_EVENT_IN_WORDS
  );
}

/** What is worth telling of all that fits, in the order of time. */
function chosen(
  fitting: readonly Tellable[],
  { then, deed }: Inquiry,
  { mind }: Telling,
): readonly Tellable[] {
  const isThen = fitting.filter(({ memory }) => then === undefined || wasThen(memory, then));
  const atThen = then?.isFirst === true ? ofOneDay(isThen, Math.max) : isThen;
  const before = fitting.filter(({ memory }) => memory.isBefore);
  const lately = ofOneDay(before.length > 0 ? before : fitting, Math.min);
  const choice = atThen.length > 0 || then?.isLoose !== true ? atThen : lately;
  const said = [...mind.memory.said].join('\n');
  const worth = ({ memory: { source, text, isToMe, isNpc }, clause }: Tellable): number =>
    (source === 'seen' ? 3 : isNpc ? wordsOf(text).length / LONG_IN_WORDS : 2) +
    (deed === undefined && (DONE.promise.test(text) || DONE.request.test(text)) ? 1 : 0) -
    (then !== undefined && INTRODUCES.test(text) ? 1 : 0) +
    (deed === 'promise' && /\b(?:promised?|swear|vow)\b/iu.test(text) ? 1 : 0) +
    (DONE.gift.test(text) ? 1 : 0) +
    (isToMe ? 0.5 : 0) -
    (said.includes(sentenceKey(clause)) || said.includes(sentenceKey(text)) ? ALREADY_TOLD : 0);
  const bySpeech = new Map<number, Tellable>();
  for (const each of choice.toSorted((one, other) => worth(other) - worth(one)))
    if (!bySpeech.has(each.memory.order)) bySpeech.set(each.memory.order, each);
  return [...bySpeech.values()]
    .slice(0, MOST_TOLD)
    .sort((one, other) => one.memory.order - other.memory.order);
}

/** Those of the first or the last day that there are any of. */
function ofOneDay(
  memories: readonly Tellable[],
  which: (...daysAgo: readonly number[]) => number,
): readonly Tellable[] {
  const ago = ({ memory }: Tellable) => memory.daysAgo ?? LONG_AGO_IN_DAYS;
  const day = which(...memories.map(ago));
  return memories.filter((each) => ago(each) === day);
}

/** What follows "last night": what was done, or what was said in their own words. Ends with its mark. */
function clauseOf(memory: Remembered, { mind }: Telling): string {
  const { source, text, to, isBefore, isToMe, isNpc, isConfided } = memory;
  if (source === 'seen') return mind.sheet.ofTheWorld(text).told;
  const speaker = source === 'asker' ? 'you' : source === 'own' ? 'I' : memory.speaker;
  // What was told in confidence stays a quotation: nobody who hears it has it as this one's own word.
  const isAsSaid = source === 'own' || isNpc || isConfided;
  const done = isAsSaid ? undefined : reported({ text, speaker, to, isBefore }, mind.sheet.names);
  if (done !== undefined && mind.discretion.allows(done)) return `${done}.`;
  const whom = to !== '' ? ` to ${to}` : isToMe && source === 'other' ? ' to me' : '';
  return `${speaker} said${whom}: "${text}"`;
}
