import type { DraftTask } from '#src/core/model.ts';
import type { Bond, Persona, Secret } from '#src/core/persona.ts';
import { type Random, seeded } from '../random.ts';
import { entryOf, type Tables, type Temperament, type Thread, type Trade } from '../tables.ts';
import type { VoiceBook } from '../voice/voice-book.ts';
import { readBrief } from './brief.ts';
import { Dealer } from './deal.ts';
import { type Appearance, describe, describeFurther } from './describe.ts';
import { capitalised, echoes, render, type Slots, sentences } from './grammar.ts';
import { ageFor, nameFor, peopleFor, pronounsInPlan } from './identity.ts';
import { temperamentWeight, threadFor, voiceFor } from './inner-life.ts';
import { lookup, moodsIn } from './lookup.ts';
import type { Named } from './names.ts';
import { type Notes, readNotes } from './notes.ts';
import { pronounsIn } from './person-words.ts';
import { roleAsked, titleFor, tradeFor } from './role.ts';
import { settingOf, storyOf } from './setting.ts';
import { statBlockFor } from './stat-block.ts';

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
  // Pasted notes say where somebody is when nothing else does.
  const brief = readBrief(task.prompt.trim() === '' ? task.notes : task.prompt, task.tone, tables);
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
    fill(dealer.deal('soft', tables.characters.soft, isNew)),
    fill(dealer.deal('pressure', tables.characters.pressure, isNew)),
    fill(quirk.text),
  ];
  const personality =
    isNoted && notes.personality.length > 0
      ? [...notes.personality, inner[1], inner[2]]
      : [fill(temperament.text), ...(isNoted ? [] : [hook]), ...random.shuffle(inner)];

  const { dreads, errands, foibles } = tables.characters;
  const fillAround = (pattern: string) => render(pattern, around, random);
  const goals = nonEmpty(notes.goals) ?? [
    capitalised(fill(notYet(thread.goals, before, random))),
    capitalised(fillAround(notYet(trade.wants, before, random))),
    capitalised(fillAround(dealer.deal('errands', errands, isNew))),
  ];
  const name = named.name;
  const sheet = { name, pronouns: named.pronouns, role, goals: [...(keep.goals ?? goals)] };
  const isFull = task.depth === 'full';
  const sound = dealer.deal('sounds', tables.characters.sounds, isNew);

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
    fears: isFull
      ? (nonEmpty(notes.fears) ?? [
          capitalised(fill(notYet(thread.fears, before, random))),
          capitalised(fillAround(dealer.deal('dreads', dreads, isNew))),
        ])
      : [],
    bonds: isFull
      ? bondsFor(task, notes, {
          to: friend.name,
          tie: render(
            dealer.deal('kin', tables.gossip.kin),
            {
              ...slots,
              people: { ...slots.people, friend: { called: friend.given, pronouns: friend.pronouns } },
            },
            random,
          ),
        })
      : [],
    knowledge: isFull
      ? knowledgeFor(
          { task, notes, trade, slots: around, news: setting.place.kind.news },
          dealer,
          random,
          tables,
        )
      : [],
    secrets: isFull
      ? (nonEmpty(notes.secrets) ?? [
          secretOf(thread, before, fill, random),
          secretFrom(
            dealer.deal('foibles', foibles, ({ text }) => isNew(text)),
            fillAround,
          ),
        ])
      : [],
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

/** One that the last draft did not have, if there is one. */
function notYet(patterns: readonly string[], before: string, random: Random): string {
  const open = patterns.filter((pattern) => !echoes(before, pattern));
  return random.pick(open.length > 0 ? open : patterns);
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

function secretOf(thread: Thread, before: string, fill: (pattern: string) => string, random: Random): Secret {
  const open = thread.secrets.filter(({ text }) => !echoes(before, text));
  return secretFrom(random.pick(open.length > 0 ? open : thread.secrets), fill);
}

function secretFrom({ text, until }: Secret, fill: (pattern: string) => string): Secret {
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

function nonEmpty<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}
