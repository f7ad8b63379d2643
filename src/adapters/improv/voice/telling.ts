import type { SeenLine } from '#src/core/model.ts';
import { nameKey } from '#src/core/names.ts';
import { inOneSentence } from './english.ts';
import type { Act, Heard } from './hearing.ts';
import { thingsOf } from './recollection.ts';
import type { Mind, Reply } from './reply.ts';
import { type Sayable, subjectOf, type Tie } from './sheet.ts';
import type { Slots } from './sound.ts';
import type { Moment } from './speech-schema.ts';
import { together } from './statements.ts';
import { corrected, coverage, overlaps, stem, wordsOf } from './words.ts';

/** Kinds of sample lines that can stand as a remark. */
export const REMARKS = ['statement', 'opinion', 'deed', 'joke', 'order'] as const satisfies readonly Act[];
/** After these a saying of one's own stands in nobody's way. */
const SMALL_TALK = new Set<Act>([
  'statement',
  'greeting',
  'intro',
  'name',
  'trade',
  'well',
  'thanks',
  'agree',
  'compliment',
  'joke',
  'apology',
]);
/** Sentences that fit a reply, whoever speaks. */
const MOST_SENTENCES = 4;
/** For so many lines of others people still speak of what just happened. */
const JUST_NOW_IN_LINES = 3;
/** Who said hello longer ago may say it again. */
const GREETED_WITHIN_LINES = 16;

/** What one NPC has to tell about the thing asked, and how it adds it to a reply. Everything answers: was it said? */
export class Telling {
  readonly mind: Mind;
  readonly reply: Reply;
  readonly line: SeenLine;
  readonly heard: Heard;
  readonly #slots: Slots;
  /** What this reply has told: what is told then is one thing more. */
  readonly #told = new Set<Sayable>();

