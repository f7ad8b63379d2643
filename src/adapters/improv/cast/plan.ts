import type { CastMember } from '#src/core/entities.ts';
import type { PlanTask } from '#src/core/model.ts';
import { nameKey } from '#src/core/names.ts';
import { type Random, seeded } from '../random.ts';
import type { Circle, Culture, Tables, Thread, Trade } from '../tables.ts';
import { entryOf } from '../tables.ts';
import { type Brief, readBrief } from './brief.ts';
import { render, sentences } from './grammar.ts';
import { threadWeight } from './inner-life.ts';
import { type Named, nameSomeone } from './names.ts';
import { nameCalledFor } from './notes.ts';
import { ageIn, pronounsIn } from './person-words.ts';
import { roleAt, roleFor } from './role.ts';
import { type Setting, settingOf, storyOf } from './setting.ts';
import { tieCast } from './ties.ts';

interface Seat {
  readonly role: string;
  readonly trade: Trade;
  /** One of the group asked for, not somebody about it. */
  readonly isOfGroup: boolean;
  /** Asked for one by one: what the words say of them holds. */
  readonly isAsked?: true;
}

/** Plans a cast from the tables: distinct in name, role and hook, everybody tied. The same task gives the same cast. */
export function planCast(task: PlanTask, tables: Tables): CastMember[] {
  const random = seeded(['plan', task.seed, task.prompt, task.tone, task.level, task.count].join('|'));
  const brief = readBrief(task.prompt, task.tone, tables);
  const circle = brief.group?.circle;
  const home = circle === undefined ? (brief.trades[0]?.home ?? 'village') : homeOf(circle, tables);
  const setting = settingOf(brief, '', home, random, tables);
  // "a librarian named Saelith": the name is that of the first one asked for.
  const called = brief.roles.length > 0 ? nameCalledFor(task.prompt) : undefined;
  const isNamed = called !== undefined && !task.takenNames.some((name) => nameKey(name) === nameKey(called));
  const open = seatCast(task.count, brief, setting, isNamed, random, tables);
  const dealt = nameCast(open, brief, task.takenNames, random, tables);
  const named = isNamed
    ? dealt.map((one, index) =>
        index === 0 ? { ...one, name: called, given: called.split(' ')[0] ?? called } : one,
      )
    : dealt;
  const seats = open.map((seat, index) => ({
    ...seat,
    role: roleFor(seat.role, at(named, index).pronouns, tables),
  }));
  const names = named.map(({ name }) => name);
  const threads = threadsFor(seats, brief, random, tables);
  const cast = seats.map((seat, index) => {
    const who = at(named, index);
    const { slots } = storyOf({ named: who, trade: seat.trade }, setting, names, tables);
    const thread = at(threads, index);
    const hook = sentences(render(random.pick(thread.hooks), slots, random));
    const isKin = brief.isKin && seat.isOfGroup;
    const age = ageIn(seat.role, tables);
    return {
      seat,
      named: who,
      trade: seat.trade,
      slots,
      hook,
      isKin,
      age: age === 'young' || age === 'old' ? age : undefined,
    };
  });
  const ties = tieCast(cast, random, tables);
  return cast.map(({ named: { name }, seat, hook }, index) => ({
    name,
    role: seat.role,
    hook,
    ties: at(ties, index),
  }));
}

/** How many of a cast are of the group that was asked for; the rest are people about it. */
const GROUP_SHARE = 0.7;

/** Groups that say no more than where they are. */
const ANYBODY = /^$|\b(?:people|folk|residents|inhabitants|locals|members|staff|characters|npcs)$/u;

const ANYBODY_WORD = 'people';

/** The circle of a kind of place, where the two go by one name. */
function circleAt({ place }: Setting, tables: Tables): Circle | undefined {
  return tables.circles.find(({ id }) => id === place.kind.id);
}

/** The kind of place where most of a circle is found. */
function homeOf(circle: Circle, tables: Tables): string {
  if (tables.places.some(({ id }) => id === circle.id)) return circle.id;
  const homes = circle.posts.map(({ trade }) => entryOf(tables.trades, trade).home);
  const count = (home: string) => homes.filter((each) => each === home).length;
  return homes.reduce((most, home) => (count(home) > count(most) ? home : most));
}

