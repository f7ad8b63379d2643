import { again, explain, more, personMeant, reachBack, recall, why } from './follow-up.ts';
import { fromScene } from './from-scene.ts';
import type { Act } from './hearing.ts';
import { remember } from './remember.ts';
import { fare, haggle, help, invite, offerHelp, order, price, work } from './requests.ts';
import type { Moment } from './speech-schema.ts';
import { REMARKS, type Telling } from './telling.ts';
import { overlaps, wordsOf } from './words.ts';

/** Fills a reply with the answer to one line. */
export function answer(telling: Telling): void {
  greetFirst(telling);
  if (!remember(telling)) ANSWERS[telling.heard.act](telling);
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
  name: (telling) => {
    const wasSaid = telling.say(['name', 'origin']);
    return (telling.mind.random.chance(0.6) && telling.trait()) || telling.goOn(0.3) || wasSaid;
  },
  speakerName: (telling) =>
    telling.say(telling.knowsSpeaker ? ['speakerName', 'again'] : ['speakerUnknown', 'again']),
  trade: and(0.4, 'trade', 'origin'),
  want,
  fear,
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
  laugh: only('laugh', 'chat'),
  again,
  recall,
  source: only('source', 'whyFact'),
  invite,
  work,
  reward: only('reward', 'order'),
  offerHelp,
  fare,
  weather: only('weather', 'chat'),
  hour: only('hour', 'unknownTime'),
  advice,
  plight,
  charge: (telling) => telling.say(telling.isNearSecret ? ['evade'] : ['charge', 'accuse']),
  confession: only('confession', 'noted'),
  ruler: (telling) =>
    telling.reply.sampleAbout(telling.heard.words) || telling.sayAndPoint('ruler', 'opinion'),
  please: only('please', 'order'),
  married: (telling) =>
    (telling.tie() !== undefined && telling.knows()) || telling.say(['married', 'folkNone']),
  age: only('age', 'opinion'),
  likes: (telling) =>
    telling.reply.sampleAbout(telling.heard.words) || telling.trait() || telling.say(['want', 'opinion']),
  ability: (telling) => telling.knows() || telling.say(['ability', 'opinion']),
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
  if (telling.hasGreeted) return telling.sayAndGoOn(0.2, 'helloAgain', 'greeting');
  if (memory.ownLineCount > 0) return telling.sayAndGoOn(0.2, 'greeting', 'helloAgain');
  // A sheet written by hand says itself how its owner meets people.
  if (telling.reply.sample(['greeting'], Math.min(1, 2 * sampleShare))) return true;
  return telling.sayAndGoOn(0.4, 'greeting');
}

/** A question that is after the person, and not after what they know. */
const OF_YOU = /\b(?:you|u|your|ur)\b/iu;
const OF_KNOWING = /\b(?:know|tell|think|hear|heard|see|saw|seen|say|said|find|sell|have|got)\b/iu;

function question(telling: Telling): boolean {
  const { heard, mind, line } = telling;
  if (telling.isNearSecret) return telling.say(['evade']);
  if (heard.words.size === 0) return reachBack(telling);
  if (telling.knows() || telling.someoneHere() || fromScene(telling)) return true;
  if (telling.hasJustSeen && /\b(?:that|happen(?:ed|ing)?|see|hear)\b/iu.test(line.text))
    return telling.say(['sawIt', 'notice']);
  const asksYou =
    /\b(?:you|u)\b/iu.test(line.text) && heard.questionWord === undefined && heard.topic === undefined;
  const person = personMeant(telling);
  if (person !== undefined && telling.tellTie(person)) return true;
  if (heard.questionWord === 'why' && /\b(?:you|u|ur|your)\b/iu.test(line.text) && telling.say(['whyNot']))
    return true;
  const isPast = /^\W*(?:were|was|did|have)\b/iu.test(line.text);
  if (asksYou && telling.say(isPast ? ['personal', 'opinion'] : ['opinion'])) return true;
  if (OF_YOU.test(line.text) && !OF_KNOWING.test(line.text) && telling.say(['personal'])) return true;
  if (mind.memory.isRepeated && telling.say(['again'])) return telling.lead();
  return unknown(telling);
}

/** "is the moon haunted?": a question that could be answered with yes. */
const ASKS_WHETHER = /^\W*(?:\p{L}+ )?(?:is|are|was|were|did|do|does|has|have|had|will|can|could|would)\b/iu;
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
  const { questionWord, topic } = telling.heard;
  const isName = /^\p{Lu}/u.test(topic ?? '');
  const { text } = telling.line;
  const special = /\bhow (?:long|soon)\b/iu.test(text)
    ? 'unknownTime'
    : isName
      ? 'unknownPerson'
      : /\bhow (?:many|much)\b/iu.test(text)
        ? 'unknown'
        : (UNKNOWN[questionWord ?? ''] ?? (ASKS_WHETHER.test(text) ? 'unsureYes' : 'unknown'));
  const wasSaid = telling.say(random.chance(isName ? 0.8 : 0.4) ? [special, 'unknown'] : ['unknown']);
  if (random.chance(0.5)) return telling.point() || telling.lead() || wasSaid;
  return telling.lead() || telling.point() || wasSaid;
}

/** Keys struck at random. */
const GIBBERISH = /[bcdfghjklmnpqrstvwxz]{5}/iu;

/** "10 gold": an offer, with nothing more said. */
const COINS = /\b(?:gold|silver|coppers?|crowns?|coins?|pennies)\b/iu;

