import type { DraftTask } from '#src/core/model.ts';
import type { Persona } from '#src/core/persona.ts';
import { type Random, seeded } from '../random.ts';
import type { Age, People, Tables, Temperament, Thread, Trade } from '../tables.ts';
import type { VoiceBook } from '../voice/voice-book.ts';
import { readBrief } from './brief.ts';
import { Dealer } from './deal.ts';
import { echoes, render, type Slots, sentences } from './grammar.ts';
import { ageFor, nameFor, peopleFor, pronounsInPlan } from './identity.ts';
import { temperamentWeight, threadFor, voiceFor } from './inner-life.ts';
import { lookup, moodsIn } from './lookup.ts';
import type { Named } from './names.ts';
import { type Notes, nameCalledFor, readNotes } from './notes.ts';
import { pronounsIn } from './person-words.ts';
import { roleAsked, roleAt, titleFor, tradeFor } from './role.ts';
import { type Setting, settingOf, storyOf } from './setting.ts';

/** Somebody as they are settled before a word of the sheet is written: everything else follows from this. */
export interface Person {
  readonly named: Named;
  readonly role: string;
  readonly trade: Trade;
  readonly age: Age;
  readonly people: People;
  readonly setting: Setting;
  readonly temperament: Temperament;
  readonly thread: Thread;
  /** What of the thread is plain to see. */
  readonly hook: string;
  /** Id in the voice book. */
  readonly voice: string;
  readonly notes: Notes;
  /** What a prompt says of them besides what they are; undefined where it speaks of several people. */
  readonly wished: Notes | undefined;
  /** Of the thread, and of everything about it. */
  readonly slots: Slots;
  readonly around: Slots;
  readonly friend: Named;
  readonly dealer: Dealer;
  readonly random: Random;
  /** Everything that the sheet said before a reroll: none of it is to be said again. */
  readonly before: string;
}

/** Settles who it is, from what stands, what is asked for, and what the tables deal. */
export function settlePerson(task: DraftTask, tables: Tables, book: VoiceBook): Person {
  const { keep, member, previous } = task;
  const random = seeded(
    ['draft', task.seed, member?.name, task.prompt, task.notes, task.hint, previous?.description].join('|'),
  );
  const notes = readNotes(task.notes, tables);
  const wished = wishedOf(task, tables);
  // Pasted notes say where somebody is when nothing else does.
  const brief = readBrief(task.prompt.trim() === '' ? task.notes : task.prompt, task.tone, tables);
  const hinted = moodsIn(task.hint, tables);
  const moods = hinted.length > 0 ? hinted : brief.moods;

  const asked = roleAsked(task, notes, tables);
  const trade = asked.trade ?? brief.trades[0] ?? tradeFor(brief.placeKind?.tags, random, tables);
  const pronouns =
    keep.pronouns ??
    pronounsIn(task.hint, tables) ??
    notes.pronouns ??
    wished?.pronouns ??
    pronounsAsked(task, tables) ??
    pronounsInPlan(task, tables) ??
    (keep.name === undefined ? undefined : previous?.pronouns);
  const named = nameFor(task, notes, pronouns, random, tables);
  const others = task.others.map(({ name }) => name);
  const roles = [asked.role, member?.role, task.notes, ...task.others.map((other) => other.role)].join('\n');
  const setting = settingOf(brief, roles, trade.home, random, tables);
  const role = asked.role ?? roleAt(titleFor(trade.titles, named.pronouns), setting.place.phrase);
  const story = storyOf({ named, trade }, setting, others, tables);

  const dealer = new Dealer([named.name, ...others], named.name, random);
  const [kept, before] = [textOf(keep), textOf(previous)];
  const age = ageFor(task, role, random, tables);
  const wishes = lookup(task.hint);
  const ageWords = [...tables.words.older, ...tables.words.younger];
  const noted = lookup(task.notes);
  const temperament = dealer.deal('temperaments', tables.characters.temperaments, (each) =>
    echoes(kept, each.text)
      ? 1e6
      : echoes(before, each.text)
        ? 0
        : temperamentWeight(each, { wishes, ageWords, noted, moods, trade }),
  );
  const thread = threadFor({ told: `${member?.hook ?? ''}\n${kept}`, before, moods, trade }, dealer, tables);
  const voice = voiceFor({ keep, previous, trade, temperament, age, moods }, dealer, book);
  const hook = member?.hook ?? sentences(render(random.pick(thread.hooks), story.slots, random));
  const people = peopleFor(task, named, tables);
  return {
    named,
    role,
    trade,
    age,
    people,
    setting,
    temperament,
    thread,
    hook,
    voice,
    notes,
    wished,
    ...story,
    dealer,
    random,
    before,
  };
}

/** "a librarian named Saelith who hates fire": what is true of nobody else. */
function wishedOf({ prompt, notes, member }: DraftTask, tables: Tables): Notes | undefined {
  const { roles } = readBrief(prompt, undefined, tables);
  const [only] = roles;
  if (notes !== '' || only === undefined || roles.length > 1) return undefined;
  const isTheirs =
    member === undefined || member.name === nameCalledFor(prompt) || member.role.startsWith(only.role);
  return isTheirs ? readNotes(prompt, tables) : undefined;
}

/** Of "a widow who sells candles"; a prompt for a whole cast says nothing of one member. */
function pronounsAsked({ prompt, member, notes }: DraftTask, tables: Tables): string | undefined {
  return member === undefined && notes === '' ? pronounsIn(prompt, tables) : undefined;
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
