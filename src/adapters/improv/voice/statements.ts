import { sentences } from './english.ts';

/** What only goes on about what was said before: "It ended when…", "Her priest is…", "But nobody came". */
const GOES_ON =
  /^(?:it|he|she|they|this|that|these|those|there|his|her|hers|its|their|theirs|him|them|both|such|then|but|so|and|or|nor|yet|because|however|instead|otherwise|afterwards)\b/iu;
/** "Inside it is engraved…", "When she died…", "Nobody trusts him": of whom or what, was said before. */
const LEANS =
  /^(?:(?:inside|in|on|under|over|behind|beside|near|with|without|for|of|from|to|around|round|before|after|since|when|while|if|until|by|at|beyond|above|below|between|against|among) (?:it|he|she|they|him|her|them|his|its|their|this|that|these|those)|(?:nobody|no one|everybody|everyone|some|many|most|few|people|all|none) (?:\p{Ll}+ ){1,4}(?:it|he|she|they|him|her|them|there))\b/iu;
/** "Charcoal burners live there": where, was said before. */
const IS_THERE =
  /\b(?:lives?|lived|dwells?|dwelt|stands?|stood|stays?|stayed|sleeps?|slept|works?|worked|goes|go|went|comes?|came|from|over|down|out) there\b/iu;
/** "There is an inn at Lowmoor" says it all where nothing stands before it. */
const THERE_IS = /^there (?:is|are|was|were)\b/iu;

/** The sentences of a text, each with those that only go on about it. */
export function together(text: string): string[] {
  return groupsOf(text).map((group) => group.join(' '));
}

/** The same, of each as many sentences as fit. */
export function parts(text: string, longestInCharacters: number): string[] {
  return groupsOf(text).map(([first = '', ...rest]) => {
    let whole = first;
    for (const sentence of rest) {
      if (whole.length + sentence.length + 1 > longestInCharacters) break;
      whole = `${whole} ${sentence}`;
    }
    return whole;
  });
}

/** What of a text can be said alone: its parts, without one at the beginning that goes on about nothing. */
export function statements(text: string, longestInCharacters: number): string[] {
  return parts(text, longestInCharacters).filter(
    (part) =>
      part.length <= longestInCharacters && (!goesOn(sentences(part)[0] ?? '') || THERE_IS.test(part)),
  );
}

function groupsOf(text: string): string[][] {
  const groups: string[][] = [];
  for (const sentence of sentences(text)) {
    const group = groups.at(-1);
    if (group !== undefined && goesOn(sentence)) group.push(sentence);
    else groups.push([sentence]);
  }
  return groups;
}

function goesOn(sentence: string): boolean {
  return GOES_ON.test(sentence) || LEANS.test(sentence) || IS_THERE.test(sentence);
}

/** Verbs that can be told by their form, and those that cannot. Nouns in -s and words in -ed are taken for verbs too. */
const VERB =
  /\b(?:am|has|have|had|do|did|can|cannot|could|will|would|shall|should|may|might|must|are|were|ate|beat|became|began|bent|bit|bled|blew|bore|bound|bought|broke|brought|built|burnt|burst|came|caught|chose|clung|crept|cut|dealt|drank|drew|drove|dug|fell|felt|fled|flew|fought|found|froze|gave|got|grew|heard|held|hid|hung|hurt|kept|knelt|knew|laid|lay|led|left|lent|let|lit|lost|made|meant|met|paid|put|ran|rang|read|rode|rose|said|sang|sank|sat|saw|sent|set|shook|shot|shut|slept|sold|spent|split|spoke|stole|stood|struck|swam|swept|swore|swung|taught|thought|threw|told|took|tore|went|woke|won|wore|wound|wove|wrote|\p{L}+n['’]t|\p{L}+ed|(?!(?:its|his|this|thus|less|across|always|perhaps|besides|as|us)\b)\p{L}+s)\b(?!['’])/giu;
/** "the hamlet that grew": what follows is a verb of its own. */
const RELATIVE = /\b(?:that|which|who|whom|whose|where)\b/giu;

/** Whether a sentence says something, and is not just the name of it: "A bridge and the hamlet that grew beside it." */
export function hasVerb(sentence: string): boolean {
  return (sentence.match(VERB) ?? []).length > (sentence.match(RELATIVE) ?? []).length;
}