function statement(telling: Telling): boolean {
  const { mind, heard, line } = telling;
  const { discretion, memory, random, ear, sheet, task } = mind;
  const typed = wordsOf(line.text);
  if (GIBBERISH.test(line.text) || (heard.words.size === 0 && typed.every((word) => word.length < 2)))
    return telling.say(['nonsense', 'unclear']);
  if (telling.isNearSecret) return telling.say(['evade']);
  const tie = telling.tie();
  if (tie !== undefined && !memory.toldTies.has(tie.to) && telling.tellTie(tie)) return true;
  const fact = telling.fact();
  if (fact !== undefined && !memory.toldFacts.has(fact) && telling.tell(fact)) return true;
  if (overlaps(sheet.roleStems, heard.words) && telling.say(['aboutMe'])) return true;
  if (telling.wants() || telling.reply.sampleAbout(heard.words) || telling.looks()) return true;
  if (
    (typed.length <= 3 || /^(?:here|take|have)\b/iu.test(line.text)) &&
    COINS.test(line.text) &&
    telling.say(['offer'])
  )
    return true;
  if (memory.lastOwn.endsWith('?') && typed.length <= 6 && telling.say(['taken', 'noted']))
    return telling.goOn(0.5);
  if (heard.words.size > 0 && typed.length <= 2 && telling.say(['fragment', 'unclear'])) return true;
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
  // Small talk is where the sheet's own sayings belong.
  if (random.chance(task.persona.talkativeness) && telling.reply.sample(REMARKS)) return true;
  return telling.sayAndGoOn(0.6, 'chat');
}

function narration(telling: Telling): boolean {
  if (telling.mind.ear.alarms(telling.line.text)) return telling.say(['startle', 'notice']);
  return telling.say(['notice', 'chat']);
}

/** Bad news: what the sheet has to say to it, or a kind word. */
function plight(telling: Telling): boolean {
  const { mind, heard, reply } = telling;
  if (telling.isNearSecret) return telling.say(['evade']);
  const fact = telling.fact();
  if (fact !== undefined && !mind.memory.toldFacts.has(fact) && telling.tell(fact)) return true;
  if (reply.sampleAbout(heard.words)) return true;
  return telling.sayAndGoOn(0.2, 'sympathy', 'noted');
}

/** "should we go up?", "can we trust him?" */
function advice(telling: Telling): boolean {
  if (telling.isNearSecret) return telling.say(['evade']);
  const person = telling.tie() ?? personMeant(telling);
  if (person !== undefined && telling.tellTie(person)) return true;
  if (telling.isAfraid()) return true;
  const fact = telling.fact();
  if (fact !== undefined && !telling.mind.memory.toldFacts.has(fact) && telling.tell(fact)) return true;
  return telling.say(['advice', 'opinion']);
}

function opinion(telling: Telling): boolean {
  if (telling.isNearSecret) return telling.say(['evade']);
  if (telling.knows()) return true;
  const person = personMeant(telling);
  if (person !== undefined && telling.tellTie(person)) return true;
  if (telling.mind.memory.isRepeated && telling.say(['again'])) return true;
  // "were you a soldier?" is no matter of taste.
  if (/^\W*(?:were|was|did|have)\b/iu.test(telling.line.text) && telling.say(['personal'])) return true;
  return telling.sayAndGoOn(0.3, 'opinion', 'chat');
}

function want(telling: Telling): boolean {
  const { sheet, random, memory } = telling.mind;
  const fresh = random.shuffle(sheet.goals).filter(({ told }) => !memory.recent.includes(told));
  if (fresh.some(({ told }) => telling.say(['want'], { goal: told }))) return true;
  return telling.say(sheet.goals.length === 0 ? ['wantNothing'] : ['alreadyTold', 'whyGoal']);
}

function fear(telling: Telling): boolean {
  const { sheet, random, memory } = telling.mind;
  const unsaid = random
    .shuffle(sheet.fears)
    .filter(({ told }) => !memory.recent.toLowerCase().includes(told.toLowerCase()));
  if (unsaid.some(({ told }) => telling.say(['fear'], { fear: told }))) return true;
  return telling.say(['fearNothing', 'alreadyTold', 'opinion']);
}

function family(telling: Telling): boolean {
  if (telling.tie() !== undefined && telling.knows()) return true;
  if (telling.kin().length > 0) return telling.say(['folkNone', 'opinion']);
  const { sheet, memory, random } = telling.mind;
  const tie = random
    .shuffle(sheet.ties)
    .find(({ to, told }) => told !== undefined && !memory.toldTies.has(to));
  if (tie !== undefined && telling.say(['folk'], { other: tie.to, tie: tie.told })) return true;
  return telling.say(['folkNone', 'opinion']);
}

function news(telling: Telling): boolean {
  const { heard, mind } = telling;
  if (telling.isNearSecret) return telling.say(['evade']);
  if (telling.hasJustSeen && /\bhappen|going on/iu.test(telling.line.text))
    return telling.say(['sawIt', 'notice']);
  if ((telling.tie() ?? telling.fact()) !== undefined && telling.knows()) return true;
  if (heard.topic !== undefined)
    return telling.knows() || telling.someoneHere() || fromScene(telling) || unknown(telling);
  const fact = telling.untold();
  const slots = { fact: fact?.told, clause: fact?.clause };
  if (fact !== undefined && telling.say(mind.random.chance(0.5) ? ['news', 'tell'] : ['tell', 'news'], slots))
    return true;
  return telling.say(['noNews', 'moreNone']) && (telling.point() || true);
}
