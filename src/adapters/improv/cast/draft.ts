import type { DraftTask } from '#src/core/model.ts';
import { nameKey } from '#src/core/names.ts';
import type { Bond, Persona, Secret } from '#src/core/persona.ts';
import { entryOf, type Tables, type Temperament } from '../tables.ts';
import type { VoiceBook } from '../voice/voice-book.ts';
import { describe, describeFurther, nounFor } from './describe.ts';
import { capitalised, echoes, render, sentences } from './grammar.ts';
import { lookup } from './lookup.ts';
import { type Person, settlePerson } from './person.ts';
import { statBlockFor } from './stat-block.ts';

/**
 * Drafts one whole person from the tables. What stands (`keep`, the plan, the notes) is taken over and agreed with; a
 * reroll (`previous`) differs in whatever does not stand. The same task gives the same person.
 */
export function draftPersona(task: DraftTask, tables: Tables, book: VoiceBook): Persona {
  const person = settlePerson(task, tables, book);
  const { named, role, voice, age } = person;
  const outside = outsideOf(person, task, tables);
  const goals = goalsOf(person, tables);
  const sheet = { name: named.name, pronouns: named.pronouns, role, goals: [...(task.keep.goals ?? goals)] };
  const lean: Persona = {
    name: named.name,
    aliases: outside.aliases,
    pronouns: named.pronouns,
    role,
    description: outside.description,
    personality: outside.personality,
    voice: voiceOf(person, tables, book),
    mes_example: book.samples(voice, sheet, person.random),
    first_mes: `${book.greeting(voice, sheet, person.random)} ${asksOf(person, tables)}`,
    goals: [],
    fears: [],
    bonds: [],
    knowledge: [],
    secrets: [],
    talkativeness: talkativenessOf(person, task, tables),
    tags: [
      ...new Set([person.trade.id, person.setting.place.kind.id, named.culture.id, ...person.thread.moods]),
    ],
    creator_notes: task.notes === '' ? `${named.culture.line} ${person.hook}` : named.culture.line,
    extensions: { dramatis: { voice, age } },
  };
  const fresh = task.depth === 'lean' ? lean : { ...lean, goals, ...depthOf(person, task, tables) };
  return { ...fresh, ...task.keep, extensions: { ...fresh.extensions, ...task.keep.extensions } };
}

/** What a lean draft leaves for later. */
function depthOf(person: Person, task: DraftTask, tables: Tables): Partial<Persona> {
  const { trade, people, temperament, random } = person;
  const sheet = {
    fears: fearsOf(person, tables),
    bonds: bondsOf(person, task, tables),
    knowledge: knowledgeOf(person, task, tables),
    secrets: secretsOf(person, tables),
  };
  if (task.system !== '5e') return sheet;
  const archetype = entryOf(tables.archetypes, trade.stats);
  return { ...sheet, stat_block: statBlockFor(archetype, people, task.level, isDark(temperament), random) };
}

/** A weight: nothing that a reroll already said. */
function isNewTo({ before }: Person): (pattern: string) => number {
  return (pattern) => (echoes(before, pattern) ? 0 : 1);
}

/** One that the last draft did not have, if there is one. */
function oneNewTo<T extends string | Secret>({ before, random }: Person, entries: readonly T[]): T {
  const open = entries.filter((entry) => !echoes(before, typeof entry === 'string' ? entry : entry.text));
  return random.pick(open.length > 0 ? open : entries);
}

