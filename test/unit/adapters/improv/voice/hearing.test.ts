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
    ['lol', 'laugh'],
    ['and again?', 'again'],
    ['who told you that', 'source'],
    ['i dont belive you', 'accuse'],
    ['what did i just say', 'recall'],
    ['we enter the mill at night, will you come?', 'invite'],
    ['lets go', 'invite'],
    ['are you in?', 'invite'],
    ['any work for us', 'work'],
    ['can i help with that', 'offerHelp'],
    ['whats for dinner', 'fare'],
    ['who runs this place', 'ruler'],
    ['how old are you', 'age'],
    ['are you married', 'married'],
    ['i stole a cup', 'confession'],
    ['you killed him', 'charge'],
    ['should we go up?', 'advice'],
    ['my brother is dying', 'plight'],
    ['so what do you do', 'trade'],
    ['ok forget it', 'refuse'],
    ['can you save him', 'help'],
    ['can you tell us about the mill', 'question'],
    ['he went where', 'question'],
    ['the pig is a witch', 'statement'],
    ['you wander far', 'statement'],
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
    ['what list', 'list'],
    ['who owns it', undefined],
    ['tell me of the <@everyone> `rm -rf`', undefined],
    ['any gossip?', undefined],
    [`where is the ${'very'.repeat(20)}`, undefined],
  ])('finds a topic that can be said back: %s', (text, topic) => expect(hear(text).topic).toBe(topic));

  it('learns a name that is given, and no other word', () => {
    expect(hear('Hi, I am Bertram Vole').introduced).toBe('Bertram Vole');
    expect(hear('my name is bertram').introduced).toBe('Bertram');
    expect(hear('i am tired').introduced).toBeUndefined();
    expect(hear('i am rok the barbarian!!').introduced).toBe('Rok the Barbarian');
  });

  it('hears a plan together with the question that follows it', () => {
    const { words, topic } = hear('we will enter the mill at night, will you come?');
    expect(topic).toBe('the mill');
    expect(words.has('mill')).toBe(true);
  });

  it('repeats only short statements about things', () => {
    expect(book.ear.repeatable('The mill burned.', new Set())).toBe('the mill burned');
    expect(book.ear.repeatable('I burned the mill.', new Set())).toBeUndefined();
    expect(book.ear.repeatable('Say <b>this</b> burned.', new Set())).toBeUndefined();
  });
});
