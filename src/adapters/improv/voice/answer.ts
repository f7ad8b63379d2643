import { seeded } from '../random.ts';
import type { Act } from './hearing.ts';
import { NUMBERS } from './recollection.ts';
import type { Moment } from './speech-schema.ts';
import { REMARKS, type Telling } from './telling.ts';
import { wordsOf } from './words.ts';

/** Fills a reply with the answer to one line. */
export function answer(telling: Telling): void {
  greetFirst(telling);
  ANSWERS[telling.heard.act](telling);
}

type Answer = (telling: Telling) => boolean;

/** Says a line for the first of these moments and leaves it at that. */
function only(...moments: readonly Moment[]): Answer {
  return (telling) => telling.say(moments);
}

/** Says a line for this moment and, as often as `share`, goes on. */
function and(share: number, ...moments: readonly Moment[]): Answer {
  return (telling) => telling.sayAndGoOn(share, ...moments);
}

const ANSWERS: Readonly<Record<Act, Answer>> = {
  silence: only('silence', 'nonsense'),
  narration,
  greeting,
  intro: (telling) => {
    telling.say(['intro']);
    return telling.mind.memory.ownLineCount === 0 ? telling.say(['greeting']) : telling.goOn(0.4);
  },
  name: and(0.3, 'name', 'origin'),
  speakerName: (telling) =>
    telling.say(telling.knowsSpeaker ? ['speakerName', 'again'] : ['speakerUnknown', 'again']),
  trade: and(0.4, 'trade', 'origin'),
  want,
  fear: (telling) =>
    telling.say(telling.mind.sheet.fears.length > 0 ? ['fear', 'fearNothing'] : ['fearNothing', 'opinion']),
  secret: only('evade'),
  well: and(0.3, 'well'),
  family,
  origin: (telling) => telling.knows() || telling.say(['origin', 'opinion']),
  news,
  price,
  haggle,
  help,
  order,
  offer: and(0.2, 'offer'),
  swear: (telling) => (telling.heard.words.size > 1 && telling.knows()) || telling.say(['swear', 'opinion']),
  accuse: only('accuse', 'swear'),
  why,
  more,
  meaning: explain,
  opinion,
  question,
  statement,
  agree: and(0.5, 'agreed'),
  refuse: and(0.2, 'refused'),
  threat: (telling) => telling.reply.sample(['threat', 'insult']) || telling.say(['threat']),
  insult: (telling) => telling.reply.sample(['insult', 'threat']) || telling.say(['insult']),
  compliment: and(0.25, 'compliment'),
  joke: and(0.25, 'joke'),
  thanks: and(0.25, 'thanks'),
  apology: and(0.25, 'apology'),
  farewell: only('farewell'),
  flirt: only('flirt', 'compliment'),
  anachronism: only('anachronism', 'nonsense'),
  meta: only('meta', 'nonsense'),
  deed: only('deed', 'chat'),
};

/** A word for what came before the point: "hello, where is the mill". */
function greetFirst(telling: Telling): void {
  const { before, act } = telling.heard;
  const first = before.find((passing) => passing !== act && passing in PASSING);
  const moment = first === undefined ? undefined : PASSING[first];
  if (moment === undefined) return;
  const isLoud = moment === 'insult' || moment === 'threat';
  const isKnown = moment === 'greeting' && (telling.mind.memory.ownLineCount > 0 || act === 'intro');
  if (!isKnown && (isLoud || telling.mind.task.persona.talkativeness >= 0.4)) telling.say([moment]);
}

const PASSING: Readonly<Partial<Record<Act, Moment>>> = {
  greeting: 'greeting',
  thanks: 'thanks',
  apology: 'apology',
  insult: 'insult',
  threat: 'threat',
  compliment: 'compliment',
  intro: 'intro',
};

function greeting(telling: Telling): boolean {
  const { memory, sampleShare } = telling.mind;
  if (memory.ownLineCount > 0) return telling.sayAndGoOn(0.4, 'helloAgain', 'greeting');
  // A sheet written by hand says itself how its owner meets people.
  if (telling.reply.sample(['greeting'], Math.min(1, 2 * sampleShare))) return true;
  return telling.sayAndGoOn(0.4, 'greeting');
}

function isNearSecret({ mind, heard }: Telling): boolean {
  return mind.discretion.touches(heard.words);
}

function question(telling: Telling): boolean {
  const { heard, mind, line } = telling;
  if (isNearSecret(telling)) return telling.say(['evade']);
  if (heard.words.size === 0) return reachBack(telling);
  if (telling.knows() || telling.someoneHere() || telling.fromScene()) return true;
  const asksYou =
    /\b(?:you|u)\b/iu.test(line.text) && heard.questionWord === undefined && heard.topic === undefined;
  if (asksYou && telling.say(['opinion'])) return true;
  if (mind.memory.isRepeated && telling.say(['again'])) return telling.lead();
  return unknown(telling);
}

