import { nameKey } from '#src/core/names.ts';
import type { Remembered } from './remembered.ts';
import type { Telling } from './telling.ts';
import { type Then, thenIn } from './when.ts';
import { meaning, stem, wordsOf } from './words.ts';

export type Deed = 'promise' | 'gift' | 'request';

/** A question after what was said and done, with nothing named that it was about. */
export interface Inquiry {
  readonly then: Then | undefined;
  readonly deed: Deed | undefined;
  /** Whose word or deed; undefined for anybody's. */
  readonly by: 'asker' | 'own' | { readonly name: string } | undefined;
  /** Done to the one who is asked. */
  readonly isToMe: boolean;
}

/** "What did Mira do?", "what do you remember?", and not "what do you want?" */
const ASKS =
  /\bwhat(?: else)? (?:all )?(?:happened|went on|was (?:said|done|going on)|did\b(?! you do\b)|has happened|had happened|(?:have|has|had) (?:\p{L}+ ){1,2}(?:said|heard|seen|done|told|promised|given|brought|talked|spoken|offered|asked)|do you (?:still )?(?:remember|recall|know)|can you (?:tell|remember|recall)|(?:of|about) (?:last|yesterday|the|our|that|your|\p{L}+ (?:nights?|days?))|you (?:remember|recall|heard|saw))\b|\b(?:tell (?:me|us)|remind (?:me|us)|remember|recall)\b/iu;
const ASKS_FOR_MORE_THAN_WHAT =
  /\b(?:where|when(?! we)|why|how|which|whose)\b|\bjust (?:now|say|said|tell|told)\b/iu;
const RECALLS = /\b(?:remember|recall|remind)\b/iu;
/** What somebody said a moment ago is asked for in the same words: of oneself it must be "told", of the other more. */
const SAYING: Readonly<Record<'asker' | 'named' | 'both', RegExp>> = {
  asker: /\bI (?:\p{L}+ )?(?:tell|told|mention|mentioned)\b/iu,
  named:
    /\b(?:did|have|had|has) \p{L}+(?: \p{L}+)? (?:ever |already )?(?:say|said|tell|told|talk|talked|speak|spoke|spoken|mention|mentioned|discuss|discussed|do|done)\b/iu,
  both: /\b(?:did|have) we (?:ever |already )?(?:say|said|talk|talked|speak|spoke|spoken|discuss|discussed)\b/iu,
};

const ASKED_DEEDS: readonly (readonly [Deed, RegExp])[] = [
  ['promise', /\b(?:promised?|promises|swear|swore|sworn|vow|vowed|pledged?|offer|offered)\b/iu],
  ['request', /\b(?:ask|asked|tell|told|want|wanted|order|ordered|beg|begged)\b.*\bto do\b/iu],
  ['gift', /\b(?:give|gave|given|gift|gifts|present|bring|brought|hand|handed)\b/iu],
];
/** Words that name nothing. */
const EMPTY = meaning(
  `happen happened happening went going on talk talked talking speak spoke spoken discuss discussed hear heard say said tell told
  see saw seen do did done doing here there anything something everything else place room inn tavern evening night day days
  morning afternoon time session meeting met meet first last other people folk everybody anybody somebody promise promised swear
  swore sworn vow vowed pledge pledged offer offered give gave given gift gifts present presents bring brought hand handed ask asked want
  wanted order ordered beg begged remember recall remind memory forget forgot mention mentioned exactly still ever`,
  new Set(),
);
export function inquiryIn({ line, heard, mind }: Telling, found: readonly Remembered[]): Inquiry | undefined {
  const { text } = line;
  if (!ASKS.test(text) || ASKS_FOR_MORE_THAN_WHAT.test(text)) return undefined;
  const then = thenIn(text, mind.task.transcript.at(-1)?.time);
  const deed = ASKED_DEEDS.find(([, asks]) => asks.test(text))?.[0];
  const asksWhose =
    /\b(?:about|of) me\b|\b(?:did|have|had) I\b|\bI (?:\p{L}+ )?(?:say|said|tell|told|promised?|gave|give|do|did)\b/iu;
  const words = new Set([...heard.words].filter((word) => !EMPTY.has(word)));
  for (const word of meaning(then?.words ?? '', new Set())) words.delete(word);
  const spoken = new Map(
    found.filter(({ speaker }) => speaker !== '').map(({ speaker }) => [nameKey(speaker), speaker]),
  );
  const name = [...spoken.values()].find((speaker) => {
    const stems = wordsOf(speaker).map(stem);
    return stems.some((word) => words.has(word)) && nameKey(speaker) !== nameKey(line.speaker);
  });
  for (const word of wordsOf(name ?? '').map(stem)) words.delete(word);
  if (words.size > 0) return undefined;
  const isMine =
    /\b(?:did|have|had|do) you (?:\p{L}+ )?(?:say|said|tell|told|promised?|give|gave|swear|swore)\b/iu.test(
      text,
    );
  const by = asksWhose.test(text) ? 'asker' : isMine ? 'own' : name === undefined ? undefined : { name };
  const isSaid =
    (by === 'asker' && SAYING.asker.test(text)) ||
    (typeof by === 'object' && SAYING.named.test(text)) ||
    (by === undefined && SAYING.both.test(text));
  const isAbout = isSaid || (by !== undefined && (deed !== undefined || RECALLS.test(text)));
  if (
    then === undefined &&
    !isAbout &&
    !/\bwhat\b.*\b(?:you|we)\b.*\b(?:remember|recall)\b[^\p{L}]*$/iu.test(text)
  )
    return undefined;
  const asksMe = text.replace(
    /\b(?:do|can|could|would|will) you\b|\byou (?:still )?(?:remember|recall|know)\b/giu,
    '',
  );
  return { then, deed, by, isToMe: deed !== undefined && /\byou\b/iu.test(asksMe) };
}
