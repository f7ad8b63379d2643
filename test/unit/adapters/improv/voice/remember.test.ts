import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uncontracted } from '#src/adapters/improv/voice/english.ts';
import { speak } from '#src/adapters/improv/voice/speak.ts';
import type { RecalledLine, SeenLine } from '#src/core/model.ts';
import { book, persona, said, task, voiced } from './fixtures.ts';

function recalled(speaker: string, text: string, kind?: 'summary' | 'gm'): RecalledLine {
  const line = { id: text, speaker, text, when: 'last night', saidAtInMs: 1 };
  return kind === undefined ? line : { ...line, kind };
}

const FERRY = recalled('', 'The ferry to Port Ember leaves at dawn.', 'gm');
const KEY = recalled('Mira', 'I buried the granary key under the oak. Odo helped me!');
const LISS = recalled('Aldric', 'Liss owes me forty silver. She never pays.');
const BELL = recalled('Orla Finch', 'The bell in the tower is cracked.');
const STORM = recalled('', 'Lightning strikes the lighthouse, and the lamp goes out.');
const BRIDGE = recalled(
  '',
  'Odo: The duke was drunk. Mira: The wolves came down from Harrow Fell.',
  'summary',
);
const DEBT = recalled('', 'Tam owes Orla twelve silver.', 'gm');
const ALL = [KEY, LISS, BELL, STORM, BRIDGE, FERRY, DEBT];

function asked(question: string, memories: readonly RecalledLine[] = ALL, id = 'plain', seed = 's'): string {
  const who = voiced(id, { bonds: [] });
  return speak(task(who, [said('Hello.', 0), said(question, 1)], { memories, seed }), book);
}

