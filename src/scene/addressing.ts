import { nameKey } from '#src/core/names.ts';

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
  /^(?:['’]s\b|\s+(?:is|isn't|was|wasn't|has|had|does|did|said|says|told|tells|will|would|can|could|must|knows|knew|thinks|looks|seems)\b)/iu;
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
  const called = new Set<string>();
  let lastCallEnd: number | undefined;
  for (const mention of mentions) {
    const isJoined = lastCallEnd !== undefined && JOINT.test(text.slice(lastCallEnd, mention.start));
    if (!isJoined && !isCalled(text, mention)) continue;
    called.add(mention.id);
    lastCallEnd = mention.end;
  }
  if (called.size > 0) return [...called].slice(0, MAX_ADDRESSED);
  const answering =
    onStage.find((npc) => npc.id === partner)?.id ??
    mentions[0]?.id ??
    (onStage.length === 1 ? onStage[0]?.id : undefined);
  return answering === undefined ? [] : [answering];
}

interface Mention {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

function isCalled(text: string, mention: Mention): boolean {
  const before = text.slice(0, mention.start);
  const after = text.slice(mention.end);
  if (OPENING.test(before)) return !SPOKEN_OF.test(after);
  return AFTER_COMMA.test(before) && SET_OFF.test(after);
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
  const escaped = name
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')
    .replace(/\s+/gu, '\\s+');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu');
}
