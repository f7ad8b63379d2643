import { describe, expect, it } from 'vitest';
import { isTableTalk } from '#src/scene/table-talk.ts';

const company = { people: ['Jon Snow', 'mira'], roles: ['smuggler of the salt docks'] };

describe('isTableTalk', () => {
  it.each([
    'hey Jon, your turn',
    'hey jon?',
    'Hi Pete!',
    'Mira, are you there?',
    'jon snow: roll please',
    'ok mira',
    'GM, may I roll?',
    '@Pete what now',
    'hey @Pete',
    'Your turn, @Pete!',
    'lol',
    'LOOOL!!',
    'ok',
    'ok brb',
    'hahaha.',
    'thx',
    '🎲',
    '👍🏽 👨‍👩‍👧 🇩🇪',
    ':dragon: :+1:',
  ])('is %j', (text) => expect(isTableTalk(text, company)).toBe(true));

  it.each([
    'Good evening.',
    'Hey, what is the toll?',
    'Hey there, what is the toll?',
    'Hey Smuggler, what is the toll?',
    'Hello stranger!',
    'hey friend, a word',
    'Jon sent me.',
    'Jonathan, come here',
    'Who was it? Mira?',
    'Ok, two ales then.',
    'Sorry, What?',
    'lol what do you mean by that',
    'I hand over the map 🗺️',
    'Write to ann@example.org',
    '3',
    '42?',
    '',
  ])('is not %j', (text) => expect(isTableTalk(text, company)).toBe(false));
});
