import type { Act } from './hearing.ts';
import { recount } from './recount.ts';
import { everythingRemembered, type Remembered, type Source } from './remembered.ts';
import { addressed, isShrug, isToAnother, saysSomething, tell } from './retell.ts';
import type { SpokenSheet } from './sheet.ts';
import type { Telling } from './telling.ts';
import { thenIn } from './when.ts';
import { corrected, coverage, meaning, wordsOf } from './words.ts';

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

/** Of memories that answer alike, the game master's word comes first, and what was said to nobody in particular last. */
const STANDING: Readonly<Record<Source, number>> = { gm: 0.3, asker: 0.1, other: 0.1, seen: 0.1, own: 0 };
/** What was asked for outright: "what did I tell you", "when". */
const ASKED_FOR = 0.5;

const INTRODUCES = /\b(?:I am|I['’]m|my name is|call me)\b/iu;

/** Answers a question from what was said and seen before, in this scene or another. False where nothing fits. */
export function remember(telling: Telling): boolean {
  const { heard, mind, line } = telling;
  const asks = heard.isQuestion || ASKS_TO_TELL.test(line.text) || ASKS_TO_RECALL.test(line.text);
  if (!asks || line.speakerKind === 'npc') return false;
  if (ASKS_OF_ABSENCE.test(line.text) && telling.say(['wasAway'])) return true;
  const everything = everythingRemembered(mind);
  if (recount(telling, everything)) return true;
  if (telling.isNearSecret) return false;
  const then = meaning(thenIn(line.text, line.time)?.words ?? '', new Set());
  const words = new Set([...heard.words].filter((word) => !RECALLING.has(word) && !then.has(word)));
  if (words.size === 0) return false;
  const whose = ASKS_MINE.test(line.text) ? 'asker' : ASKS_YOURS.test(line.text) ? 'own' : undefined;
  const isRecalling = whose !== undefined || ASKS_TO_RECALL.test(line.text);
  // What it said in this scene it has in mind anyway.
  const found = everything.filter(
    (memory) => !memory.isOwnHere && !(asksOfMe(line.text, memory.to) && isToAnother(memory)),
  );
  const known = new Set(found.flatMap(({ stems }) => [...stems]));
  const asked = new Set([...words].map((word) => corrected(word, known)));
  const fact = telling.fact();
  const ofSheet = fact === undefined ? 0 : coverage(asked, fact.stems);
  const tie = telling.tie();
  const speakers = meaning(found.map(({ speaker }) => speaker).join(' '), new Set());
  const asksWho = /\bwho(?: is|['’]s)\b/iu.test(line.text);
  const isOpen = OPEN.has(heard.act) || isRecalling;

  const answers = found
    .map((memory) => ({ memory, share: coverage(asked, memory.stems) }))
    .filter(({ memory, share }) => {
      const met = [...asked].filter((word) => memory.stems.has(word));
      const isSure = met.length >= NO_ACCIDENT_IN_WORDS;
      // "who is Mira?" is not answered by something that she said.
      const isOfSpeaker = asksWho && met.every((word) => speakers.has(word));
      if (isOfSpeaker && memory.source !== 'gm' && !INTRODUCES.test(memory.text)) return false;
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
        (asksWho && INTRODUCES.test(memory.text) ? ASKED_FOR : 0) +
        (answersTo(heard.questionWord, memory) ? ASKED_FOR : 0),
    }))
    .sort((one, other) => other.worth - one.worth);
  return answers.some(
    ({ memory }) => saysSomething(memory, mind) && !isShrug(memory, mind) && tell(telling, memory),
  );
}

function answersTo(questionWord: string | undefined, { text }: Remembered): boolean {
  return (ANSWERS_TO[questionWord ?? ''] ?? /./u).test(text);
}

/** "who owes you?": not whom it owes, and nobody's debts but its own. */
function isAboutMe(
  { source, text }: Remembered,
  question: string,
  { account, ofTheWorld, shortName }: SpokenSheet,
): boolean {
  const isDone = /\bwho(?:se)? (?!do |did |are |were |have )(?:\p{L}+ )?\p{L}+ you\b/iu.test(question);
  const isDoing = /\b(?:do|did|have|are|were) you \p{L}/iu.test(question);
  if (!isDone && !isDoing) return true;
  if (source === 'asker' || source === 'other') return /\byou\b/iu.test(text);
  const { told } = source === 'gm' ? account(addressed(text)) : ofTheWorld(text);
  return isDone ? !(/^I\b/u.test(told) || told.startsWith(shortName)) : !/\bme\b/u.test(told);
}

/** Whether the question is after what concerns the one who is asked, and not somebody who is named in it. */
function asksOfMe(question: string, to: string): boolean {
  const asked = question.replace(
    /\b(?:do|did|can|could|will|would) you (?:still |ever )?(?:remember|recall|know|think|hear|say|tell|see)\b/giu,
    '',
  );
  return /\byou(?:rs?)?\b/iu.test(asked) && !wordsOf(to).some((word) => wordsOf(asked).includes(word));
}

const ASKS_OF_ABSENCE =
  /\b(?:while|when|since) you (?:were|was|are) (?:away|gone|out|elsewhere|asleep|not (?:here|there|around))\b|\byou (?:weren['’]t|were not|wasn['’]t) (?:here|there|around)\b|\bin your absence\b|\bbehind your back\b/iu;
