import { sentences, uncontracted } from './english.ts';
import type { Act } from './hearing.ts';
import { everythingRemembered, type Remembered, type Source } from './remembered.ts';
import type { Mind } from './reply.ts';
import type { SpokenSheet } from './sheet.ts';
import type { Moment } from './speech-schema.ts';
import type { Telling } from './telling.ts';
import { corrected, coverage, meaning } from './words.ts';

/** How much of what a question is about must stand in a memory for it to be the answer. */
const ANSWERED = 0.6;
/** Two words of a question that stand in a memory are no accident. */
const NO_ACCIDENT_IN_WORDS = 2;

/** Questions that any memory may answer; others are about the one who is asked, unless all of them was said before. */
const OPEN = new Set<Act>(['question', 'recall', 'source', 'opinion', 'news', 'again', 'swear']);

/** Words of a question that ask to remember. */
const RECALLING = meaning(
  'remember recall remind memory forget forgot forgotten mention mentioned',
  new Set(),
);
const ASKS_TO_RECALL = /\b(?:remember|recall|remind|forgot|forgotten)\b/iu;
const ASKS_MINE =
  /\bI (?:\p{L}+ )?(?:tell|told|say|said|mention|mentioned|promise|promised|asked) |\bI (?:tell|told|say|said)\b/iu;
const ASKS_YOURS = /\byou (?:\p{L}+ )?(?:tell|told|say|said|mention|mentioned|promise|promised)\b/iu;
const ASKS_TO_TELL = /^\W*(?:\p{L}+,? )?(?:tell me|remind me)\b/iu;