/** Looks and manners, which share the nickname that one of them earned. */
function outsideOf(
  person: Person,
  task: DraftTask,
  tables: Tables,
): { readonly description: string; readonly personality: string; readonly aliases: readonly string[] } {
  const { named, people, trade, age, notes, dealer, random, slots } = person;
  const { quirks, soft, pressure } = tables.characters;
  const isNew = isNewTo(person);
  const quirk = dealer.deal('quirks', quirks, ({ text }) => isNew(text));
  const manners = [
    dealer.deal('soft', soft, isNew),
    dealer.deal('pressure', pressure, isNew),
    quirk.text,
  ].map((pattern) => render(pattern, slots, random));
  const temper = render(person.temperament.text, slots, random);
  const looks = { people, culture: named.culture, trade, age, pronouns: named.pronouns };
  const context = { slots, dealer, random, notThis: person.before };
  // A nickname that another has would call both.
  const taken = new Set(task.takenNames.map(nameKey));
  const free = (alias: string | undefined) =>
    alias === undefined || taken.has(nameKey(alias)) ? [] : [alias];
  const own = free(named.given === named.name ? undefined : named.given);
  if (task.notes.trim() !== '') {
    const inner =
      notes.personality.length > 0 ? [...notes.personality, ...manners.slice(1)] : [temper, ...manners];
    return {
      description: [...leadOf(person, tables), describeFurther(looks, task.notes, context, tables)].join(' '),
      personality: sentences(inner.join(' ')),
      aliases: [...new Set([...notes.aliases, ...own])],
    };
  }
  const seen = describe(looks, context, tables);
  const nick = seen.nick ?? quirk.nick;
  return {
    description: seen.text,
    personality: sentences(
      [...(person.wished?.personality ?? []), temper, person.hook, ...random.shuffle(manners)].join(' '),
    ),
    aliases: [...new Set([...own, ...free(nick)])],
  };
}

/** What the notes say of their looks; where that is nothing, what they are. */
function leadOf({ notes, people, age, named }: Person, tables: Tables): readonly string[] {
  if (notes.description.length > 0) return notes.description;
  const noun = people.noun === '' ? nounFor(named.pronouns, tables) : people.noun;
  const years = { young: 'young ', grown: '', middle: 'middle-aged ', old: 'old ' }[age];
  const kind = `${years}${noun}`;
  return [`${/^[aeiou]/iu.test(kind) ? 'An' : 'A'} ${kind}.`];
}

/** Cards that all say the same things in the same order read like one form filled in again and again. */
const VOICE_ORDERS = [
  ['sound', 'manner', 'tell'],
  ['manner', 'tell'],
  ['manner', 'sound'],
  ['tell', 'manner'],
  ['sound', 'manner'],
  ['manner', 'tell', 'sound'],
] as const;

/** The notes' own words, or how it sounds, how it is used, and what gives it away. */
function voiceOf(person: Person, tables: Tables, book: VoiceBook): string {
  const { notes, voice, dealer, random, slots } = person;
  if (notes.voice.length > 0) return notes.voice.join(' ');
  const { sounds, tells } = tables.characters;
  const [sound, tell] = [
    dealer.deal('sounds', sounds, isNewTo(person)),
    dealer.deal('tells', tells, isNewTo(person)),
  ];
  const parts = { sound: `${sound}.`, manner: book.manner(voice), tell: render(tell, slots, random) };
  return dealer
    .deal('voice order', VOICE_ORDERS)
    .map((part) => parts[part])
    .join(' ');
}

/** A greeting that asks for an answer starts a talk. */
function asksOf(person: Person, tables: Tables): string {
  const { dealer, around, random } = person;
  return sentences(render(dealer.deal('asks', tables.characters.asks, isNewTo(person)), around, random));
}

/** What drives them, what their trade wants of them, and something for this week. */
function goalsOf(person: Person, tables: Tables): readonly string[] {
  const { notes, thread, trade, slots, around, dealer, random } = person;
  if (notes.goals.length > 0) return notes.goals;
  const errand = dealer.deal('errands', tables.characters.errands, isNewTo(person));
  return [
    render(oneNewTo(person, thread.goals), slots, random),
    render(oneNewTo(person, trade.wants), around, random),
    render(errand, around, random),
  ].map(capitalised);
}

