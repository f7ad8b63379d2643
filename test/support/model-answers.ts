import { createHash } from 'node:crypto';

/** What is read of a chat completion request; the rest is there too. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly name?: string; readonly schema: unknown };
  };
  readonly [field: string]: unknown;
}

/**
 * What the stand-in says by itself: JSON that fits the schema it was given, a coherent cast where a plan is asked for,
 * else a few sentences in character. The same request is answered alike; different ones differ.
 */
export function defaultAnswer(request: ChatRequest): string {
  const dice = new Dice(JSON.stringify(request.messages));
  const schema = request.response_format?.json_schema?.schema;
  if (!isRecord(schema)) return spoken(request, dice);
  return JSON.stringify(isPlan(schema) ? plan(schema, request, dice) : fitting(schema, '', dice));
}

type JsonSchema = Readonly<Record<string, unknown>>;

const FIRST_NAMES =
  'Ansa Brogan Cerys Dorrik Elvane Fenna Garrow Hesk Ilsabet Jorun Kestrel Lomund Maretta Nisk Orla Perrin Quill Rusla Sorrel Tamsin Ulric Vesna Wren Yarrow Zoltan'.split(
    ' ',
  );
const BYNAMES =
  'Ashgrove Brinewell Coppersole Dunmarrow Eelcatcher Flint Greymantle Hollowoak Ironside Juniper Kettleblack Larkspur Millrace Netherby Oxbow Pikewater Quarrier Redfern Saltmarsh Thornbury Underhill Vetch Wickham Yewtree'.split(
    ' ',
  );
const TRADES =
  'netmender,ferry pilot,cheesemonger,locksmith,bell founder,rat catcher,tax clerk,barber,charcoal burner,glassblower,grave digger,herbalist,innkeeper,lamplighter,moneylender,map seller,night watch,oyster diver,pawnbroker,rope maker'.split(
    ',',
  );
const SENTENCES = [
  'The tide waits for nobody, least of all for the harbour master.',
  'I mended that lamp myself, and I would know its light anywhere.',
  'Ask at the ropewalk before noon, and mind the third stair.',
  'Two barrels went missing on market day, and nobody saw a cart.',
  'My mother said never to trust a man who counts his change twice.',
  'There is a door behind the kiln that was not there last winter.',
  'You have the look of somebody who pays late.',
  'They burned the ledgers, but they never learnt to burn a memory.',
];

function spoken(request: ChatRequest, dice: Dice): string {
  const heard = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const opening = heard.includes('?') ? 'That is a fair question.' : 'So you say.';
  return `${opening} ${dice.pick(SENTENCES)} ${dice.pick(SENTENCES)}`;
}

function isPlan(schema: JsonSchema): boolean {
  return isRecord(schema.properties) && 'members' in schema.properties;
}

/** Distinct people, each tied to the next and the one before. */
function plan(schema: JsonSchema, request: ChatRequest, dice: Dice): unknown {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const list = isRecord(properties.members) ? properties.members : {};
  const count = wantedCount(list, request);
  const people = Array.from({ length: count }, (_, index) => ({
    name: dice.name(index),
    role: `${TRADES[(dice.start + index) % TRADES.length]} of the ${dice.pick(BYNAMES)} quarter no. ${index + 1}`,
  }));
  const members = people.map((person, index) => {
    const neighbours = new Set([people[index - 1] ?? people.at(-1), people[index + 1] ?? people[0]]);
    return {
      ...person,
      hook: dice.pick(SENTENCES),
      ties: [...neighbours].flatMap((other) =>
        other === undefined || other.name === person.name
          ? []
          : [{ to: other.name, tie: 'old neighbour; one owes the other a favour' }],
      ),
    };
  });
  return { members };
}

/** The schema's own number, else the one that the newest message names. */
function wantedCount(list: JsonSchema, request: ChatRequest): number {
  if (typeof list.minItems === 'number') return list.minItems;
  const text = request.messages.find(({ role }) => role === 'user')?.content ?? '';
  const named =
    /exactly (\d{1,2})/i.exec(text) ?? /(\d{1,2}) (?:people|persons?|members|characters|NPCs)/i.exec(text);
  return Number(named?.[1] ?? 3);
}

