import { plainWords } from './words.ts';

/** What makes a line worth keeping, or not: each 0 or 1 but for `length` and `names`. */
export const TRAITS = [
  'names',
  'number',
  'money',
  'promise',
  'threat',
  'feeling',
  'secret',
  'kin',
  'death',
  'crime',
  'when',
  'where',
  'power',
  'thing',
  'revelation',
  'demand',
  'greeting',
  'table',
  'small',
  'asks',
  'acts',
  'brief',
  'narrates',
  'offers',
  'identifies',
  'happened',
  'always',
  'declines',
  'retells',
  'onlyAsks',
  'telling',
  'length',
] as const;
export type Trait = (typeof TRAITS)[number];

const words = (text: string) => new Set(text.split(/\s+/u));
/** Words that show a trait, as plain words stand in a text. */
const WORDS = {
  number: words(
    'two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty hundred hundreds thousand thousands half both once twice every first last third',
  ),
  money: words(
    'gold silver copper coppers coin coins crown crowns pay pays paid paying payment price debt debts owe owes owed fee toll bribe ransom reward tribute cost costs',
  ),
  promise: words(
    'swear swears swore sworn promise promised promises vow vowed oath oaths bargain agree agreed agreement accept pledge pledged word deal treaty serve loyal loyalty renounce quit joining testify decided accord contract',
  ),
  threat: words(
    'kill kills killed murder murdered hang hanged hurt harm burn burned burns regret threaten dogs poison poisoned poisoning destroy revenge avenge curse cursed siege army war assassin blood cut',
  ),
  feeling: words(
    'love loved loves hate hated hates forgive forgiven afraid fear fears trust trusted betray betrayed betrayal ashamed grief mourn miss jealous proud beg trusts friendship forget never',
  ),
  secret: words(
    'secret secrets secretly hide hides hid hidden hiding lie lied lies false fake forged forge real true truth really password code disguise impostor rumour rumor confess nobody reports spy traitor alone silent silence knows mark symbol recognise recognize',
  ),
  kin: words(
    'mother father brother brothers sister sisters wife husband son daughter child children uncle aunt niece nephew grandmother grandfather cousin heir family widow boy girl pregnant orphan marry married',
  ),
  death: words(
    'dead die died dies death grave buried bury drowned fell massacre corpse body ghost last alive murderer',
  ),
  crime: words(
    'steal stole stolen thief smuggle smugglers smuggled bribe prisoner prisoners prison escape escaped bandits wanted slavers cheat cheats arson taken took sold robs robbed spy guilty kidnapped',
  ),
  when: words(
    'midnight dawn tomorrow tonight sunrise sunset monday tuesday wednesday thursday friday saturday sunday winter winters spring summer autumn harvest feast festival moon week month months year years days nights ninth tide hours until',
  ),
  where: words(
    'tunnel cave cellar attic vault tower lighthouse temple abbey chapel crypt catacombs mill bridge gate pass mountains glacier marsh forest ford oak road warehouse mine quay castle ruins village city island well drain wall shop barn farm',
  ),
  power: words(
    'king queen duke duchess baron baroness count countess prince princess lord lady captain mayor magistrate priest inquisitor council guild oracle witch hag necromancer dragon demon merchant steward emperor sultan bishop order clan rebels goblins cult gods vampire werewolf beast wolf',
  ),
  thing: words(
    'ring key map letter letters sword blade amulet chest treasure ledger crown stone seal potion antidote cargo shipment deed package chalice book scroll statue cup lantern barrels weapons',
  ),
  demand: words(
    'meet bring find give deliver steal look help need want come remember beware warn warned leave leaves leaving sail sails',
  ),
} as const satisfies Partial<Record<Trait, ReadonlySet<string>>>;

const REVELATION =
  /\b(?:i(?:'m| am| was| have| had|'ve) (?:the|not|one|been|a|in|seen|given|giving)|is not who|is (?:really|actually)|it was (?:me|i|the)|my (?:name|real|true)|whoever|only (?:thing|to|both|i|by|when)|don't trust|tell no|if (?:you|i'm|anyone|the|we)|cannot|can't (?:read|swim|go|open|hold)|never (?:told|say|forgive|were))\b/iu;
const GREETING =
  /^(?:hello|hi|hey|good (?:morning|evening|day|night)|goodnight|welcome|well met|greetings|cheers|farewell|thanks?|thank you|safe travels|until next|ha+h?|hm+|oh|ah+|ugh|pfft|shh|okay|ok|yes|no|yeah|nope|sure|right|fine|alright|exactly|indeed|perhaps|maybe|damn|very|same|to your|anything|anyone|another)\b/iu;