describe('remember', () => {
  it.each([
    ['Orla, when does the ferry to Port Ember leave?', /(?:^|\. )The ferry to Port Ember leaves at dawn\./u],
    ['when does the fery leave?', /The ferry to Port Ember leaves at dawn\./u],
    ['where is the granary key?', /Mira .*last night: "I buried the granary key under the oak\."/u],
    [
      'What did I tell you about Liss?',
      /[Yy]ou .*last night: "Liss owes me forty silver\. She never pays\."/u,
    ],
    [
      'what did you say about the bell?',
      /I (?:did |said )?.*last night.*: "The bell in the tower is cracked\."/u,
    ],
    ['do you remember the lighthouse?', /Lightning strikes the lighthouse, and the lamp goes out\./u],
    ['where did the wolves come from?', /Mira .*last night: "The wolves came down from Harrow Fell\."/u],
    ['who owes you?', /Tam owes me twelve silver\./u],
  ])('%s', (question, answer) => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      expect(asked(question, ALL, 'plain', seed)).toMatch(answer);
      expect(asked(question, [], 'plain', seed)).not.toMatch(answer);
    }
  });

  it('has the word of the game master before what anybody said', () => {
    const hearsay = recalled('Mira', 'The ferry to Port Ember leaves at noon.');
    expect(asked('when does the ferry to Port Ember leave?', [hearsay, FERRY])).toContain('at dawn');
  });

  it('says what it is told of itself as its own', () => {
    const word = recalled('', 'You owe the miller nine coppers.', 'gm');
    expect(asked('who do you owe?', [word])).toContain('I owe the miller nine coppers.');
    expect(asked('who owes you?', [word])).not.toContain('miller');
  });

  it('has in mind what was said earlier in the scene', () => {
    const lines = [
      said('I sold the red boat to Hesper.', 0),
      said('Rain again.', 1),
      said('who has the red boat?', 2),
    ];
    expect(speak(task(voiced('plain'), lines), book)).toMatch(/[Yy]ou .*"I sold the red boat to Hesper\."/u);
  });

  it('says again what was said, and not to whom', () => {
    const lines = [said('Orla Finch, the red boat is sold.', 0), said('what about the red boat?', 1)];
    expect(speak(task(voiced('plain'), lines), book)).toContain('"The red boat is sold."');
  });

  it.each([
    'Nice ferry you have there.',
    'I like the lighthouse',
    'The granary key was buried.',
    'The key is lost.',
    'hello',
    'where is the windmill?',
  ])('keeps its memories to itself after %s', (line) => {
    for (const seed of ['a', 'b', 'c', 'd'])
      expect(asked(line, ALL, 'plain', seed)).not.toMatch(/dawn|Lightning|buried|wolves/u);
  });

  it('passes over what was only a shrug, a question, a quotation or markup', () => {
    const shrugs = [
      "I couldn't tell you a thing about the windmill.",
      'Who burned the windmill?',
      'Orla, tell me about the windmill.',
      'Odo said: "The windmill is mine."',
      'The **windmill** is <@123> down.',
      'The windmill is at https://example.com now.',
    ].map((text) => recalled('Kettle', text));
    for (const shrug of shrugs)
      expect(asked('what about the windmill?', [shrug]), shrug.text).not.toMatch(/Kettle|\*|http|mine/u);
  });

  it('never tells a secret, whoever told it first', () => {
    const word = recalled('', 'Orla poisoned the brandy of the harbourmaster.', 'gm');
    const talk = recalled('Mira', 'The harbourmaster drank brandy on the quay.');
    for (const question of [
      'who drank on the quay?',
      'what happened on the quay?',
      'who poisoned the brandy?',
    ])
      expect(asked(question, [word, talk])).not.toMatch(/brandy|harbourmaster|poison/u);
  });

  it.each([
    ['Hesper, I owe you three crowns.', 'what do you owe me?'],
    ['Hesper, here is the silver comb I promised you.', 'do you have my silver comb?'],
    ['Vidar, I will bring you a new hinge.', 'what hinge will I bring you?'],
  ])('claims nothing that was for another: %s', (text, question) => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const lines = [said(text, 0, 'Mira'), said(question, 1, 'Mira')];
      const change = { seed, present: ['Hesper Voss', 'Mira'] };
      expect(speak(task(voiced('plain', { bonds: [] }), lines, change), book)).not.toMatch(
        /crowns|"Here is|"I will/u,
      );
    }
  });

  it('says to whom it was said, where that matters', () => {
    const lines = [
      said('Hesper, here is the silver comb I promised you.', 0, 'Mira'),
      said('where is my silver comb?', 1, 'Mira'),
    ];
    const reply = speak(
      task(voiced('plain', { bonds: [] }), lines, { present: ['Hesper Voss', 'Mira'] }),
      book,
    );
    expect(reply).toMatch(/(?:to|tell) Hesper just now: "Here is the silver comb I promised you\."/u);
  });

  it('was not there while it was away', () => {
    for (const seed of ['a', 'b', 'c', 'd'])
      expect(asked('Orla, what happened here while you were away?', ALL, 'plain', seed)).toMatch(
        /I wasn't here|I was away/u,
      );
  });

  it('has seen what a character did, and what the game master told in asterisks', () => {
    const lines = [
      said('GM:*The tax collector walks in and slaps Mira.*', 0),
      said('*Odo opens the red trunk*', 1, 'Odo'),
      said('*drops a lantern into the well*', 2, 'Odo'),
    ];
    const asks = (question: string) =>
      speak(task(voiced('plain'), [...lines, said(question, 3, 'Mira')]), book);
    expect(asks('who slapped me?')).toContain('The tax collector walks in and slaps you.');
    expect(asks('who opens the red trunk?')).toContain('Odo opens the red trunk.');
    expect(asks('who drops a lantern?')).toContain('Odo drops a lantern into the well.');
  });

  it('says that it told all only after it did', () => {
    const storm = recalled('', 'A storm takes the harbourmaster and the roof of the inn.');
    for (const seed of ['a', 'b', 'c', 'd'])
      expect(asked('what happened to the inn?', [storm], 'plain', seed)).not.toMatch(
        /all I know|told you what I have|no more where/u,
      );
  });

  it('answers the same question again in other words', () => {
    const lines: SeenLine[] = [];
    const replies = Array.from({ length: 6 }, (_, index) => {
      lines.push(said('where is the granary key?', 2 * index));
      const text = speak(task(voiced('plain'), lines, { memories: [KEY] }), book);
      lines.push({ id: `own-${index}`, speaker: 'Orla Finch', speakerKind: 'npc', isOwn: true, text });
      return text;
    });
    expect(new Set(replies).size).toBe(replies.length);
    expect(replies.slice(0, 3).every((reply) => reply.includes('under the oak'))).toBe(true);
  });

  it('is in every voice the words of whoever said it', () => {
    for (const id of book.ids)
      expect(asked('where is the granary key?', ALL, id), id).toContain(
        '"I buried the granary key under the oak."',
      );
  });

  it('holds no word that neither its tables nor its task hold', () => {
    const wordsOf = (text: string): string[] =>
      uncontracted(text)
        .toLowerCase()
        .replace(/["“”]/gu, ' ')
        .match(/\p{L}[\p{L}'’-]*/gu) ?? [];
    const plain = book.voice('plain');
    const who = voiced('plain');
    const held = new Set(
      wordsOf(
        JSON.stringify([
          book.speech,
          plain,
          who,
          persona(),
          'Aldric',
          'earlier just now once me my I am',
        ]).replace(/\\"/gu, ' '),
      ).flatMap((word) => [word, ...word.split("'")]),
    );
    const word = fc.constantFrom(
      'mill',
      'Zarn',
      'keeps',
      'the',
      'owl',
      'Vesk',
      'at',
      'night',
      'you',
      'Orla',
      'gold',
      'a',
    );
    const text = fc.array(word, { minLength: 1, maxLength: 9 }).map((words) => `${words.join(' ')}.`);
    fc.assert(
      fc.property(
        fc.array(fc.record({ speaker: fc.constantFrom('', 'Quill', 'Aldric'), text, isGm: fc.boolean() }), {
          maxLength: 5,
        }),
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.string(),
        (told, question, seed) => {
          const memories = told.map(({ speaker, text: line, isGm }, index) => ({
            ...recalled(isGm ? '' : speaker, line, isGm ? 'gm' : undefined),
            id: String(index),
          }));
          const line = said(`what about ${question.join(' ')}?`);
          const spoken = task(who, [line], { memories, seed });
          const reply = speak(spoken, book);
          const known = new Set([
            ...held,
            ...wordsOf(JSON.stringify([memories, line]).replace(/\\"/gu, ' ')),
          ]);
          expect(wordsOf(reply).filter((each) => !known.has(each))).toEqual([]);
          expect(speak(spoken, book)).toBe(reply);
        },
      ),
      { numRuns: 150 },
    );
  });
});