const UNKNOWN: Readonly<Record<string, Moment>> = {
  who: 'unknownPerson',
  whose: 'unknownPerson',
  where: 'unknownPlace',
  when: 'unknownTime',
  why: 'unknownCause',
  how: 'unknownWay',
};

/** Does not know, says so, and says who may or what else it does know. */
function unknown(telling: Telling): boolean {
  const { random } = telling.mind;
  const { questionWord } = telling.heard;
  const special = questionWord === undefined ? 'unsureYes' : UNKNOWN[questionWord];
  const wasSaid = telling.say(
    special !== undefined && random.chance(0.4) ? [special, 'unknown'] : ['unknown'],
  );
  if (random.chance(0.5)) return telling.point() || telling.lead() || wasSaid;
  return telling.lead() || telling.point() || wasSaid;
}

/** "where is it?", "who is he?": what was talked of last. */
function reachBack(telling: Telling): boolean {
  const { memory, ear } = telling.mind;
  const earlier = memory.others.find(({ speaker }) => speaker === telling.line.speaker);
  const person = /\b(?:he|she|they|him|her|them|his|their)\b/iu.test(telling.line.text)
    ? telling.tie(ear.meaning(`${memory.lastOwn} ${earlier?.text ?? ''}`))
    : undefined;
  if (person !== undefined) {
    const about = telling.fact(person.nameStems);
    if (about !== undefined && !memory.toldFacts.has(about) && telling.tellAlso(about)) return true;
    if (telling.tellTie(person)) return true;
  }
  if (memory.lastFact !== undefined) {
    const linked = telling.linked(memory.lastFact);
    if (linked !== undefined && telling.tellAlso(linked)) return true;
    if (telling.say(['moreNone'])) return telling.point() || true;
  }
  const fact = earlier === undefined ? undefined : telling.fact(ear.meaning(earlier.text));
  if (fact !== undefined && telling.tell(fact)) return true;
  return telling.say(/\b(?:you|u)\b/iu.test(telling.line.text) ? ['opinion'] : ['unknown', 'nonsense']);
}

function statement(telling: Telling): boolean {
  const { mind, heard, line } = telling;
  const { discretion, memory, random, ear } = mind;
  if (heard.words.size === 0 && wordsOf(line.text).every((word) => word.length < 2))
    return telling.say(['nonsense', 'chat']);
  if (isNearSecret(telling)) return telling.say(['evade']);
  const tie = telling.tie();
  if (tie !== undefined && !memory.toldTies.has(tie.to) && telling.tellTie(tie)) return true;
  const fact = telling.fact();
  if (fact !== undefined && !memory.toldFacts.has(fact) && telling.tell(fact)) return true;
  if (telling.wants() || telling.reply.sample([...REMARKS, 'question'])) return true;
  const repeatable = ear.repeatable(line.text, new Set());
  if (
    repeatable !== undefined &&
    discretion.allows(repeatable) &&
    random.chance(0.6) &&
    telling.say(['noted'], { heard: repeatable })
  )
    return telling.goOn(0.4);
  if (random.chance(0.35) && heard.topic !== undefined && telling.say(['notedTopic']))
    return telling.goOn(0.3);
  return telling.sayAndGoOn(0.6, 'chat');
}

function narration(telling: Telling): boolean {
  const { ear } = telling.mind;
  if (ear.alarms(telling.line.text)) return telling.say(['startle']);
  return telling.reply.sample(REMARKS) || telling.say(['chat']);
}

function opinion(telling: Telling): boolean {
  if (isNearSecret(telling)) return telling.say(['evade']);
  if (telling.knows()) return true;
  if (telling.mind.memory.isRepeated && telling.say(['again'])) return true;
  return telling.reply.sample(REMARKS) || telling.sayAndGoOn(0.3, 'opinion', 'chat');
}

function want(telling: Telling): boolean {
  const { sheet, random, memory } = telling.mind;
  const fresh = random.shuffle(sheet.goals).filter(({ told }) => !memory.recent.includes(told));
  if (fresh.some(({ told }) => telling.say(['want'], { goal: told }))) return true;
  return telling.say(sheet.goals.length === 0 ? ['wantNothing'] : ['alreadyTold', 'whyGoal']);
}

function family(telling: Telling): boolean {
  if (telling.tie() !== undefined && telling.knows()) return true;
  if (telling.kin().length > 0) return telling.say(['folkNone', 'opinion']);
  const { sheet, memory, random } = telling.mind;
  const tie = random.shuffle(sheet.ties).find(({ to }) => !memory.toldTies.has(to));
  if (tie !== undefined && telling.say(['folk'], { other: tie.to, tie: tie.told })) return true;
  return telling.say(['folkNone', 'opinion']);
}