  constructor(mind: Mind, reply: Reply, line: SeenLine, heard: Heard) {
    this.mind = mind;
    this.reply = reply;
    this.line = line;
    this.heard = heard;
    const { memory, sheet, random, discretion } = mind;
    const name = heard.introduced ?? memory.speakerName;
    const topic = heard.topic !== undefined && discretion.allows(heard.topic) ? heard.topic : undefined;
    const sayable = ({ told }: Sayable): boolean => discretion.allows(told);
    this.#slots = {
      ...(name !== undefined && random.chance(0.3) ? { you: name.split(' ')[0] } : {}),
      name,
      role: sheet.role,
      goal: random.shuffle(sheet.goals).find(sayable)?.told,
      fear: random.shuffle(sheet.fears).find(sayable)?.told,
      topic,
      thing: topic?.replace(/^(?:the|an?|this|that|your|my|these|those) /u, ''),
    };
  }

  get knowsSpeaker(): boolean {
    return this.#slots.name !== undefined;
  }

  /** Whether the line comes near a secret. */
  get isNearSecret(): boolean {
    return this.mind.discretion.touches(this.heard.words);
  }

  /** What the same person said before. */
  get earlier(): SeenLine | undefined {
    return this.mind.memory.others.find(({ speaker }) => speaker === this.line.speaker);
  }

  get earlierAct(): Act | undefined {
    const { earlier } = this;
    return earlier === undefined ? undefined : this.#heardBefore(earlier).act;
  }

  /** Whether this person has said hello before, in this talk. */
  get hasGreeted(): boolean {
    return this.mind.memory.othersNow
      .slice(0, GREETED_WITHIN_LINES)
      .some((line) => line.speaker === this.line.speaker && this.#heardBefore(line).act === 'greeting');
  }

  /** Whether something was just narrated, and nobody else has spoken since. */
  get hasJustSeen(): boolean {
    const latest = this.mind.memory.othersNow.find(({ speaker }) => speaker !== this.line.speaker);
    const since = this.mind.memory.othersNow.slice(0, JUST_NOW_IN_LINES);
    return (
      latest !== undefined &&
      since.includes(latest) &&
      latest.speakerKind === 'gm' &&
      this.#heardBefore(latest).act === 'narration'
    );
  }

  #heardBefore({ text, speakerKind }: SeenLine): Heard {
    return this.mind.ear.hear(text, speakerKind, this.mind.sheet.ownNames);
  }

  say(moments: readonly Moment[], more: Slots = {}): boolean {
    return this.reply.say(moments, { ...this.#slots, ...more });
  }

  /** Says one thing and, as often as `share`, adds something of its own. */
  sayAndGoOn(share: number, ...moments: readonly Moment[]): boolean {
    const wasSaid = this.say(moments);
    this.goOn(share);
    return wasSaid;
  }

  /** Says one thing and, where there is somebody, names who may know. */
  sayAndPoint(...moments: readonly Moment[]): boolean {
    const wasSaid = this.say(moments);
    this.point();
    return wasSaid;
  }

  roomFor(count: number): boolean {
    return this.reply.sentenceCount + count <= MOST_SENTENCES;
  }

  /** Adds something of its own after the answer, the more often the more it likes to talk. */
  goOn(share: number): boolean {
    const { random, task, memory, sound } = this.mind;
    const { talkativeness } = task.persona;
    if (this.reply.sentenceCount >= allowance(talkativeness) || sound.voice.habits.brief) return false;
    if (!random.chance(share * (0.4 + talkativeness))) return false;
    if (SMALL_TALK.has(this.heard.act) && this.reply.sample(REMARKS, this.mind.sampleShare / 2)) return true;
    const kind = random.next();
    const fact = this.untold();
    if (kind < 0.35 && fact !== undefined && memory.ownLineCount > 0 && this.tellAlso(fact)) return true;
    if (kind < 0.6 && this.lead()) return true;
    if (kind < 0.7 && memory.ownLineCount > 1 && this.say(['want'])) return true;
    return !memory.lastOwn.endsWith('?') && this.say(['turn']);
  }

  /** The fact that answers best: the rarer the words it shares with the question among its facts, the better. */
  fact(words: ReadonlySet<string> = this.heard.words): Sayable | undefined {
    const { sheet, memory, discretion } = this.mind;
    const { facts } = sheet;
    const vocabulary = new Set(facts.flatMap(({ stems }) => [...stems]));
    const asked = new Set([...words].map((word) => corrected(word, vocabulary)));
    const isPersonal = /\b(?:you|we|u)\b/iu.test(this.line.text);
    let best: Sayable | undefined;
    let bestScore = 0;
    for (const fact of facts) {
      let score = 0;
      for (const word of asked) {
        if (!fact.stems.has(word)) continue;
        const spread = facts.filter(({ stems }) => stems.has(word)).length;
        score += Math.log(1 + facts.length / spread);
      }
      const shared = [...asked].filter((word) => fact.stems.has(word));
      // "how do you sleep at night?" asks nothing of the night of the fire.
      if (isPersonal && shared.every((word) => PASSING_WORDS.has(word))) score = 0;
      if (memory.toldFacts.has(fact)) score *= 0.7;
      if (score > bestScore && discretion.allows(fact.told)) {
        best = fact;
        bestScore = score;
      }
    }
    return best;
  }

  untold(): Sayable | undefined {
    const { sheet, memory, random, discretion } = this.mind;
    return random
      .shuffle(sheet.facts)
      .find((fact) => !memory.toldFacts.has(fact) && discretion.allows(fact.told));
  }

  /** An untold fact that has to do with this one. */
  linked({ stems }: Sayable): Sayable | undefined {
    const { sheet, memory } = this.mind;
    return sheet.facts.find((fact) => !memory.toldFacts.has(fact) && overlaps(fact.stems, stems));
  }

  tellAlso({ told, clause }: Sayable): boolean {
    const isFirst =
      this.#told.size === 0 && (this.mind.memory.toldFacts.size === 0 || this.mind.random.chance(0.5));
    return this.say(isFirst ? ['tell', 'also'] : ['also', 'tell'], {
      fact: told,
      clause,
    });
  }

  /** Answers from bonds, knowledge, what it is like, goals or fears. */
  knows(): boolean {
    const tie = this.tie();
    if (tie !== undefined) return this.tellTie(tie);
    // "who is the tax lady?": somebody it is tied to, by what the tie says.
    const told = this.heard.questionWord === 'who' ? this.#tieTelling(1) : undefined;
    if (told !== undefined && !this.mind.memory.toldTies.has(told.to)) return this.tellTie(told);
    const fact = this.fact();
    if (fact !== undefined) return this.tell(fact);
    const spokenOf = this.#tieTelling(2);
    if (spokenOf !== undefined)
      return this.mind.memory.toldTies.has(spokenOf.to) ? this.say(['swear']) : this.tellTie(spokenOf);
    return this.#ofItself() || this.#touched('goals', 'want') || this.isAfraid();
  }

  /** The tie that shares so many words with the line. */
  #tieTelling(atLeast: number): Tie | undefined {
    return this.mind.sheet.ties.find(
      ({ stems }) => [...this.heard.words].filter((word) => stems.has(word)).length >= atLeast,
    );
  }

  #ofItself(): boolean {
    const { heard, mind, reply } = this;
    const near = mind.sheet.traits.find(({ stems }) => overlaps(stems, heard.words));
    if (near !== undefined && this.say(['trait'], { fact: near.told, clause: near.clause })) return true;
    if (reply.sampleAbout(heard.words) || this.looks()) return true;
    const seen = mind.sheet.looks.find(
      ({ told, stems }) => told !== undefined && overlaps(stems, heard.words),
    );
    if (seen !== undefined && this.say(['looks'], { fact: seen.told })) return true;
    const asksWho = heard.questionWord === undefined || /^(?:who|what|which)$/u.test(heard.questionWord);
    return asksWho && overlaps(mind.sheet.roleStems, heard.words) && this.say(['aboutMe']);
  }

  /** What it is like, in a sentence not said yet. */
  trait(): boolean {
    const { random, sheet } = this.mind;
    return random
      .shuffle(sheet.traits)
      .some(({ told, clause }) => this.roomFor(1) && this.say(['trait'], { fact: told, clause }));
  }

  /** What anybody can see of it, where that is spoken of. */
  looks(): boolean {
    const yours = this.line.text.matchAll(/\b(?:your|ur) ([\p{L}'’-]+)(?: ([\p{L}'’-]+))?/giu);
    const meant = new Set([...yours].flatMap(([, one = '', two = '']) => [stem(one), stem(two)]));
    const seen = this.mind.sheet.looks.find(({ stems }) => overlaps(stems, meant));
    if (seen === undefined) return false;
    return seen.told === undefined ? this.say(['look']) : this.say(['looks'], { fact: seen.told });
  }

  /** A sheet's own price: "The toll is one word." */
  priceOfOwn(): boolean {
    const { facts } = this.mind.sheet;
    const { words } = this.heard;
    const things = thingsOf(words);
    const known = facts.find(
      ({ stems, told }) =>
        (PRICED.test(told) || overlaps(stems, PRICE_WORDS)) &&
        (things.size === 0 ? overlaps(stems, PRICE_WORDS) : overlaps(stems, things)),
    );
    if (known !== undefined && this.mind.discretion.allows(known.told)) return this.tell(known);
    return this.reply.sampleAbout(new Set([...PRICE_WORDS, ...things]), things.size > 0 ? 2 : 1);
  }

  wants(): boolean {
    return this.#touched('goals', 'helpGoal');
  }

  isAfraid(): boolean {
    return this.#touched('fears', 'reluctance');
  }

  tell(fact: Sayable): boolean {
    const { memory, random } = this.mind;
    const slots = { fact: fact.told, clause: fact.clause };
    if (memory.toldFacts.has(fact)) {
      if (memory.isRepeated && random.chance(0.5)) this.say(['again']);
      const again = { ...slots, clause: this.#partAsked(fact), part: this.#statementAsked(fact) };
      return this.say(['retold', 'alreadyTold'], again) && (this.lead() || true);
    }
    // Said before in the very same words: say so instead.
    const opens = random.chance(0.35) && this.#isAboutTopic(fact);
    if (!this.say(opens ? ['tellTopic', 'tell'] : ['tell'], slots))
      return this.say(['retold', 'alreadyTold'], { ...slots, part: this.#statementAsked(fact) });
    this.#told.add(fact);
    this.goOn(0.25);
    return true;
  }

  #isAboutTopic({ stems }: Sayable): boolean {
    return coverage(this.mind.ear.meaning(this.#slots.topic ?? ''), stems) === 1;
  }

  /** Of a fact told before, the sentence that has most to do with the line. */
  #partAsked({ clause, clauses }: Sayable): string | undefined {
    if (clause !== undefined) return clause;
    const { heard, mind } = this;
    return clauses
      .map((part) => ({ part, share: coverage(heard.words, mind.ear.meaning(part)) }))
      .filter(({ share }) => share > 0)
      .sort((one, other) => other.share - one.share)[0]?.part;
  }

  /** Of a fact of several statements, the one that has most to do with the line, in one sentence. */
  #statementAsked({ told }: Sayable): string | undefined {
    const { heard, mind } = this;
    const [asked] = together(told)
      .map((part) => ({ part, share: coverage(heard.words, mind.ear.meaning(part)) }))
      .sort((one, other) => other.share - one.share);
    return asked === undefined ? undefined : inOneSentence(asked.part, mind.sheet.names);
  }

  /** Whom the line asks about: by a word of the name, or by what they are ("your sister"). */
  tie(words: ReadonlySet<string> = this.heard.words): Tie | undefined {
    const { ties } = this.mind.sheet;
    const names = new Set(ties.flatMap(({ nameStems }) => [...nameStems]));
    const asked = [...words].map((word) => corrected(word, names));
    const byName = ties.find(({ nameStems }) => asked.some((word) => nameStems.has(word)));
    if (byName !== undefined || !/\byour?\b/iu.test(this.line.text)) return byName;
    const kin = this.kin();
    return ties.find(({ stems }) => kin.some((word) => stems.has(word)));
  }

  /** What kin or company the line asks about. */
  kin(): string[] {
    return [...this.heard.words].filter((word) => KIN.has(word));
  }

  tellTie(tie: Tie): boolean {
    const { memory, task } = this.mind;
    if (tie.told === undefined) return this.say(['bondHidden', 'evade'], { other: tie.to });
    const slots = { other: tie.to, tie: tie.told };
    if (memory.toldTies.has(tie.to)) {
      const more = this.fact(tie.nameStems);
      if (more !== undefined && !memory.toldFacts.has(more)) return this.tellAlso(more);
      return this.say(['bondAgain'], slots);
    }
    const isHere = task.present.some((name) => nameKey(name) === nameKey(tie.to));
    return (
      this.say(isHere ? ['bondPresent', 'bond'] : ['bond', 'bondAgain'], slots) && (this.goOn(0.15) || true)
    );
  }

  /** Names somebody who may know. */
  point(): boolean {
    const { sheet, task, random, memory } = this.mind;
    const bonded = sheet.ties.map(({ to }) => to);
    // Who plays is not sent to who plays: of those here only bonds, and NPCs that have spoken, are known to be none.
    const present = task.present.filter((name) =>
      task.transcript.some(({ speaker, speakerKind }) => speakerKind === 'npc' && isSame(speaker, name)),
    );
    const players = [this.line.speaker, memory.speakerName ?? '', ...this.#players()];
    const others = [...new Set([...present, ...bonded])].filter(
      (name) =>
        this.#isOther(name) &&
        !players.some((player) => isSame(player, name)) &&
        !memory.recent.includes(name) &&
        !wordsOf(name).some((word) => this.heard.words.has(stem(word))),
    );
    return others.length > 0 && this.roomFor(1) && this.say(['point'], { other: random.pick(others) });
  }

  #players(): string[] {
    return this.mind.task.transcript.flatMap(({ speaker, speakerKind }) =>
      speakerKind === 'character' ? [speaker] : [],
    );
  }

  /** Names a thing that it could be asked about. */
  lead(): boolean {
    const { memory, sheet, ear, random } = this.mind;
    const leads = sheet.facts
      .filter((fact) => !memory.toldFacts.has(fact) && !this.#told.has(fact))
      .map(({ told }) => subjectOf(told, ear));
    // What was asked for was told, or is not known.
    const known = random
      .shuffle(leads)
      .find(
        (lead) =>
          lead !== undefined &&
          !memory.recent.includes(lead) &&
          !overlaps(ear.meaning(lead), this.heard.words),
      );
    return known !== undefined && this.roomFor(1) && this.say(['lead'], { known });
  }

  /** Somebody in the scene who is no friend or enemy: let them speak for themselves. */
  someoneHere(): boolean {
    const other = this.mind.task.present.find(
      (name) => this.#isOther(name) && wordsOf(name).some((word) => this.heard.words.has(stem(word))),
    );
    return other !== undefined && this.say(['present'], { other });
  }

  #touched(kind: 'goals' | 'fears', moment: 'want' | 'helpGoal' | 'reluctance'): boolean {
    const near = this.mind.sheet[kind].find(({ stems }) => overlaps(stems, this.heard.words));
    if (near === undefined) return false;
    if (this.mind.memory.recent.toLowerCase().includes(near.told.toLowerCase()))
      return this.say(['alreadyTold', 'whyGoal']);
    return this.say([moment], kind === 'goals' ? { goal: near.told } : { fear: near.told });
  }

  /** Whether this names a person other than the one answered, and not a seat at the table. */
  #isOther(name: string): boolean {
    return (
      !isSame(name, this.line.speaker) &&
      /^\p{L}[\p{L}\p{N} .'’-]{0,39}$/u.test(name) &&
      !/^(?:gm|dm|game ?master|narrator|player|you|me|guest|user)\b/iu.test(name)
    );
  }
}

/** Whether two names mean one person: "Mira" is "Mira Voss". */
function isSame(one: string, other: string): boolean {
  const [shorter = '', longer = ''] = [nameKey(one), nameKey(other)].sort((a, b) => a.length - b.length);
  return shorter !== '' && ` ${longer} `.includes(` ${shorter} `);
}

/** Most sentences before something of its own is left out. */
function allowance(talkativeness: number): number {
  return Math.max(1, Math.min(MOST_SENTENCES, 1 + Math.round(talkativeness * 3)));
}

/** Words that turn up in any talk. */
const PASSING_WORDS = new Set(
  'night man men people person house place town morning evening hand door'.split(' ').map(stem),
);

/** "four copper", "2 gp". */
const PRICED =
  /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half an?|an?) (?:gold|silver|coppers?|crowns?|pennies|penny|pence|marks?|coins?|[gsc]p)\b/iu;

/** A sample line with one of these says what somebody asks for. */
const PRICE_WORDS = new Set('toll price cost pay paid penny charge fee cheap'.split(' ').map(stem));

const KIN = new Set(
  'sister brother mother father son daughter wife husband cousin uncle aunt partner rival captain master apprentice boss employer neighbour neighbor lover child'
    .split(' ')
    .map(stem),
);
