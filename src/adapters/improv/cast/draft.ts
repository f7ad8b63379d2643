import type { DraftTask } from '#src/core/model.ts';
import type { Bond, Persona } from '#src/core/persona.ts';
import { type Random, seeded } from '../random.ts';
import { type Age, entryOf, type Tables, type Temperament, type Thread, type Trade } from '../tables.ts';
import type { VoiceBook } from '../voice/voice-book.ts';
import { lookup, moodsIn, peopleIn, readBrief, tradesIn } from './brief.ts';
import { Dealer } from './deal.ts';
import { type Appearance, describe, describeFurther } from './describe.ts';
import { capitalised, echoes, render, type Slots, sentences } from './grammar.ts';
import { type Named, nameSomeone, readName } from './names.ts';
import { type Notes, nameCalledFor, readNotes } from './notes.ts';
import { AGES, ageIn, ageInTies, pronounsIn } from './person-words.ts';
import { threadWeight, titleFor } from './plan.ts';
import { settingOf, storyOf } from './setting.ts';
import { statBlockFor } from './stat-block.ts';

/** What a draft leaves on the sheet for the next one: how they speak, and how old they are. */
interface Marks {
  readonly voice: string | undefined;
  readonly age: Age | undefined;
}

function marksOf(persona: Partial<Persona> | undefined): Marks {
  const own = persona?.extensions?.dramatis;
  const read = (key: string): unknown =>
    typeof own === 'object' && own !== null ? Reflect.get(own, key) : undefined;
  const voice = read('voice');
  return {
    voice: typeof voice === 'string' ? voice : undefined,
    age: AGES.find((age) => age === read('age')),
  };
}

/**
 * Drafts one whole person from the tables. What stands (`keep`, the plan, the notes) is taken over and agreed with; a
 * reroll (`previous`) differs in whatever does not stand. The same task gives the same person.
 */