function news(telling: Telling): boolean {
  const { heard, mind } = telling;
  if (isNearSecret(telling)) return telling.say(['evade']);
  if ((telling.tie() ?? telling.fact()) !== undefined && telling.knows()) return true;
  if (heard.topic !== undefined) return telling.someoneHere() || telling.fromScene() || unknown(telling);
  const fact = telling.untold();
  const slots = { fact: fact?.told, clause: fact?.clause };
  if (fact !== undefined && telling.say(mind.random.chance(0.5) ? ['news', 'tell'] : ['tell', 'news'], slots))
    return true;
  return telling.say(['noNews', 'moreNone']) && (telling.point() || true);
}

function price(telling: Telling): boolean {
  const { mind, heard } = telling;
  const { ear, task, memory, speech } = mind;
  const fact = telling.fact();
  if (fact !== undefined && !memory.toldFacts.has(fact) && telling.tell(fact)) return true;
  if (!ear.sells(task.persona.role)) return telling.say(['noSale', 'no']) && (telling.point() || true);
  const named = memory.price === undefined ? undefined : coins(memory.price.count, memory.price.coin);
  // The same thing costs the same all evening: a price hangs on who sells and what is asked for.
  const dice = seeded(`price\n${task.persona.name}\n${[...heard.words].sort().join(' ')}`);
  const [small, large] = speech.coins;
  const coin = dice.chance(0.7) ? small : large;
  // Even a number may be a secret's.
  const asked = dice
    .shuffle([2, 3, 4, 5, 6, 7, 8])
    .map((count) => coins(count, coin))
    .find((sum) => mind.discretion.allows(sum));
  const isAgain = named !== undefined && (heard.words.size === 0 || asked === named);
  return telling.say(isAgain ? ['priceAgain'] : ['price'], { price: isAgain ? named : asked });
}

function haggle(telling: Telling): boolean {
  const { memory, ear, task } = telling.mind;
  if (memory.price === undefined)
    return telling.say(ear.sells(task.persona.role) ? ['haggleNothing', 'no'] : ['noSale', 'no']);
  const { count, coin, hasComeDown } = memory.price;
  if (hasComeDown || count < 2) return telling.say(['haggleFirm', 'no']);
  return telling.say(['haggleDown'], { price: coins(count - 1, coin) });
}

function coins(count: number, coin: string): string {
  return `${NUMBERS[count - 1]} ${coin}`;
}

function help(telling: Telling): boolean {
  const { random } = telling.mind;
  if (isNearSecret(telling)) return telling.say(['evade']);
  if (telling.isAfraid() || telling.wants()) return true;
  if (random.chance(0.55)) return telling.say(['help', 'yes']);
  return telling.say(random.chance(0.6) ? ['yes', 'help'] : ['no', 'help']) && (telling.goOn(0.3) || true);
}

function order(telling: Telling): boolean {
  const { random } = telling.mind;
  if (isNearSecret(telling)) return telling.say(['evade']);
  if (telling.isAfraid()) return true;
  return telling.say(
    random.pick([
      ['yes', 'order'],
      ['no', 'order'],
      ['order', 'no'],
    ] as const),
  );
}

function why(telling: Telling): boolean {
  const { memory, random } = telling.mind;
  switch (memory.lastSubject) {
    case 'fact':
      return telling.say(['whyFact', 'unknownCause']) && (telling.point() || telling.lead() || true);
    case 'goal':
      return telling.say(random.chance(0.5) ? ['whyFear', 'whyGoal'] : ['whyGoal', 'whyFear']);
    case 'price':
      return telling.say(['haggleFirm', 'whyNot']);
    case 'fear':
    case 'tie':
      return telling.say(['whyNot', 'whyChat']);
    case 'other':
      return telling.say(hasEvaded(telling) ? ['whyNot', 'whyChat'] : ['whyChat', 'whyNot', 'unknownCause']);
  }
}

/** Whether its last line was a refusal. */
function hasEvaded({ mind: { memory, sound, speech } }: Telling): boolean {
  const refusals = [
    sound.voice.lines.evade,
    speech.lines.evade,
    sound.voice.lines.no,
    speech.lines.no,
  ].flat();
  return refusals.some((line) =>
    line.split(/\{\w+\}/u).some((part) => part.length > 12 && memory.lastOwn.includes(part.trim())),
  );
}

function more(telling: Telling): boolean {
  const { memory } = telling.mind;
  if (isNearSecret(telling)) return telling.say(['evade']);
  if (telling.heard.words.size > 0 && telling.knows()) return true;
  const linked = memory.lastFact === undefined ? undefined : telling.linked(memory.lastFact);
  const fact = linked ?? telling.untold();
  if (fact !== undefined && telling.tellAlso(fact)) return true;
  return telling.say(['moreNone', 'noNews']) && (telling.point() || true);
}

function explain(telling: Telling): boolean {
  const { memory } = telling.mind;
  const clause = memory.lastSubject === 'fact' ? memory.lastFact?.clause : undefined;
  return telling.say(clause === undefined ? ['meaningNone'] : ['meaning', 'meaningNone'], { clause });
}