/** Roles for everybody: those asked for by name, then posts of the group and people about it, then whoever lives there. */
function seatCast(
  count: number,
  brief: Brief,
  setting: Setting,
  isNamed: boolean,
  random: Random,
  tables: Tables,
): Seat[] {
  const seats: Seat[] = [];
  const sit = (seat: Seat): void => {
    if (seats.length < count && !seats.some(({ role }) => nameKey(role) === nameKey(seat.role)))
      seats.push(seat);
  };
  const here = setting.place.phrase;
  const wanted = isNamed || brief.roles.length >= Math.min(2, count) ? brief.roles : [];
  for (const { role, trade } of wanted)
    sit({
      role: / (?:of|in|at|on|aboard|under|near|for) /u.test(role) ? role : roleAt(role, here),
      trade,
      isOfGroup: true,
      isAsked: true,
    });

  const main = brief.trades[0];
  // Nobody asked for anybody in particular: those who are at home in such a place.
  const asked = brief.group?.circle;
  const isAnybody = brief.group === undefined || ANYBODY.test(brief.group.text);
  const locals =
    isAnybody &&
    (main === undefined || isNamed) &&
    (asked === undefined || asked.words.includes(ANYBODY_WORD))
      ? circleAt(setting, tables)
      : undefined;
  const circle =
    locals ??
    asked ??
    entryOf(tables.circles, brief.group === undefined && main === undefined ? 'village' : 'any');
  const groupText = brief.group?.text ?? '';
  const isStranger = circle.id === 'any' && main !== undefined;
  const group = groupText !== '' ? groupText : isStranger ? `the ${main.titles.at(-1) ?? ''} folk` : '';
  const belongs = (role: string): string => {
    if (circle === locals || circle.link === 'place' || group === '') return roleAt(role, here);
    const link = `${role} ${circle.link} ${group}`;
    const whole = `${link} ${here}`;
    return whole.length <= 62 && brief.place !== undefined ? whole : link;
  };
  for (const { role, trade } of brief.oneOfThem)
    sit({ role: belongs(role), trade, isOfGroup: true, isAsked: true });
  // Those without whom a group would not be one come first, then those of the trades that the prompt names.
  const [core, others] = [
    circle.posts.slice(0, circle.core),
    random.shuffle(circle.posts.slice(circle.core)),
  ];
  const isAsked = ({ trade }: { readonly trade: string }) => brief.trades.some(({ id }) => id === trade);
  const ordered = [...core, ...others.filter(isAsked), ...others.filter((post) => !isAsked(post))];
  const posts = ordered.map((post, index) => ({
    role: belongs(post.role),
    // The posts of a group that no table knows are filled by people of the trade that it was asked for by.
    trade: isStranger && index % 3 !== 2 ? main : entryOf(tables.trades, post.trade),
    isOfGroup: true,
  }));
  const around = random.shuffle(circle.around).map(({ role, trade: id }) => {
    const trade = entryOf(tables.trades, id);
    return { role: roleAt(role === id ? trade.title : role, here), trade, isOfGroup: false };
  });
  const inside = Math.max(1, Math.ceil((count - seats.length) * GROUP_SHARE));
  for (const seat of [...posts.slice(0, inside), ...around, ...posts.slice(inside)]) sit(seat);
  const native = tables.trades.filter(({ tags }) =>
    tags.some((tag) => setting.place.kind.tags.includes(tag)),
  );
  for (const trade of [...random.shuffle(native), ...random.shuffle(tables.trades)])
    sit({ role: roleAt(trade.title, here), trade, isOfGroup: false });
  return seats;
}

function nameCast(
  seats: readonly Seat[],
  brief: Brief,
  takenNames: readonly string[],
  random: Random,
  tables: Tables,
): Named[] {
  const everyday = random.shuffle(tables.cultures.filter((culture) => culture.everyday)).slice(0, 3);
  const wanted = brief.cultures.length > 0 ? brief.cultures : everyday;
  const cultureFor = (isOfGroup: boolean): Culture => {
    const isStranger = random.chance(brief.cultures.length > 0 ? (isOfGroup ? 0 : 0.5) : 0.15);
    if (!isStranger) return random.pick(wanted);
    return random.pick(brief.cultures.length > 0 ? everyday : tables.cultures);
  };
  const named: Named[] = [];
  // "widows", "nuns", "brothers": the word for the group says it for all of them.
  const ofGroup = pronounsIn(brief.group?.text ?? '', tables);
  let family: { name: string; culture: Culture } | undefined;
  const dealt = pronounDeck(seats.length, random);
  for (const [index, { role, isOfGroup, isAsked }] of seats.entries()) {
    const isKin = brief.isKin && isOfGroup;
    const culture = (isKin ? family?.culture : undefined) ?? cultureFor(isOfGroup);
    const taken = [...named.map(({ name }) => name), ...takenNames];
    const one = nameSomeone({
      culture,
      random,
      taken,
      pronouns:
        (isAsked ? pronounsIn(role, tables) : undefined) ?? (isOfGroup ? ofGroup : undefined) ?? dealt[index],
      family: isKin ? family?.name : undefined,
    });
    if (isKin) family ??= { name: one.name.slice(one.given.length + 1), culture };
    named.push(one);
  }
  return named;
}

/** Women and men in equal number, give or take one, and some who are neither. */
function pronounDeck(count: number, random: Random): string[] {
  const pairs = Array.from({ length: Math.ceil(count / 2) }, () => random.shuffle(['she/her', 'he/him']));
  return pairs.flat().map((pronouns) => (random.chance(0.1) ? 'they/them' : pronouns));
}

/** One thread each, no thread twice. */
function threadsFor(seats: readonly Seat[], brief: Brief, random: Random, tables: Tables): Thread[] {
  const left = new Set(tables.threads);
  return seats.map(({ trade }) => {
    const thread = random.weighted([...left], (each) => threadWeight(each, trade, brief.moods));
    left.delete(thread);
    return thread;
  });
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError('The cast has fewer members than seats.');
  return item;
}