export function draftPersona(task: DraftTask, tables: Tables, book: VoiceBook): Persona {
  const { keep, member, previous } = task;
  const random = seeded(
    ['draft', task.seed, member?.name, task.prompt, task.notes, task.hint, previous?.description].join('|'),
  );
  const notes = readNotes(task.notes, tables);
  const brief = readBrief(task.prompt, task.tone, tables);
  const hinted = lookup(task.hint);
  const moods = [...new Set([...brief.moods, ...moodsIn(task.hint, tables)])];

  const asked = roleAsked(task, notes, tables);
  const trade = asked.trade ?? brief.trades[0] ?? tradeFor(brief.placeKind?.tags, random, tables);
  const pronouns =
    keep.pronouns ??
    pronounsIn(task.hint, tables) ??
    notes.pronouns ??
    pronounsInPlan(task, tables) ??
    (keep.name === undefined ? undefined : previous?.pronouns);
  const named = nameFor(task, notes, pronouns, random, tables);
  const others = task.others.map(({ name }) => name);
  const roles = [
    asked.role,
    member?.role,
    keep.role,
    task.notes,
    ...task.others.map(({ role }) => role),
  ].join('\n');
  const setting = settingOf(brief, roles, trade.home, random, tables);
  const role = asked.role ?? `${titleFor(trade.titles, named.pronouns)} ${setting.place.phrase}`;
  const { slots, around, friend } = storyOf({ named, trade }, setting, others, tables);
  const fill = (pattern: string) => render(pattern, slots, random);

  const dealer = new Dealer([named.name, ...others], named.name, random);
  const keptText = textOf(keep);
  const before = textOf(previous);
  const age = ageFor(task, role, random, tables);
  const temperament = dealer.deal('temperaments', tables.characters.temperaments, (each) =>
    temperamentWeight(each, {
      wishes: hinted,
      notes: lookup(task.notes),
      moods,
      trade,
      keptText,
      before,
    }),
  );
  const thread = threadFor({ member, keptText, before, moods, trade, task }, dealer, tables);
  const voice = voiceFor({ keep, previous, trade, temperament, age }, dealer, book);
  const people = peopleFor(task, named, tables);
  const appearance: Appearance = { people, culture: named.culture, trade, age, pronouns: named.pronouns };
  const quirk = dealer.deal('quirks', tables.characters.quirks, ({ text }) => (echoes(before, text) ? 0 : 1));
  const looks = describe(appearance, { slots, dealer, random, notThis: before }, tables);
  const isNoted = task.notes.trim() !== '';

  const hook = member?.hook ?? sentences(fill(random.pick(thread.hooks)));
  const inner = [
    fill(dealer.deal('soft', tables.characters.soft, (each) => (echoes(before, each) ? 0 : 1))),
    fill(dealer.deal('pressure', tables.characters.pressure, (each) => (echoes(before, each) ? 0 : 1))),
    fill(quirk.text),
  ];
  const personality =
    isNoted && notes.personality.length > 0
      ? [...notes.personality, inner[1], inner[2]]
      : [fill(temperament.text), ...(isNoted ? [] : [hook]), ...random.shuffle(inner)];

  const goals = nonEmpty(notes.goals) ?? [
    capitalised(fill(notYet(thread.goals, before, random))),
    capitalised(render(notYet(trade.wants, before, random), around, random)),
  ];
  const name = named.name;
  const sheet = { name, pronouns: named.pronouns, role, goals: [...(keep.goals ?? goals)] };
  const isFull = task.depth === 'full';
  const sound = dealer.deal('sounds', tables.characters.sounds, (each) => (echoes(before, each) ? 0 : 1));

  const fresh: Persona = {
    name,
    aliases: aliasesFor(named, notes, looks.nick ?? quirk.nick),
    pronouns: named.pronouns,
    role,
    description: isNoted
      ? [
          ...notes.description,
          describeFurther(appearance, task.notes, { slots, dealer, random }, tables),
        ].join(' ')
      : looks.text,
    personality: sentences(personality.join(' ')),
    voice: nonEmpty(notes.voice)?.join(' ') ?? `${sound}. ${book.manner(voice)}`,
    mes_example: book.samples(voice, sheet, random),
    first_mes: book.greeting(voice, sheet, random),
    goals: isFull ? goals : [],
    fears: isFull ? (nonEmpty(notes.fears) ?? [capitalised(fill(notYet(thread.fears, before, random)))]) : [],
    bonds: isFull
      ? bondsFor(task, notes, { to: friend.name, tie: fill(dealer.deal('kin', tables.gossip.kin)) })
      : [],
    knowledge: isFull
      ? knowledgeFor(
          { task, notes, trade, slots: around, news: setting.place.kind.news },
          dealer,
          random,
          tables,
        )
      : [],
    secrets: isFull ? (nonEmpty(notes.secrets) ?? [secretOf(thread, before, fill, random)]) : [],
    talkativeness: talkFor(temperament, task, random, tables),
    ...(task.system === '5e' && isFull
      ? {
          stat_block: statBlockFor(
            entryOf(tables.archetypes, trade.stats),
            people,
            task.level,
            isDark(temperament),
            random,
          ),
        }
      : {}),
    tags: [...new Set([trade.id, setting.place.kind.id, named.culture.id, ...thread.moods])],
    creator_notes: `${named.culture.line} ${isNoted ? '' : hook}`.trim(),
    extensions: { dramatis: { voice, age } },
  };
  return { ...fresh, ...keep, extensions: { ...fresh.extensions, ...keep.extensions } };
}

/** Everything a sheet says, to find again what it was made of. */
function textOf(persona: Partial<Persona> | undefined): string {
  if (persona === undefined) return '';
  const { description, personality, voice, mes_example, goals, fears, secrets, knowledge } = persona;
  return [
    description,
    personality,
    voice,
    mes_example,
    goals,
    fears,
    secrets?.map(({ text }) => text),
    knowledge,
  ]
    .flat()
    .join('\n');
}

function nonEmpty<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

/** One that the last draft did not have, if there is one. */
function notYet(patterns: readonly string[], before: string, random: Random): string {
  const open = patterns.filter((pattern) => !echoes(before, pattern));
  return random.pick(open.length > 0 ? open : patterns);
}