/** A value that fits the schema, from what the property is called and what its description says. */
function fitting(schema: unknown, name: string, dice: Dice): unknown {
  if (!isRecord(schema)) return null;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return dice.pick(schema.enum);
  if (Array.isArray(schema.anyOf)) return alternative(schema, name, dice);
  const [type] = [schema.type].flat();
  if (type === 'object') return objectOf(schema, dice);
  if (type === 'array') {
    const { least, most } = bounds(schema, 'minItems', 'maxItems', { least: 1, most: 3 });
    const length = Math.max(least, Math.min(most, 4));
    const items = Array.from({ length }, () => fitting(schema.items, name, dice));
    return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
  }
  if (type === 'number' || type === 'integer') {
    const { least, most } = bounds(schema, 'minimum', 'maximum', { least: 1, most: 10 });
    const isShare = most - least <= 1;
    return isShare
      ? least + (dice.below(100) / 100) * (most - least)
      : Math.ceil(least) + dice.below(Math.floor(most) - Math.ceil(least) + 1);
  }
  if (type === 'boolean') return dice.below(2) === 1;
  return type === 'string' ? textFor(name, dice) : null;
}

function alternative(schema: JsonSchema, name: string, dice: Dice): unknown {
  const alternatives: unknown[] = Array.isArray(schema.anyOf) ? schema.anyOf : [];
  const isNull = (one: unknown) => isRecord(one) && one.type === 'null';
  const unlessAsked = /unless/.test(String(schema.description ?? ''));
  if (unlessAsked && alternatives.some(isNull)) return null;
  return fitting(
    alternatives.find((one) => !isNull(one)),
    name,
    dice,
  );
}

function objectOf(schema: JsonSchema, dice: Dice): unknown {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, fitting(value, key, dice)]),
  );
}

/** From the schema's keywords, else from a description like "1 to 30". */
function bounds(
  schema: JsonSchema,
  leastKey: string,
  mostKey: string,
  usual: { readonly least: number; readonly most: number },
): { least: number; most: number } {
  const described = /(\d+) (?:to|or) (\d+)/.exec(String(schema.description ?? ''));
  const spoken = /^0 .*, 1 /.test(String(schema.description ?? '')) ? { least: 0, most: 1 } : usual;
  const least = schema[leastKey] ?? described?.[1] ?? spoken.least;
  const most = schema[mostKey] ?? described?.[2] ?? Math.max(Number(least), spoken.most);
  return { least: Number(least), most: Number(most) };
}

function textFor(property: string, dice: Dice): string {
  if (property === 'name' || property === 'to') return dice.name(dice.below(500));
  if (property === 'aliases') return dice.pick(BYNAMES);
  if (property === 'pronouns') return dice.pick(['she/her', 'he/him', 'they/them']);
  if (property === 'role') return `${dice.pick(TRADES)} by the ${dice.pick(BYNAMES)} gate`;
  if (property === 'damage_dice') return dice.pick(['1d6', '1d8', '2d4']);
  if (property === 'reach') return 'reach 5 ft.';
  if (property === 'languages') return 'Common';
  if (property === 'creature_type') return 'humanoid (human)';
  return dice.pick(SENTENCES);
}

/** Chance that depends on a text alone. */
class Dice {
  readonly start: number;
  #state: number;

  constructor(seed: string) {
    this.#state = createHash('sha256').update(seed).digest().readUInt32LE(0) | 1;
    this.start = this.#state >>> 8;
  }

  /** xorshift32 (Marsaglia 2003). */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** Another name for each index: as many as there are first names times bynames. */
  name(index: number): string {
    const at = this.start + index;
    // Both lists advance with each name, so that neighbours in a cast share neither part.
    return `${FIRST_NAMES[at % FIRST_NAMES.length]} ${BYNAMES[at % BYNAMES.length]}`;
  }
}

function isRecord(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
