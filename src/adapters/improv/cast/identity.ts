import type { DraftTask } from '#src/core/model.ts';
import type { Persona } from '#src/core/persona.ts';
import { type Random, seeded } from '../random.ts';
import { type Age, entryOf, type People, type Tables } from '../tables.ts';
import { readBrief } from './brief.ts';
import { lookup, peopleIn } from './lookup.ts';
import { type Named, nameSomeone, readName } from './names.ts';
import { type Notes, nameCalledFor } from './notes.ts';
import { AGES, ageIn, ageInTies, pronounsIn } from './person-words.ts';

/** What a draft leaves on the sheet for the next one: how they speak, and how old they are. */
interface Marks {
  readonly voice: string | undefined;
  readonly age: Age | undefined;
}

export function marksOf(persona: Partial<Persona> | undefined): Marks {
  const own = persona?.extensions?.dramatis;
  const read = (key: string): unknown =>
    typeof own === 'object' && own !== null ? Reflect.get(own, key) : undefined;
  const voice = read('voice');
  return {
    voice: typeof voice === 'string' ? voice : undefined,
    age: AGES.find((age) => age === read('age')),
  };
}

/** Pronouns that the plan uses of somebody whose name says nothing to the tables. */
export function pronounsInPlan({ member, others }: DraftTask, tables: Tables): string | undefined {
  if (member === undefined || readName(member.name, tables) !== undefined) return undefined;
  const said = others.flatMap(({ ties }) =>
    ties.filter(({ to }) => to === member.name).map(({ tie }) => tie),
  );
  return pronounsIn([member.role, member.hook].join(' '), tables) ?? pronounsIn(said.join(' '), tables);
}

export function nameFor(
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
    const first = given.split(' ').find((word) => !isTitle(word, tables)) ?? given;
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

export function ageFor(task: DraftTask, role: string, random: Random, tables: Tables): Age {
  const { keep, previous, member, hint } = task;
  const standing = marksOf(keep).age ?? (keep.description === undefined ? undefined : marksOf(previous).age);
  if (standing !== undefined) return standing;
  const hinted = lookup(hint);
  const was = AGES.indexOf(marksOf(previous).age ?? 'grown');
  const { older, younger } = tables.words;
  if (older.some((word) => hinted.has(word))) return was === 0 ? 'grown' : 'old';
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

export function peopleFor(task: DraftTask, named: Named, tables: Tables): People {
  const asked = peopleIn(
    [task.hint, task.notes, task.keep.role, task.keep.description, task.prompt].join(' '),
    tables,
  );
  const fitting = asked.find(({ cultures }) => cultures.length === 0 || cultures.includes(named.culture.id));
  const isGiven = task.notes !== '' || task.hint !== '';
  return fitting ?? (isGiven ? asked[0] : undefined) ?? entryOf(tables.people, named.culture.people);
}

function isTitle(word: string, tables: Tables): boolean {
  return tables.words.notes.titles.includes(word.toLowerCase().replace(/\.$/u, ''));
}