/** The role that stands or is asked for, and the trade that it is nearest to. */
function roleAsked(
  task: DraftTask,
  notes: Notes,
  tables: Tables,
): { role?: string; trade?: Trade | undefined } {
  const { keep, member, hint, prompt } = task;
  const planned = member?.role;
  if (keep.role !== undefined) return { role: keep.role, trade: tradeOfRole(keep.role, tables) };
  const wished = tradesIn(hint, tables)[0];
  if (wished !== undefined) return { trade: wished };
  if (planned !== undefined) return { role: planned, trade: tradeOfRole(planned, tables) };
  if (notes.role !== undefined)
    return { role: notes.role, trade: tradeOfRole(notes.role, tables) ?? tradesIn(task.notes, tables)[0] };
  const brief = readBrief(prompt, undefined, tables);
  const [only] = brief.roles;
  const named = only ?? plainRole(prompt, tables);
  if (named === undefined) return { trade: tradesIn(prompt, tables)[0] ?? tradesIn(task.notes, tables)[0] };
  return brief.place === undefined || /\b(?:of|in|at|on|aboard|under|near)\b/u.test(named.role)
    ? named.role.toLowerCase() === named.trade.title
      ? { trade: named.trade }
      : { role: withPlace(named.role, named.trade, task, tables), trade: named.trade }
    : { role: `${named.role} ${brief.place.phrase}`, trade: named.trade };
}

/** "gruff dwarven barkeep": a prompt that is nothing but a role. */
function plainRole(prompt: string, tables: Tables): { role: string; trade: Trade } | undefined {
  const head = prompt.trim().split(/[,.;\n]|\s(?:who|that|with|in|at|of|on|aboard|from)\s/u)[0] ?? '';
  const trade = tradesIn(head, tables)[0];
  return trade === undefined || head.length > 60 || head.split(' ').length > 5
    ? undefined
    : { role: head.trim(), trade };
}

/** A role without a place gets one, so that two barkeeps are barkeeps of two taverns. */
function withPlace(role: string, trade: Trade, task: DraftTask, tables: Tables): string {
  if (/\s(?:of|in|at|on|aboard|under|near)\s/u.test(role)) return role;
  const random = seeded(`place|${task.seed}|${task.prompt}|${task.hint}`);
  return `${role} ${random.pick(entryOf(tables.places, trade.home).names)}`;
}

/** The trade of a planned role: the post's own, or one that the words name. */
export function tradeOfRole(role: string, tables: Tables): Trade | undefined {
  const posts = tables.circles.flatMap(({ posts, around }) => [...posts, ...around]);
  const post = posts
    .filter((each) => role.startsWith(`${each.role} `) && each.role !== each.trade)
    .reduce<(typeof posts)[number] | undefined>(
      (best, each) => (best === undefined || each.role.length > best.role.length ? each : best),
      undefined,
    );
  if (post !== undefined) return entryOf(tables.trades, post.trade);
  const head = role.split(/\s(?:of|in|at|on|for|aboard|among)\s/u)[0] ?? role;
  return tradesIn(head, tables)[0] ?? tradesIn(role, tables)[0];
}

function tradeFor(tags: readonly string[] | undefined, random: Random, tables: Tables): Trade {
  const local = tables.trades.filter(
    (trade) => tags === undefined || trade.tags.some((tag) => tags.includes(tag)),
  );
  return random.pick(local.length > 0 ? local : tables.trades);
}

/** Pronouns that the plan uses of somebody whose name says nothing to the tables. */
function pronounsInPlan({ member, others }: DraftTask, tables: Tables): string | undefined {
  if (member === undefined || readName(member.name, tables) !== undefined) return undefined;
  const said = others.flatMap(({ ties }) =>
    ties.filter(({ to }) => to === member.name).map(({ tie }) => tie),
  );
  return pronounsIn([member.role, member.hook].join(' '), tables) ?? pronounsIn(said.join(' '), tables);
}

function nameFor(
  task: DraftTask,
  notes: Notes,
  pronouns: string | undefined,
  random: Random,
  tables: Tables,
): Named {
  const { keep, member, previous } = task;
  const brief = readBrief(`${task.prompt} ${task.notes} ${task.hint}`, undefined, tables);
  const culture = random.pick(
    brief.cultures.length > 0
      ? brief.cultures
      : tables.cultures.filter(({ everyday }) => everyday || random.chance(0.15)),
  );
  const given = keep.name ?? member?.name ?? notes.name ?? nameCalledFor(`${task.hint}\n${task.prompt}`);
  if (given !== undefined) {
    const known = readName(given, tables);
    const first = given.split(' ')[0] ?? given;
    const own: Named = known ?? {
      name: given,
      given: first,
      culture,
      pronouns: seeded(`pronouns|${given}`).pick(['she/her', 'he/him']),
    };
    return { ...own, pronouns: pronouns ?? own.pronouns };
  }
  const taken = [
    ...task.others.map(({ name }) => name),
    ...(previous === undefined ? [] : [previous.name]),
    ...task.takenNames,
  ];
  const named = nameSomeone({ culture, random, taken, pronouns });
  return { ...named, pronouns: pronouns ?? named.pronouns };
}

