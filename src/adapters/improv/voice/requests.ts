import { seeded } from '../random.ts';
import { NUMBERS, thingsOf } from './recollection.ts';
import type { Moment } from './speech-schema.ts';
import type { Telling } from './telling.ts';
import { overlaps } from './words.ts';

/** Answers to what somebody wants of the one spoken to: goods, favours, company. */

export function price(telling: Telling): boolean {
  const { mind, heard } = telling;
  const { ear, task, memory, speech } = mind;
  const sells = ear.sells(task.persona.role);
  if (heard.questionWord !== 'where' && telling.priceOfOwn()) return true;
  // "where can I buy a sword?" asks the way, and no price.
  if (!sells || heard.questionWord === 'where') {
    const fact = telling.fact();
    if (fact !== undefined && telling.tell(fact)) return true;
    const moments: Moment[] = heard.questionWord === 'where' ? ['unknownPlace', 'unknown'] : ['noSale', 'no'];
    return telling.say(moments) && (telling.point() || true);
  }
  const things = thingsOf(heard.words);
  const named =
    things.size === 0 ? memory.price : memory.prices.find((each) => overlaps(each.things, things));
  const offered = offerIn(telling.line.text, speech.coins);
  if (offered !== undefined && named !== undefined && isEnough(offered, named, speech.coins))
    return telling.say(['priceTaken'], { price: offered.words });
  if (named !== undefined)
    return telling.say(['priceAgain', 'alreadyTold'], { price: coins(named.count, named.coin) });
  // The same thing costs the same every evening: a price hangs on who sells and what is asked for.
  const dice = seeded(`price\n${task.persona.name}\n${[...things].sort().join(' ')}`);
  const [small, large] = speech.coins;
  const coin = dice.chance(0.7) ? small : large;
  // Even a number may be a secret's.
  const count = dice.shuffle([2, 3, 4, 5, 6, 7, 8]).find((each) => mind.discretion.allows(coins(each, coin)));
  if (count === undefined) return telling.say(['noSale', 'no']);
  if (offered !== undefined && isEnough(offered, { count, coin }, speech.coins))
    return telling.say(['priceTaken'], { price: offered.words });
  return telling.say(['price'], { price: coins(count, coin) });
}

export function haggle(telling: Telling): boolean {
  const { memory, ear, task, speech } = telling.mind;
  const offered = offerIn(telling.line.text, speech.coins);
  if (memory.price === undefined)
    return telling.say(ear.sells(task.persona.role) ? ['haggleNothing', 'no'] : ['noSale', 'no']);
  const { count, coin, hasComeDown } = memory.price;
  if (offered !== undefined && isEnough(offered, memory.price, speech.coins))
    return telling.say(['priceTaken'], { price: offered.words });
  if (hasComeDown || count < 2) return telling.say(['haggleFirm', 'no']);
  return telling.say(['haggleDown'], { price: coins(count - 1, coin) });
}

interface Offer {
  readonly count: number;
  /** Among the coins of the table, cheapest first; what is dearer than all of them comes after. */
  readonly rank: number;
  /** "five silver". */
  readonly words: string;
}

/** What a line offers to pay: "for five silvers", "ten gold". */
function offerIn(text: string, table: readonly string[]): Offer | undefined {
  const sum = new RegExp(
    `\\b(\\d{1,4}|an?|${NUMBERS.join('|')}) (${table.join('|')}|gold|crown)s?\\b`,
    'iu',
  ).exec(text);
  if (sum === null) return undefined;
  const [whole, number = '', coin = ''] = sum;
  const rank = table.indexOf(coin.toLowerCase());
  const named = NUMBERS.indexOf(number.toLowerCase()) + 1;
  const count = /^an?$/iu.test(number) ? 1 : named > 0 ? named : Number(number);
  const isOfTable = rank >= 0 && count <= NUMBERS.length && count > 0;
  return {
    count,
    rank: rank >= 0 ? rank : table.length,
    words: isOfTable ? coins(count, coin.toLowerCase()) : whole.toLowerCase(),
  };
}

/** Whether nobody who sells would ask for less than this. */
function isEnough(
  { count, rank }: Offer,
  price: { readonly count: number; readonly coin: string },
  table: readonly string[],
): boolean {
  const asked = table.indexOf(price.coin);
  return rank > asked || (rank === asked && count >= price.count);
}

function coins(count: number, coin: string): string {
  return `${NUMBERS[count - 1]} ${coin}`;
}

export function help(telling: Telling): boolean {
  const { random } = telling.mind;
  if (telling.isNearSecret) return telling.say(['evade']);
  if (telling.isAfraid() || telling.wants()) return true;
  if (overlaps(telling.mind.sheet.roleStems, telling.heard.words) && telling.say(['yes', 'help']))
    return true;
  if (telling.reply.sampleAbout(telling.heard.words)) return true;
  // A yes to anything at all would be a promise; what it is comes first.
  if (random.chance(0.8)) return telling.say(['help', 'joinPerhaps', 'order']);
  return telling.say(['no', 'help']) && (telling.goOn(0.3) || true);
}

export function order(telling: Telling): boolean {
  const { random } = telling.mind;
  if (telling.isNearSecret) return telling.say(['evade']);
  if (telling.isAfraid()) return true;
  if (/\b(?:gold|coins?|money|silver|copper|purse|crowns?|pennies|penny)\b/iu.test(telling.line.text))
    return telling.say(['no', 'order']);
  return telling.say(
    random.pick([
      ['yes', 'order'],
      ['no', 'order'],
      ['order', 'no'],
    ] as const),
  );
}

/** "will you come with us?": asked twice, the answer is still the same. */
export function invite(telling: Telling): boolean {
  if (telling.isNearSecret) return telling.say(['evade']);
  if (telling.isAfraid() || telling.wants()) return true;
  const { name, talkativeness } = telling.mind.task.persona;
  const mind = seeded(`join\n${name}`).weighted(JOINING, (moment) =>
    moment === 'joinYes' ? 0.2 + talkativeness : 0.5,
  );
  return telling.say([mind, 'joinPerhaps', 'order']);
}

const JOINING = ['joinYes', 'joinPerhaps', 'joinNo'] as const;

export function offerHelp(telling: Telling): boolean {
  if (telling.mind.memory.lastSubject === 'goal') return telling.say(['helpTaken', 'offer']);
  return telling.wants() || telling.say(['quest', 'helpTaken']);
}

/** Who asks for work hears what is wanted. */
export function work(telling: Telling): boolean {
  const { sheet, memory, random, discretion } = telling.mind;
  const fresh = random
    .shuffle(sheet.goals)
    .find(({ told }) => !memory.recent.includes(told) && discretion.allows(told));
  if (fresh !== undefined && telling.say(['quest'], { goal: fresh.told })) return true;
  const fact = telling.untold();
  return (fact !== undefined && telling.tell(fact)) || telling.say(['noNews', 'moreNone']);
}

export function fare(telling: Telling): boolean {
  const { ear, task } = telling.mind;
  return telling.say(ear.sells(task.persona.role) ? ['fare', 'offer'] : ['fareNone', 'noSale']);
}