const TABLE = words(
  'ale ales beer wine drink soup stew bread cheese salt fish apples plate hungry eat chair seat sit bed beds room fire warm cold rain weather nice lovely evening boots feet mud torch camp firewood rest sleep tired business usual boil bag door street window drinks table counter mug tune ordinary',
);
const SMALL = words(
  'think suppose guess perhaps maybe mean sorry please thing joking funny strange question questions talk wait slow hurry careful mind moment back else again stop',
);
/** What a character or the table does at this moment. */
const ACTS =
  /^(?:i|we|he|she|you|they) (?:look|looks|open|opens|shrug|shrugs|wipe|wipes|roll|laugh|laughs|walk|walks|follow|follows|check|checks|draw|draws|attack|attacks|swing|swings|take cover|wait|waits|nod|nods|smile|smiles|grunt|grunts|gather|eat|tie|light|listen|search|hum|hums|whistle|whistles|clean|hear|enter|sit|step|pick|grab|move|climb|turn|lean|drink|sigh|bow|wave|run|jump|hide behind|stand)\b/iu;

/** Somebody does something now, told from outside: "The priest mumbles a blessing". */
const NARRATES =
  /^(?:the (?:\p{Ll}+ ){1,2}|an? (?:\p{Ll}+ ){1,2}|she |he |it |they |\p{Lu}\p{Ll}+ )(?!is |was |has |does |always |knows |limps |owns |leads |wants |owes )\p{Ll}+s (?!(?:a |an )?(?:secret|lie))/u;