function ageFor(task: DraftTask, role: string, random: Random, tables: Tables): Age {
  const { keep, previous, member, hint } = task;
  const standing = marksOf(keep).age ?? (keep.description === undefined ? undefined : marksOf(previous).age);
  if (standing !== undefined) return standing;
  const hinted = lookup(hint);
  const was = AGES.indexOf(marksOf(previous).age ?? 'grown');
  const { older, younger } = tables.words;
  if (older.some((word) => hinted.has(word))) return AGES[Math.min(AGES.length - 1, was + 1)] ?? 'old';
  if (younger.some((word) => hinted.has(word))) return AGES[Math.max(0, was - 1)] ?? 'young';
  return (
    ageIn(hint, tables) ??
    ageIn(task.notes, tables) ??
    ageInTies(member?.ties.map(({ tie }) => tie) ?? [], tables) ??
    ageIn(role, tables) ??
    (member === undefined ? ageIn(task.prompt, tables) : undefined) ??
    random.weighted(AGES, (age) => ({ young: 2, grown: 5, middle: 5, old: 2 })[age])
  );
}

function temperamentWeight(
  temperament: Temperament,
  from: {
    readonly wishes: ReturnType<typeof lookup>;
    readonly notes: ReturnType<typeof lookup>;
    readonly moods: readonly string[];
    readonly trade: Trade;
    readonly keptText: string;
    readonly before: string;
  },
): number {
  if (echoes(from.before, temperament.text) && !echoes(from.keptText, temperament.text)) return 0;
  const isKept = echoes(from.keptText, temperament.text);
  const isWished = temperament.wish.some((word) => from.wishes.has(word));
  const isNoted = temperament.wish.some((word) => from.notes.has(word));
  const suits = temperament.suits.some((tag) => from.trade.tags.includes(tag)) ? 2 : 1;
  const mood = temperament.moods.some((each) => from.moods.includes(each)) ? 3 : 1;
  return suits * mood * (isKept ? 1e6 : 1) * (isWished ? 1000 : 1) * (isNoted ? 100 : 1);
}

/** The thread that the plan's hook or the kept fields already tell; else one that suits. */
function threadFor(
  from: {
    readonly member: DraftTask['member'];
    readonly keptText: string;
    readonly before: string;
    readonly moods: readonly string[];
    readonly trade: Trade;
    readonly task: DraftTask;
  },
  dealer: Dealer,
  tables: Tables,
): Thread {
  const patterns = (thread: Thread) => [
    ...thread.hooks,
    ...thread.goals,
    ...thread.fears,
    ...thread.secrets.map(({ text }) => text),
  ];
  const told = [from.member?.hook ?? '', from.keptText].join('\n');
  const tells = (some: (thread: Thread) => readonly string[]) =>
    tables.threads.find((thread) => some(thread).some((pattern) => echoes(told, pattern)));
  const standing = tells(({ hooks }) => hooks) ?? tells(patterns);
  if (standing !== undefined) return standing;
  const hint = lookup(from.task.hint);
  return dealer.deal('threads', tables.threads, (thread) => {
    if (patterns(thread).some((pattern) => echoes(from.before, pattern))) return 0;
    return threadWeight(thread, from.trade, from.moods) * (hint.has(thread.id.replaceAll('-', ' ')) ? 50 : 1);
  });
}

