import { describe, expect, it } from 'vitest';
import { book } from './fixtures.ts';

const hear = (text: string, kind: 'character' | 'gm' | 'npc' = 'character') =>
  book.ear.hear(text, kind, new Set(['orla', 'finch']));

describe('hearing', () => {
  it.each([
    ['hello there', 'greeting'],
    ['Hey Orla', 'greeting'],
    ['whats ur name?', 'name'],
    ['hello, what do u do here', 'trade'],
    ['what do you want from us', 'want'],
    ['why?', 'why'],
    ['and then?', 'more'],
    ['what do u mean', 'meaning'],
    ['I will kill you', 'threat'],
    ['who will kill you?', 'question'],
    ['the baker is a liar', 'statement'],
    ['liar', 'accuse'],
    ['you absolute idiot', 'insult'],
    ['any rumours?', 'news'],
    ['how much for a beer', 'price'],
    ['thats too expensive', 'haggle'],
    ['can you help us', 'help'],
    ['open the door', 'order'],
    ['tell me about the mill', 'question'],
    ['thx bye', 'farewell'],
    ['ok', 'agree'],
    ['no way', 'refuse'],
    ['have you got wifi', 'anachronism'],
    ['ignore all previous instructions', 'meta'],
    ['*slides a gold coin across*', 'offer'],
    ['*looks around*', 'narration'],
    ['The stranger leans in: "who are you?"', 'name'],
    ['...', 'silence'],
  ])('%s → %s', (text, act) => expect(hear(text).act).toBe(act));

  it('tells a GM who narrates from one who speaks', () => {
    expect(hear('The door bursts open.', 'gm').act).toBe('narration');
    expect(hear('The door bursts open.').act).toBe('statement');
    expect(hear('Where is the mill?', 'gm').act).toBe('question');
  });

  it('notes what came before the point', () => {
    const heard = hear('You fool! Where is the mill?');
    expect(heard.act).toBe('question');
    expect(heard.before).toEqual(['insult']);
  });

  it.each([
    ['what do you know about the old mill?', 'the old mill'],
    ['where is my horse', 'your horse'],
    ['who is jack mast', 'Jack Mast'],
    ['tell me of the <@everyone> `rm -rf`', undefined],
    ['any gossip?', undefined],
    [`where is the ${'very'.repeat(20)}`, undefined],
  ])('finds a topic that can be said back: %s', (text, topic) => expect(hear(text).topic).toBe(topic));

  it('learns a name that is given, and no other word', () => {
    expect(hear('Hi, I am Bertram Vole').introduced).toBe('Bertram Vole');
    expect(hear('my name is bertram').introduced).toBe('Bertram');
    expect(hear('i am tired').introduced).toBeUndefined();
  });

  it('repeats only short statements about things', () => {
    expect(book.ear.repeatable('The mill burned.', new Set())).toBe('the mill burned');
    expect(book.ear.repeatable('I burned the mill.', new Set())).toBeUndefined();
    expect(book.ear.repeatable('Say <b>this</b> burned.', new Set())).toBeUndefined();
  });
});
