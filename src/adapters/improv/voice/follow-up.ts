import type { Act } from './hearing.ts';
import type { Tie } from './sheet.ts';
import type { Moment } from './speech-schema.ts';
import type { Telling } from './telling.ts';

/** Answers to what only makes sense after what was said before. */

/** "where is it?", "is it dangerous?", "who is he?": what was talked of last. */
export function reachBack(telling: Telling): boolean {
  const { memory, ear } = telling.mind;
  const { text } = telling.line;
  if (telling.hasJustSeen && /\b(?:was|is|see|hear|saw)\b/iu.test(text))
    return telling.say(['sawIt', 'notice']);
  const person = personMeant(telling);
  if (person !== undefined) {
    const about = telling.fact(person.nameStems);
    if (about !== undefined && !memory.toldFacts.has(about) && telling.tellAlso(about)) return true;
    if (telling.tellTie(person)) return true;
  }
  const blank = /\bhow (?:many|much)\b/iu.test(text) ? 'unknown' : BLANKS[telling.heard.questionWord ?? ''];
  const isAboutThat = blank !== undefined || /\b(?:it|that|this|there|those|these|one)\b/iu.test(text);
  if (memory.lastFact !== undefined && isAboutThat) {
    const linked = telling.linked(memory.lastFact);
    if (linked !== undefined && telling.tellAlso(linked)) return true;
    if (telling.say([blank ?? 'unsureYes', 'moreNone'])) return telling.point() || true;
  }
  if (blank !== undefined && telling.say([blank])) return telling.point() || true;
  const { earlier } = telling;
  const fact = earlier === undefined || !isAboutThat ? undefined : telling.fact(ear.meaning(earlier.text));
  if (fact !== undefined && telling.tell(fact)) return true;
  return telling.say(/\b(?:you|u)\b/iu.test(text) ? ['opinion', 'unclear'] : ['unclear', 'nonsense']);
}

/** What is said where only a question word tells what is missing. */
const BLANKS: Readonly<Record<string, Moment>> = {
  who: 'unknownPerson',
  whose: 'unknownPerson',
  where: 'unknownPlace',
  when: 'unknownTime',
  how: 'unknownWay',
};

/** Whom "he", "her" or "them" means: the one spoken of last. */
export function personMeant(telling: Telling): Tie | undefined {
  const { memory, ear } = telling.mind;
  return /\b(?:he|she|they|him|her|them|his|their)\b/iu.test(telling.line.text)
    ? telling.tie(ear.meaning(`${memory.lastOwn} ${telling.earlier?.text ?? ''}`))
    : undefined;
}

/** "again?": after a greeting a greeting, else the last thing told. */
export function again(telling: Telling): boolean {
  const { lastFact } = telling.mind.memory;
  if (telling.earlierAct === 'greeting') return telling.say(['helloAgain', 'greeting']);
  if (lastFact !== undefined) return telling.tell(lastFact);
  return telling.say(['unclear', 'nonsense']);
}

const MOST_QUOTED = 40;

/** "what did I just say?": in their own words, where those are plain enough to be said back. */
export function recall(telling: Telling): boolean {
  const said = telling.earlier?.text.trim().replace(/[.,!?\s]+$/u, '') ?? '';
  const isPlain = said.length <= MOST_QUOTED && /^[\p{L}\p{N}][\p{L}\p{N} ,'’-]*$/u.test(said);
  if (isPlain && telling.mind.discretion.allows(said) && telling.say(['recall'], { quote: said }))
    return true;
  return telling.say(['recallNone', 'noted']);
}

/** After these, "why?" asks what somebody is here for. */
const OF_THEMSELVES: ReadonlySet<Act> = new Set<Act>(['trade', 'name', 'origin']);

export function why(telling: Telling): boolean {
  const { memory, random } = telling.mind;
  switch (memory.lastSubject) {
    case 'fact':
      return telling.say(['whyFact', 'unknownCause']) && (telling.point() || telling.lead() || true);
    case 'goal':
      return telling.say(random.chance(0.5) ? ['whyFear', 'whyGoal'] : ['whyGoal', 'whyFear']);
    case 'price':
      return telling.say(['haggleFirm', 'whyNot']);
    case 'fear':
    case 'tie':
      return telling.say(['whyNot', 'whyChat']);
    case 'other':
      if (OF_THEMSELVES.has(telling.earlierAct ?? 'why') && telling.say(['want'])) return true;
      return telling.say(hasEvaded(telling) ? ['whyNot', 'whyChat'] : ['whyChat', 'whyNot', 'unknownCause']);
  }
}

/** Whether its last line was a refusal. */
function hasEvaded({ mind: { memory, sound, speech } }: Telling): boolean {
  const refusals = [
    sound.voice.lines.evade,
    speech.lines.evade,
    sound.voice.lines.no,
    speech.lines.no,
  ].flat();
  return refusals.some((line) =>
    line.split(/\{\w+\}/u).some((part) => part.length > 12 && memory.lastOwn.includes(part.trim())),
  );
}

export function more(telling: Telling): boolean {
  const { memory } = telling.mind;
  if (telling.isNearSecret) return telling.say(['evade']);
  if (telling.earlierAct === 'joke') return telling.say(['joke', 'moreNone']);
  if (telling.heard.words.size > 0 && telling.knows()) return true;
  const linked = memory.lastFact === undefined ? undefined : telling.linked(memory.lastFact);
  const fact = linked ?? telling.untold();
  if (fact !== undefined && telling.tellAlso(fact)) return true;
  return telling.say(['moreNone', 'noNews']) && (telling.point() || true);
}

export function explain(telling: Telling): boolean {
  const { memory } = telling.mind;
  const clause = memory.lastSubject === 'fact' ? memory.lastFact?.clause : undefined;
  return telling.say(clause === undefined ? ['meaningNone'] : ['meaning', 'meaningNone'], { clause });
}
