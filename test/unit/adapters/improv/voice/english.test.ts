import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  byName,
  firstPerson,
  infinitive,
  ownAccount,
  type SelfWords,
  sentences,
  thirdPerson,
  tidy,
  tieSentences,
  uncontracted,
  withArticle,
} from '#src/adapters/improv/voice/english.ts';
import { tables } from './fixtures.ts';

const she: SelfWords = { names: new Set(['kettle']), subject: 'she' };
const he: SelfWords = { names: new Set(['berrit', 'holm']), subject: 'he' };
const they: SelfWords = { names: new Set(['ash']), subject: 'they' };
const names = new Set(['fesk', 'wenna', 'tam']);

describe('firstPerson', () => {
  it.each([
    ['Knows the way she came, and keeps her key.', she, 'I know the way I came, and keep my key.'],
    ['She has always watched the roofs.', she, 'I have always watched the roofs.'],
    ['Never forgets a face', she, 'I never forget a face'],
    ['Never sit in his place.', she, 'Never sit in his place.'],
    ['Kettle has a good memory for addresses.', she, 'I have a good memory for addresses.'],
    ["Berrit Holm's buns are his pride.", he, 'My buns are my pride.'],
    ['The captain gives him bread.', he, 'The captain gives me bread.'],
    ['The captain lost his hat.', he, 'The captain lost his hat.'],
    ['The smugglers meet when they can.', they, 'The smugglers meet when they can.'],
    ['They carry their own lamp themselves.', they, 'I carry my own lamp myself.'],
    ["He's sure he'd know them.", he, "I'm sure I'd know them."],
    ['Watches the door and pretends to sleep.', he, 'I watch the door and pretend to sleep.'],
    ['House Holm is bankrupt.', he, 'House Holm is bankrupt.'],
    [
      'Tam owes Kettle twelve silver, and Mira hates Kettle.',
      she,
      'Tam owes me twelve silver, and Mira hates me.',
    ],
    ['The tunnel floods at spring tide.', she, 'The tunnel floods at spring tide.'],
  ])('%s', (note, self, told) =>
    expect(firstPerson(note, self, { others: new Set(['fesk']), names: 'first' })).toBe(told),
  );

  it('leaves the pronouns of somebody of whom the sheet speaks', () =>
    expect(
      firstPerson('If Fesk goes out, nobody follows him.', he, { others: new Set(['fesk']), names: 'first' }),
    ).toBe('If Fesk goes out, nobody follows him.'));
});

describe('tieSentences', () => {
  it.each([
    [
      'older sister; has not spoken to her since',
      she,
      true,
      'My older sister. I have not spoken to her since.',
    ],
    ['owes her forty silver and pays in excuses', she, true, 'I owe her forty silver and pay in excuses.'],
    ['gives him her soundings', he, false, 'Gives me her soundings.'],
    ['the worst sailor she has ever seen', she, false, 'The worst sailor I have ever seen.'],
    ['friends since the lawsuit', he, false, "We're friends since the lawsuit."],
    [
      'rings at the other end; he has a word for her',
      he,
      false,
      'Rings at the other end. I have a word for her.',
    ],
    ['sold him a map; they have been friends since', he, false, 'Sold me a map. We have been friends since.'],
    ['sat with her every evening, and they sang', she, false, 'Sat with me every evening, and we sang.'],
    ['leaves buns for her on the wall', he, false, 'I leave buns for her on the wall.'],
  ])('%s', (tie, self, isDrafted, told) => expect(tieSentences(tie, self, names, isDrafted)).toBe(told));
});

describe('infinitive', () => {
  it.each([
    ['Buy back the ferry.', 'buy back the ferry'],
    ['to see the sea', 'see the sea'],
    ['Wants a quiet life', 'have a quiet life'],
    ['I want to sleep', 'sleep'],
    ['That Tam comes home', 'see to it that Tam comes home'],
    ['Leaving this town', 'get round to leaving this town'],
  ])('%s', (goal, phrase) => expect(infinitive(goal, names)).toBe(phrase));
});

