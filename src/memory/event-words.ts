import { importanceOf } from './importance.ts';
import { synonymsOf } from './related.ts';
import { cachedStem } from './words.ts';

/**
 * Words for what happens, those for the same on a line. Closer than the synonyms that a search goes by: a torch is like a
 * fire, but no line about torches tells when the fire was.
 */
const SAME_EVENT = `
fire burn burnt blaze flame ablaze alight inferno arson
flood deluge
storm tempest gale hurricane thunderstorm
quake earthquake
eclipse
battle fight combat skirmish
duel
siege besiege blockade
attack raid assault ambush
murder kill slay assassinate
death die
theft steal rob robbery heist burglary
wedding marry marriage wed
funeral burial bury
feast banquet festival
trial
execution execute hang behead
escape flee
arrival arrive
explosion explode
coronation`;

/** Something happens. */
const HAPPENS =
  /\b(?:breaks? out|broke out|in flames|on fire|burn(?:s|ed|t)? down|to the ground|spreads?|attacks?|attacked|strikes|struck|destroy(?:s|ed)?|kill(?:s|ed)?|sets? (?:the fire|fire to)|alight)\b/iu;
/** What weighs no less than this happens; and so it does where somebody cries out. */
const HAPPENING = 0.8;
/** "You sit by the": what comes next is there, and nothing happens to it. */
const BESIDE =
  /\b(?:by|near|beside|around|round|next to|in front of) (?:the|an?|our|your|my|his|her|their) (?:\p{L}+ )?$/iu;
/** "We make camp and light a fire." */
const IS_MADE_OR_KEPT =
  /\b(?:(?:lights?|lit|makes?|made|builds?|built|feeds?|fed|tends?|stokes?) (?:a|the|our) (?:\p{L}+ )?fire|camp ?fires?|firewood|hearth|crackles?|crackling|burn(?:s|ed)? low)\b/iu;
const OF_WHAT_IS_THERE = 0.25;
/** "The eclipse will come in nine days" is said before it. */
const STILL_TO_COME =
  /\b(?:will|shall|going to|tomorrow|until|in (?:\d+|an?|a few|two|three|four|five|six|seven|eight|nine|ten|twelve) (?:more )?(?:hours?|days?|nights?|weeks?|months?|years?))\b|['’]ll\b/iu;

const sameEvent = new Map<string, ReadonlySet<string>>(
  SAME_EVENT.trim()
    .split('\n')
    .flatMap((line) => {
      const stems = new Set(line.split(' ').map(cachedStem));
      return [...stems].map((stem) => [stem, stems] as const);
    }),
);

/** The stems of words by which the same event may be told of. */
export function alsoTelling(stem: string): Iterable<string> {
  return sameEvent.get(stem) ?? synonymsOf(stem);
}

/**
 * How much a text says that something happens, from 0 to 1: of a hundred evenings by a fire and one granary that burns,
 * the granary is what people remember.
 * @param before what stands before the first word of it.
 */
export function happening(text: string, before: string): number {
  const importance = importanceOf(text);
  if (HAPPENS.test(text)) return Math.max(importance, HAPPENING);
  if (BESIDE.test(before) || IS_MADE_OR_KEPT.test(text)) return OF_WHAT_IS_THERE * importance;
  return text.includes('!') ? Math.max(importance, HAPPENING) : importance;
}

/** Whether something in a text is told of as what is not yet. */
export function mayBeStillToCome(text: string): boolean {
  return STILL_TO_COME.test(text);
}