/** What answers "when" and "where"; a memory without it answers only if it says much of what was asked. */
const TIME =
  /\b(?:dawn|dusk|noon|midday|midnight|night|nightfall|morning|afternoon|evening|today|tomorrow|tonight|yesterday|hour|hours|bell|day|days|week|weeks|month|moon|year|years|tide|spring|summer|autumn|winter|before|after|until|once|when|always|never|o'clock|\p{L}+day)\b|\d/iu;
const PLACE =
  /\b(?:at|in|on|by|under|over|near|behind|beside|between|below|above|inside|outside|to|from|through|across|into|north|south|east|west|upstairs|here|there)\b/iu;
const NAMES_SOMEBODY = /(?<=[\p{L}\p{N},] )\p{Lu}\p{L}|^\p{Lu}\p{L}+ (?!(?:is|was|are|were)\b)/u;

const ANSWERS_TO: Readonly<Record<string, RegExp>> = {
  when: TIME,
  where: PLACE,
  who: NAMES_SOMEBODY,
  whose: NAMES_SOMEBODY,
};

const TOLD_AS: Readonly<Record<Source, Moment>> = {
  gm: 'rememberWord',
  asker: 'rememberYours',
  other: 'rememberTheirs',
  own: 'rememberOwn',
  seen: 'rememberSeen',
};

/** Of memories that answer alike, the game master's word comes first, and what was said to nobody in particular last. */
const STANDING: Readonly<Record<Source, number>> = { gm: 0.3, asker: 0.1, other: 0.1, seen: 0.1, own: 0 };
/** What was asked for outright: "what did I tell you", "when". */
const ASKED_FOR = 0.5;

/** Answers a question from what was said and seen before, in this scene or another. False where nothing fits. */
export function remember(telling: Telling): boolean {
  const { heard, mind, line } = telling;
  const asks = heard.isQuestion || ASKS_TO_TELL.test(line.text) || ASKS_TO_RECALL.test(line.text);
  if (!asks || line.speakerKind === 'npc' || telling.isNearSecret) return false;
  const words = new Set([...heard.words].filter((word) => !RECALLING.has(word)));
  if (words.size === 0) return false;
  const whose = ASKS_MINE.test(line.text) ? 'asker' : ASKS_YOURS.test(line.text) ? 'own' : undefined;
  const isRecalling = whose !== undefined || ASKS_TO_RECALL.test(line.text);
  const found = everythingRemembered(mind);
  const known = new Set(found.flatMap(({ stems }) => [...stems]));
  const asked = new Set([...words].map((word) => corrected(word, known)));
  const fact = telling.fact();
  const ofSheet = fact === undefined ? 0 : coverage(asked, fact.stems);
  const tie = telling.tie();
  const isOpen = OPEN.has(heard.act) || isRecalling;

  const answers = found
    .map((memory) => ({ memory, share: coverage(asked, memory.stems) }))
    .filter(({ memory, share }) => {
      const met = [...asked].filter((word) => memory.stems.has(word));
      const isSure = met.length >= NO_ACCIDENT_IN_WORDS;
      if (share < (isOpen ? ANSWERED : 1) || !(isSure || isOpen)) return false;
      if (
        !isRecalling &&
        !isSure &&
        !(answersTo(heard.questionWord, memory) && isAboutMe(memory, line.text, mind.sheet))
      )
        return false;
      // "who is Tam?": what it has to say of him itself comes before what others said.
      if (isRecalling || memory.source === 'gm') return isRecalling || share >= ofSheet;
      return share > ofSheet && !(tie !== undefined && met.every((word) => tie.nameStems.has(word)));
    })
    .map(({ memory, share }) => ({
      memory,
      worth:
        share +
        STANDING[memory.source] +
        (memory.source === whose ? ASKED_FOR : 0) +
        (answersTo(heard.questionWord, memory) ? ASKED_FOR : 0),
    }))
    .sort((one, other) => other.worth - one.worth);
  return answers.some(({ memory }) => saysSomething(memory, mind) && tell(telling, memory));
}

function answersTo(questionWord: string | undefined, { text }: Remembered): boolean {
  return (ANSWERS_TO[questionWord ?? ''] ?? /./u).test(text);
}

/** "who owes you?": not whom it owes, and nobody's debts but its own. */
function isAboutMe(
  { source, text }: Remembered,
  question: string,
  { account, shortName }: SpokenSheet,
): boolean {
  const isDone = /\bwho(?:se)? (?!do |did |are |were |have )(?:\p{L}+ )?\p{L}+ you\b/iu.test(question);
  const isDoing = /\b(?:do|did|have|are|were) you \p{L}/iu.test(question);
  if (!isDone && !isDoing) return true;
  if (source === 'asker' || source === 'other') return /\byou\b/iu.test(text);
  const { told } = account(source === 'gm' ? addressed(text) : text);
  return isDone ? !(/^I\b/u.test(told) || told.startsWith(shortName)) : !/\bme\b/u.test(told);
}

function tell(telling: Telling, { source, speaker, text, occasion }: Remembered): boolean {
  const moment = TOLD_AS[source];
  if (source !== 'gm' && source !== 'seen') return telling.say([moment], { quote: text, occasion, speaker });
  if (source === 'seen' && /\b(?:you|your|we|our|I|my)\b/iu.test(text)) return false;
  const { told, clause } = telling.mind.sheet.account(source === 'gm' ? addressed(text) : text);
  return telling.say([moment, 'retold', 'alreadyTold'], { fact: told, clause, part: told });
}

/** A note to the NPC itself as its own: "You owe the miller" → "I owe the miller". */
function addressed(note: string): string {
  return note
    .replace(/^(?:remembers? |knows? )?that /iu, '')
    .replace(/\byou are\b/giu, 'I am')
    .replace(/\byourself\b/giu, 'myself')
    .replace(/\byours\b/giu, 'mine')
    .replace(/\byour\b/giu, 'my')
    .replace(/(?<=^|[,;] |\b(?:and|that|but|because|if|when|where) )you\b/giu, 'I')
    .replace(/\byou\b/giu, 'me');
}

/** Not where somebody only asked, gave an order, or said that they know nothing. */
function saysSomething({ source, text }: Remembered, { ear, sheet, hollow }: Mind): boolean {
  if (source === 'gm') return true;
  const { act, isQuestion } = ear.hear(text, 'character', sheet.ownNames);
  if (isQuestion || act === 'question' || act === 'order') return false;
  const plain = uncontracted(text).toLowerCase();
  return !sentences(plain).every((sentence) => hollow.some((part) => sentence.includes(part)));
}