/** Small favours, orders and moves of the moment. */
const OFFERS =
  /\b(?:let(?:'s| us| me| you)|can we|shall we|could you|would you|do you have|who wants|i(?:'d| would) (?:like|rather)|i(?:'ll| will) (?:have|take|be|catch|go)|i'm going to|have you got|you two|after you|go ahead|come on|wake up|hand me|pass me|give (?:it|him|her|the)|some more|a moment|a minute|ready)\b/iu;
/** Who or what somebody is. */
const IDENTIFIES =
  /\b(?:i am|i'm|he's|she's|he is|she is|you are|they are|that's|it's|is|was|were|are) (?:not )?(?:my|your|his|her|our|their|the|a|an|called|wanted|to be|dead|alive|out|trapped|baked|cursed|afraid|pregnant|taken|paid|allergic|not (?:rust|dead|who))\b/iu;
/** What was done and stays done. */
const HAPPENED =
  /\b(?:\p{Ll}{3,}ed|did|came|lost|sold|made|took|built|broke|fell|left|saw|stole|went|gave|told|said|found|heard|wrote|knew|hid|met|died|sent|brought|caught|taught|led|held|kept|bought|been|were|was|used to)\b/u;
/** What holds at all times. */
const ALWAYS =
  /\b(?:always|never|only|every|nobody|no one|anyone|whoever|must|won't|can't|cannot|don't|unless|until|but only|at all|if you|because|since)\b/iu;

/** Somebody will not say, or has nothing to say; in lower case. */
const DECLINES = new RegExp(
  [
    String.raw`\b(?:no|nobody's|your) business\b|nothing to (?:add|say|tell)|\b(?:rather|sooner) not (?:speak|say|talk|tell)`,
    String.raw`\bkn[eo]w (?:nothing|no more)|(?:n't|\bnot) (?:tell|talk|speak|discuss|know|say|swear|something i)\b`,
    String.raw`\bnot for (?:sale|lending|telling)|\bnot the one to ask|\b(?:told|tells) me anything|\bopinions\b`,
    String.raw`\b(?:have to|could|might|better) ask|\bask (?:me|somebody|someone)\b|\bif any(?:body|one) knows`,
    String.raw`\b(?:told|given) you (?:all|what|that) i\b|\b(?:asked|had that from) me\b|\bonly know of|\bmaking it up`,
    String.raw`\bthat's all you get|\bwho (?:spoke of|brought up)|\bi had not thought of|\bi('ve| have) heard stranger|^so (?:you know about|it's )`,
  ].join('|'),
  'u',
);
/** What was said is told once more: who said it remembers it, and so does whoever heard it then. */
const RETELLS =
  /\b(?:said|say|says|told|tell|had it from|was this)\b[^.!?"“]{0,60}:\s*["“]|^["“][^"”]+["”]\s*(?:your|my|his|her|their) words/iu;
const SENTENCES = /[^.!?…]+[.!?…]*/gu;

/** The traits of a line; `length` and `names` as logarithms. */
export function traitsOf(text: string): Readonly<Record<Trait, number>> {
  const plain = plainWords(text);
  const has = (set: ReadonlySet<string>) => (plain.some((word) => set.has(word)) ? 1 : 0);
  const names = new Set(text.match(/(?<=[\p{L},;:’'"”] )\p{Lu}[\p{Ll}'’]+/gu) ?? []);
  names.delete('I');
  const telling = Object.values(WORDS).reduce((sum, set) => sum + has(set), 0);
  return {
    narrates: NARRATES.test(text.trimStart()) ? 1 : 0,
    offers: OFFERS.test(text) ? 1 : 0,
    identifies: IDENTIFIES.test(text) ? 1 : 0,
    happened: HAPPENED.test(text) ? 1 : 0,
    always: ALWAYS.test(text) ? 1 : 0,
    telling: Math.log1p(telling),
    length: Math.log1p(plain.length),
    names: Math.log1p(names.size),
    number: Math.max(has(WORDS.number), /\d/u.test(text) ? 1 : 0),
    money: has(WORDS.money),
    promise: has(WORDS.promise),
    threat: has(WORDS.threat),
    feeling: has(WORDS.feeling),
    secret: has(WORDS.secret),
    kin: has(WORDS.kin),
    death: has(WORDS.death),
    crime: has(WORDS.crime),
    when: has(WORDS.when),
    where: has(WORDS.where),
    power: has(WORDS.power),
    thing: has(WORDS.thing),
    revelation: REVELATION.test(text) ? 1 : 0,
    demand: has(WORDS.demand),
    greeting: GREETING.test(text.trimStart()) ? 1 : 0,
    table: has(TABLE),
    small: has(SMALL),
    declines: DECLINES.test(text.toLowerCase().replaceAll('’', "'")) ? 1 : 0,
    retells: /["“]/u.test(text) && RETELLS.test(text) ? 1 : 0,
    onlyAsks: onlyAsks(text) ? 1 : 0,
    asks: /\?\s*$/u.test(text.slice(-8)) ? 1 : 0,
    acts: ACTS.test(text.trimStart()) ? 1 : 0,
    brief: plain.length < 5 ? 1 : 0,
  };
}

/** Whether each of its sentences is a question. */
function onlyAsks(text: string): boolean {
  return text.includes('?') && (text.match(SENTENCES) ?? []).every((each) => /\?|^\s*$/u.test(each));
}

/**
 * What each trait counts for: a logistic regression (L2 of 0.001) on the labelled lines of `test/fixtures/promotion.jsonl`.
 * `npm run bench -- promotion --out FILE` fits it anew, and says how well it does on lines that it was not fitted on.
 */
const WEIGHTS: Readonly<Record<Trait, number>> = {
  names: 1.96,
  number: -0.14,
  money: -0.22,
  promise: 0.06,
  threat: 1.33,
  feeling: 0,
  secret: 0.5,
  kin: 1.47,
  death: -0.74,
  crime: 1.01,
  when: 0.18,
  where: 0.29,
  power: -0.73,
  thing: 0.73,
  revelation: 0.6,
  demand: -0.36,
  greeting: -2.17,
  table: -1.71,
  small: -0.64,
  asks: -2.53,
  acts: -2.05,
  brief: -1.51,
  narrates: 0.93,
  offers: -2.73,
  identifies: 1.01,
  happened: 1.19,
  always: 0.67,
  declines: -3.67,
  retells: -4.39,
  onlyAsks: -2.43,
  telling: 2.31,
  length: 0.24,
};
const BIAS = -1.59;

/** Lines at least this important are kept when they are as old as they are little used. */
export const KEEP_FROM = 0.75;
/** Turns even odds into `KEEP_FROM`: log(0.75) / log(0.5). */
const SCALE = Math.log(KEEP_FROM) / Math.log(0.5);

/** How much a line is worth keeping, from 0 to 1, by what its words show alone; above `KEEP_FROM` rather than not. */
export function importanceOf(text: string): number {
  const traits = traitsOf(text);
  const odds = TRAITS.reduce((sum, trait) => sum + WEIGHTS[trait] * traits[trait], BIAS);
  return (1 / (1 + Math.exp(-odds))) ** SCALE;
}
