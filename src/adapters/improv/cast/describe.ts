import type { Random } from '../random.ts';
import type { Age, Culture, Feature, People, Tables, Topic, Trade } from '../tables.ts';
import type { Dealer } from './deal.ts';
import { echoes, render, type Slots, sentences } from './grammar.ts';
import { lookup } from './lookup.ts';

export interface Appearance {
  readonly people: People;
  readonly culture: Culture;
  readonly trade: Trade;
  readonly age: Age;
  readonly pronouns: string;
}

/** What anybody sees, with the nickname that it has earned, if any. */
export function describe(
  who: Appearance,
  context: {
    readonly slots: Slots;
    readonly dealer: Dealer;
    readonly random: Random;
    readonly notThis: string;
  },
  tables: Tables,
): { readonly text: string; readonly nick: string | undefined } {
  const { looks } = tables;
  const { dealer, random, slots, notThis } = context;
  const fit = fitFor(who, notThis);
  const template = dealer.deal('template', looks.templates);
  const mark = dealer.deal('marks', looks.marks, fit);
  const fill = (pattern: string) => render(pattern, slots, random);
  const head = who.people.hairless
    ? dealer.deal('features', looks.features, fit)
    : dealer.deal('hair', looks.hair, fit);
  const texts = {
    noun: who.people.noun === '' ? nounFor(who.pronouns, tables) : who.people.noun,
    age: fill(dealer.deal('ages', looks.ages[who.age])),
    build: fill(dealer.deal('builds', looks.builds, fit).text),
    hair: fill(head.text),
    eyes: fill(dealer.deal('eyes', looks.eyes, fit).text),
    dress: fill(dealer.deal('dress', looks.dress, fit).text),
    mark: fill(mark.text),
    look: fill(random.pick(who.culture.looks)),
    prop: fill(random.pick(who.trade.props)),
    bearing: fill(dealer.deal('bearing', looks.bearing, fit).text),
  };
  const text = sentences(render(template, { ...slots, texts: { ...slots.texts, ...texts } }, random));
  return { text, nick: template.includes('{mark}') ? mark.nick : undefined };
}

/** What may be added to a game master's own words about somebody's looks: on matters they left open. */
export function describeFurther(
  who: Appearance,
  known: string,
  context: { readonly slots: Slots; readonly dealer: Dealer; readonly random: Random },
  tables: Tables,
): string {
  const { looks } = tables;
  const { dealer, slots, random } = context;
  const fit = fitFor(who, '');
  const found = lookup(known.replaceAll('-', ' '));
  const entries: Record<Topic, readonly Feature[]> = {
    hair: who.people.hairless ? looks.features : looks.hair,
    eyes: looks.eyes,
    dress: looks.dress,
    mark: looks.marks,
  };
  const open = (['hair', 'eyes', 'dress', 'mark'] as const).filter(
    (topic) => !looks.topics[topic].some((word) => found.has(word)),
  );
  const added = random
    .shuffle(open)
    .slice(0, 2)
    .map((topic) => {
      const entry = dealer.deal(topic, entries[topic], fit).text;
      return render(
        looks.extras[topic],
        { ...slots, texts: { ...slots.texts, [topic]: render(entry, slots, random) } },
        random,
      );
    });
  return sentences([...added, render(dealer.deal('bearing', looks.bearing).text, slots, random)].join(' '));
}

/** "woman", where a folk has no word of its own. */
export function nounFor(pronouns: string, tables: Tables): string {
  return tables.words.noun[pronouns] ?? tables.words.noun['they/them'] ?? '';
}

/** How well an entry suits somebody: 0 where it cannot be theirs, or was already. */
function fitFor({ people, age, pronouns, trade }: Appearance, notThis: string): (entry: Feature) => number {
  const short = pronouns.split('/')[0] ?? '';
  return (entry) => {
    const isBarred = entry.not.includes(people.id) || (people.small && entry.not.includes('small'));
    const kinds = entry.for.filter((each) => /^(?:she|he|they)$/u.test(each));
    const ages = entry.for.filter((each) => !kinds.includes(each));
    const isOthers = (ages.length > 0 && !ages.includes(age)) || (kinds.length > 0 && !kinds.includes(short));
    if (isBarred || isOthers || echoes(notThis, entry.text)) return 0;
    if (entry.tags.length === 0) return 1;
    return entry.tags.some((tag) => trade.tags.includes(tag)) ? 3 : 0.05;
  };
}
