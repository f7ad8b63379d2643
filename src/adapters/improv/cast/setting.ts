import { type Random, seeded } from '../random.ts';
import type { PlaceKind, Tables, Trade } from '../tables.ts';
import { entryOf } from '../tables.ts';
import type { Brief, Place } from './brief.ts';
import type { Slots, Someone } from './grammar.ts';
import { type Named, nameSomeone } from './names.ts';

/** Where everything happens, the same for a plan and for every draft made from it. */
export interface Setting {
  readonly place: Place;
  /** Those to reckon with: the game master's group, or whoever runs such a place. */
  readonly group: string;
}

/** A place of ours from the tables' names: "at the Tin Heron". */
function placeNamed(kind: PlaceKind, phrase: string): Place {
  return { kind, phrase, text: phrase.replace(/^\S+ /u, '').replace(/^cloister\b.*$/u, 'the cloister') };
}

/** The place of the tables that a text already speaks of. */
function placeInText(text: string, tables: Tables): Place | undefined {
  for (const kind of tables.places)
    for (const phrase of kind.names) if (text.includes(phrase)) return placeNamed(kind, phrase);
  return undefined;
}

/**
 * @param roles what is already said of the cast: a place of ours named there stays.
 * @param home the kind of place where there is nothing else to go by.
 */
export function settingOf(
  brief: Brief,
  roles: string,
  home: string,
  random: Random,
  tables: Tables,
): Setting {
  const kind = brief.placeKind ?? entryOf(tables.places, home);
  const place = brief.place ?? placeInText(roles, tables) ?? placeNamed(kind, random.pick(kind.names));
  const group = brief.group?.text ?? '';
  return { place, group: group === '' ? place.kind.crowd : group };
}

/** People of a story who are not of the cast: two in it, two about it, and one friend. */
const OTHERS = 5;

export interface Story {
  /** For what the thread tells: its people may be dead, wronged or in love. */
  readonly slots: Slots;
  /** For everyday work and gossip, with other people in it. */
  readonly around: Slots;
  /** Somebody in their life who is not of the cast, beside those in the slots. */
  readonly friend: Named;
}

/** What fills the slots of somebody's story: the same in the plan's hook and in the sheet drafted from it. */
export function storyOf(
  who: { readonly named: Named; readonly trade: Trade },
  setting: Setting,
  castNames: readonly string[],
  tables: Tables,
): Story {
  const random = seeded(`story|${who.named.name}|${setting.place.text}`);
  const { story, cultures } = tables;
  const near = cultures.filter(({ everyday, id }) => everyday || id === who.named.culture.id);
  const others: Named[] = [];
  while (others.length < OTHERS) {
    const taken = [...castNames, who.named.name, ...others.map(({ name }) => name)];
    const culture = random.chance(0.6) ? who.named.culture : random.pick(near);
    others.push(nameSomeone({ culture, random, taken }));
  }
  const self: Someone = { called: who.named.given, pronouns: who.named.pronouns };
  const person = (index: number): Named => {
    const other = others[index];
    if (other === undefined) throw new RangeError('Nobody else is in this story.');
    return other;
  };
  const people = (first: Named, second: Named): Slots['people'] => ({
    name: self,
    person: { called: first.name, pronouns: first.pronouns },
    second: { called: second.given, pronouns: second.pronouns },
  });
  const texts = {
    place: setting.place.text,
    group: setting.group,
    corner: random.pick(setting.place.kind.corners),
    town: random.pick(story.towns),
    thing: random.pick(story.things),
    sum: random.pick(story.sums),
    years: random.pick(story.years),
    number: random.pick(story.numbers),
    ordinal: random.pick(story.ordinals),
  };
  return {
    slots: { self, people: people(person(0), person(1)), texts },
    around: { self, people: people(person(2), person(3)), texts },
    friend: person(4),
  };
}