function voiceFor(
  from: {
    readonly keep: Partial<Persona>;
    readonly previous: Persona | undefined;
    readonly trade: Trade;
    readonly temperament: Temperament;
    readonly age: Age;
  },
  dealer: Dealer,
  book: VoiceBook,
): string {
  const { keep, previous, trade, temperament, age } = from;
  const kept = keep.voice;
  const standing =
    marksOf(keep).voice ??
    (kept === undefined
      ? undefined
      : (book.ids.find((id) => kept.includes(book.manner(id))) ?? marksOf(previous).voice));
  if (standing !== undefined && book.ids.includes(standing)) return standing;
  const wanted = new Set<string>([...trade.tags, ...temperament.suits, ...temperament.moods, age]);
  const was = marksOf(previous).voice;
  return dealer.deal('voices', book.ids, (id) => {
    const suits = book.suits(id);
    // A voice of the young is none for the old, nor the reverse.
    const isOffAge = (suits.includes('young') && age === 'old') || (suits.includes('old') && age === 'young');
    if (id === was) return 0;
    return (1 + 2 * suits.filter((tag) => wanted.has(tag)).length) * (isOffAge ? 0.02 : 1);
  });
}

function peopleFor(task: DraftTask, named: Named, tables: Tables) {
  const asked = peopleIn(
    [task.hint, task.notes, task.keep.role, task.keep.description, task.prompt].join(' '),
    tables,
  );
  const fitting = asked.find(({ cultures }) => cultures.length === 0 || cultures.includes(named.culture.id));
  const isGiven = task.notes !== '' || task.hint !== '';
  return fitting ?? (isGiven ? asked[0] : undefined) ?? entryOf(tables.people, named.culture.people);
}

function aliasesFor(named: Named, notes: Notes, nick: string | undefined): string[] {
  const aliases = [
    ...notes.aliases,
    ...(named.given === named.name ? [] : [named.given]),
    ...(nick === undefined || notes.name !== undefined ? [] : [nick]),
  ];
  return [...new Set(aliases.filter((alias) => alias !== ''))];
}

function bondsFor(task: DraftTask, notes: Notes, friend: Bond): Bond[] {
  const ties = (task.member?.ties ?? []).map(({ to, tie }) => ({ to, tie }));
  // Notes may say that there is nobody; the tables then add nobody.
  return [...ties, ...notes.bonds, ...(task.notes === '' ? [friend] : [])];
}

function knowledgeFor(
  from: {
    readonly task: DraftTask;
    readonly notes: Notes;
    readonly trade: Trade;
    readonly slots: Slots;
    readonly news: readonly string[];
  },
  dealer: Dealer,
  random: Random,
  tables: Tables,
): string[] {
  const { task, notes, trade, slots, news } = from;
  const tied = new Set(task.member?.ties.map(({ to }) => to));
  const others = random
    .shuffle(task.others)
    .sort((one, other) => Number(tied.has(other.name)) - Number(tied.has(one.name)));
  const about = dealer
    .dealSome('about', tables.gossip.about, Math.min(2, others.length))
    .map((pattern, index) => {
      const other = others[index];
      const called = other === undefined ? '' : (other.name.split(' ')[0] ?? other.name);
      return render(pattern, { ...slots, people: { ...slots.people, o: { called, pronouns: '' } } }, random);
    });
  const common = [
    ...dealer.dealSome('news', news, 2).map((pattern) => render(pattern, slots, random)),
    ...random
      .shuffle(trade.knows)
      .slice(0, 2)
      .map((pattern) => render(pattern, slots, random)),
  ];
  return [...notes.knowledge, ...[...about, ...common].map(sentences)];
}

function secretOf(
  thread: Thread,
  before: string,
  fill: (pattern: string) => string,
  random: Random,
): Persona['secrets'][number] {
  const open = thread.secrets.filter(({ text }) => !echoes(before, text));
  const { text, until } = random.pick(open.length > 0 ? open : thread.secrets);
  return { text: sentences(fill(text)), until: fill(until) };
}

function talkFor(temperament: Temperament, { hint }: DraftTask, random: Random, tables: Tables): number {
  const hinted = lookup(hint);
  const { more, less } = tables.words.wish_talk;
  const base = more.some((word) => hinted.has(word))
    ? 0.85
    : less.some((word) => hinted.has(word))
      ? 0.15
      : temperament.talk;
  return Math.round(Math.min(1, Math.max(0.05, base + (random.next() - 0.5) * 0.2)) * 100) / 100;
}

function isDark(temperament: Temperament): boolean {
  return temperament.wish.some(
    (word) => word === 'cruel' || word === 'villain' || word === 'vengeful' || word === 'dangerous',
  );
}
