import { nameKey } from '#src/core/names.ts';
import { asPattern } from '#src/core/text.ts';

/** Somebody on stage who can be spoken to. */
export interface Addressable {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
}

/** At most so many answer one line: the first ones called. */
const MAX_ADDRESSED = 3;

/** Before a name that opens a text or a sentence. */
const OPENING =
  /(?:^|[.!?…:]\s+)["“'‘]?(?:(?:hey|hi|hello|oi|oh|ah|well|so|and|now|then|but|please|listen|greetings|good \p{L}+)[\s,]+)*@?$/iu;
/** After a name that is spoken of, also where it opens the sentence: "Tilda is a liar". */
const SPOKEN_OF =
  /^(?:['’]s\b|\s+(?:is|isn't|are|was|wasn't|were|has|have|had|does|did|said|says|told|tells|will|would|can|could|must|knows|knew|thinks|looks|seems)\b)/iu;
/** After a name that is spoken to, though nothing sets it off: "tilda how is the catch". */
const SPOKEN_TO =
  /^\s+(?:how|what|who|where|when|why|which|do you|are you|can you|could you|will you|would you|have you|tell|come|give|show|bring|take|help|let|look|listen|please|you|your|i|i'm|we|my)\b/iu;
const AFTER_COMMA = /,\s*$/u;
const SET_OFF = /^\s*(?:$|[,.!?…:;—–-])/u;
/** Between two names that are called together: "Tilda and Bram, …". */
const JOINT = /^\s*(?:,|&|,?\s*and)\s*$/iu;

/** Words that open many names and would be heard everywhere. */
const TITLES = new Set(
  'the old young big little lady lord sir dame captain mother father brother sister master mistress doctor saint'.split(
    ' ',
  ),
);

/**
 * Who is meant to answer a line: those it calls by name ("Tilda and Bram, a word?", "What say you, Tilda?"); else the
 * one the speaker was just talking with; else the one it mentions; else the only one on stage. Ids in the order called.
 * @param partner the NPC that the speaker was just talking with, if any.
 */
export function addressed(
  text: string,
  onStage: readonly Addressable[],
  partner: string | undefined,
): string[] {
  const mentions = onStage.flatMap((npc) => mentionsOf(npc, text)).toSorted((a, b) => a.start - b.start);
  const talking = onStage.find((npc) => npc.id === partner)?.id;
  const called = new Set(
    joined(text, mentions)
      .filter((group) => areCalled(text, group, talking))
      .flatMap((group) => group.map(({ id }) => id)),
  );
  if (called.size > 0) return [...called].slice(0, MAX_ADDRESSED);
  const answering = talking ?? mentions[0]?.id ?? (onStage.length === 1 ? onStage[0]?.id : undefined);
  return answering === undefined ? [] : [answering];
}

/** Whom a text names first, if anybody. */
export function firstNamed<T extends Addressable>(text: string, npcs: readonly T[]): T | undefined {
  const [first] = npcs.flatMap((npc) => mentionsOf(npc, text)).toSorted((a, b) => a.start - b.start);
  return npcs.find(({ id }) => id === first?.id);
}

interface Mention {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** Names that stand together: "Tilda and Bram", "Tilda, Bram". */
function joined(text: string, mentions: readonly Mention[]): readonly (readonly Mention[])[] {
  const groups: Mention[][] = [];
  for (const mention of mentions) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group !== undefined && before !== undefined && JOINT.test(text.slice(before.end, mention.start))) {
      group.push(mention);
    } else groups.push([mention]);
  }
  return groups;
}

/** Whether names are spoken to and not of. In the middle of a talk with another it takes more to say so. */
function areCalled(text: string, group: readonly Mention[], talking: string | undefined): boolean {
  const before = text.slice(0, group[0]?.start);
  const after = text.slice(group.at(-1)?.end);
  if (AFTER_COMMA.test(before) && SET_OFF.test(after)) return true;
  if (!OPENING.test(before)) return false;
  const isWithAnother = talking !== undefined && group.every(({ id }) => id !== talking);
  return isWithAnother ? SET_OFF.test(after) || SPOKEN_TO.test(after) : !SPOKEN_OF.test(after);
}

/** Where a text names an NPC, longest names first, so that "Tilda Marsh" is one mention and not two. */
function mentionsOf(npc: Addressable, text: string): Mention[] {
  const mentions: Mention[] = [];
  for (const name of callNames(npc)) {
    for (const hit of text.matchAll(wholeWords(name))) {
      const end = hit.index + hit[0].length;
      const isNew = mentions.every((other) => end <= other.start || other.end <= hit.index);
      if (isNew) mentions.push({ id: npc.id, start: hit.index, end });
    }
  }
  return mentions;
}

function callNames(npc: Addressable): string[] {
  const words = nameKey(npc.name).split(' ');
  const first = words.find((word) => word.length > 2 && !TITLES.has(word));
  const names = [npc.name, ...npc.aliases, ...(words.length > 1 && first !== undefined ? [first] : [])];
  return names.filter((name) => name.trim() !== '').toSorted((a, b) => b.length - a.length);
}

function wholeWords(name: string): RegExp {
  const escaped = asPattern(name.trim()).replace(/\s+/gu, '\\s+');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu');
}