function fearsOf(person: Person, tables: Tables): readonly string[] {
  const { notes, wished, thread, slots, around, dealer, random } = person;
  if (notes.fears.length > 0) return notes.fears;
  const dread = dealer.deal('dreads', tables.characters.dreads, isNewTo(person));
  const dealt = [render(oneNewTo(person, thread.fears), slots, random), render(dread, around, random)];
  return [...(wished?.fears ?? []), ...dealt].map(capitalised);
}

/** The great secret is the thread's; the small one is anybody's. */
function secretsOf(person: Person, tables: Tables): readonly Secret[] {
  const { notes, wished, thread, slots, around, dealer, random } = person;
  if (notes.secrets.length > 0) return notes.secrets;
  const isNew = isNewTo(person);
  const foible = dealer.deal('foibles', tables.characters.foibles, ({ text }) => isNew(text));
  const told = [
    { secret: oneNewTo(person, thread.secrets), filling: slots },
    { secret: foible, filling: around },
  ];
  const dealt = told.map(({ secret, filling }) => ({
    text: sentences(render(secret.text, filling, random)),
    until: render(secret.until, filling, random),
  }));
  return [...(wished?.secrets ?? []), ...dealt];
}

/** The plan's ties, then the notes'; a friend from the tables only where no notes say who there is. */
function bondsOf({ notes, slots, friend, dealer, random }: Person, task: DraftTask, tables: Tables): Bond[] {
  const ties = (task.member?.ties ?? []).map(({ to, tie }) => ({ to, tie }));
  if (task.notes !== '') return [...ties, ...notes.bonds];
  const people = { ...slots.people, friend: { called: friend.given, pronouns: friend.pronouns } };
  const tie = render(dealer.deal('kin', tables.gossip.kin), { ...slots, people }, random);
  return [...ties, { to: friend.name, tie }];
}

/** What the notes say, then gossip about the cast, news of the place, and what the trade teaches. */
function knowledgeOf(
  { notes, trade, setting, around, friend, dealer, random }: Person,
  task: DraftTask,
  tables: Tables,
): string[] {
  const tied = new Set(task.member?.ties.map(({ to }) => to));
  const [near, far] = [true, false].map((isTied) =>
    random.shuffle(task.others.filter(({ name }) => tied.has(name) === isTied)),
  );
  // Alone, they talk of a friend instead.
  const spokenOf = [
    ...(near ?? []),
    ...(far ?? []),
    ...(task.others.length === 0 && task.notes === '' ? [friend] : []),
  ];
  const patterns = dealer.dealSome('about', tables.gossip.about, Math.min(2, spokenOf.length));
  const gossip = patterns.map((pattern, index) => {
    const o = { called: spokenOf[index]?.name.split(' ')[0] ?? '', pronouns: '' };
    return render(pattern, { ...around, people: { ...around.people, o } }, random);
  });
  const common = [
    ...dealer.dealSome('news', setting.place.kind.news, 2),
    ...random.shuffle(trade.knows).slice(0, 2),
  ];
  return [
    ...notes.knowledge,
    ...[...gossip, ...common.map((pattern) => render(pattern, around, random))].map(sentences),
  ];
}

/** 0 to 1, in thousandths: what is wished for, else the temperament's, and a little of their own. */
function talkativenessOf({ temperament, random }: Person, task: DraftTask, tables: Tables): number {
  const { more, less } = tables.words.wish_talk;
  const hinted = lookup(task.hint);
  const isWished = (words: readonly string[]) => words.some((word) => hinted.has(word));
  const base = isWished(more) ? 0.85 : isWished(less) ? 0.15 : temperament.talk;
  const own = Math.round(Math.min(1, Math.max(0.05, base + (random.next() - 0.5) * 0.2)) * 1000) / 1000;
  // A reroll that comes out alike by chance is moved a little.
  return own === task.previous?.talkativeness
    ? Math.round((own + (own < 0.5 ? 0.05 : -0.05)) * 1000) / 1000
    : own;
}

function isDark(temperament: Temperament): boolean {
  return temperament.wish.some(
    (word) => word === 'cruel' || word === 'villain' || word === 'vengeful' || word === 'dangerous',
  );
}