it.each([
  ['I have my road, and I know it. Ask me.', "Orla has Orla's road, and Orla knows it. Ask Orla."],
  ["I don't carry it. I saw it myself.", 'Orla does not carry it. Orla saw it Orla.'],
])('thirdPerson: %s', (text, told) => expect(thirdPerson(uncontracted(text), 'Orla')).toBe(told));

it('byName puts a name where the subject is missing', () => {
  expect(byName('Owes him silver', 'Orla', she)).toBe('Orla owes him silver');
  expect(byName('She saw them', 'Orla', she)).toBe('Orla saw them');
  expect(byName('Her road is long', 'Orla', she)).toBe("Orla's road is long");
  expect(byName('The road is long', 'Orla', she)).toBe('The road is long');
});

it('withArticle gives a role as one says it of oneself', () => {
  expect(withArticle('Ogre at the gate', names)).toBe('an ogre at the gate');
  expect(withArticle('keeper of the bell', names)).toBe('the keeper of the bell');
  expect(withArticle("the queen's cook", names)).toBe("the queen's cook");
});

describe('ownAccount', () => {
  it.each([
    ['Melts at any compliment to her handwriting.', 'I melt at any compliment to my handwriting.'],
    ['Keeps accounts of every slight, and pays them.', 'I keep accounts of every slight, and pay them.'],
    ['When frightened she tidies.', 'When frightened I tidy.'],
    ['Despises cruelty.', 'I despise cruelty.'],
    ['Never finishes a drink.', 'I never finish a drink.'],
  ])('%s', (note, told) => expect(ownAccount(note, she, true)).toBe(told));

  it.each([
    'Curious beyond manners.',
    'You would take her for a bishop.',
    'Has one book and finds everything in it.',
    'Always about to leave.',
  ])('leaves what cannot be said whole: %s', (note) => expect(ownAccount(note, she, true)).toBeUndefined());

  it('takes a word in -s for a verb only in a character sketch', () =>
    expect(ownAccount('Freckles like bran.', she, false)).toBeUndefined());
});

it('uncontracted tells "has" from "is"', () => {
  expect(uncontracted("Nobody's told me.")).toBe('Nobody has told me.');
  expect(uncontracted("It's settled, who's asking?")).toBe('It is settled, who is asking?');
});

it.each([
  ["I'd not thought about it.", 'I had not thought about it.'],
  ["I'd hoped you'd tell me.", 'I had hoped you would tell me.'],
  ["He'd long since gone.", 'He had long since gone.'],
  ["I'd need a boat, and you'd better row.", 'I would need a boat, and you had better row.'],
  ["Tam is nobody's business of mine.", "Tam is nobody's business of mine."],
  ["Somebody's hidden it.", 'Somebody has hidden it.'],
  ["Somebody's hidden letter.", "Somebody's hidden letter."],
  ["Nobody's going, and nothing's come up.", 'Nobody is going, and nothing has come up.'],
])('uncontracted: %s', (text, whole) => expect(uncontracted(text)).toBe(whole));

it('uncontracted makes broken English of no sentence in the tables', async () => {
  const files = (await readdir(tables)).filter((name) => name.endsWith('.yaml'));
  const texts = await Promise.all(files.map((name) => readFile(path.join(tables, name), 'utf8')));
  const broken =
    /\bwould (?:(?:not|never|only|just|always) )*(?:thought|hoped|known|been|had|done|got|told|heard|asked|said|seen|gone|better|an?)\b|\bhad (?:(?:not|never|only) )*(?:be|have|rather|like|want|need|say|think|know|go|do)\b|(?:body|one) is (?:business|egg|back|hand|age|beard|saddle|seat|washing|boat|neighbour|respectable)\b|\bis (?:been|had)\b/giu;
  expect(texts.flatMap((text) => uncontracted(text).match(broken) ?? [])).toEqual([]);
  expect('I would thought, nobody is business'.match(broken)).toHaveLength(2);
});

it('tidy ends, begins and spaces sentences', () => {
  expect(tidy('well , so  it is')).toBe('Well, so it is.');
  expect(tidy('a old mill. it burned!.')).toBe('An old mill. It burned!');
  expect(tidy('who, \u202e\u0007 me?')).toBe('Who, me?');
  expect(sentences('One. Two... Three!')).toEqual(['One.', 'Two...', 'Three!']);
});
