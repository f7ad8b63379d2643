/** What somebody says that they know nothing of, or that leaves it open. */
const OF =
  'of|about|tell of|anything|a thing|a word|a whisper|any|much|where|who|whose|what|which|when|why|how|whether|if';
const NOBODY = 'nobody|no one|none of (?:us|them|you)';
/** Each is followed by what is not known, or ends what is said. */
const DENIALS = [
  '(?:knows?|knew|heard) (?:nothing|naught|nought)(?: at all)?',
  "(?:(?:do|does|did)(?:n't| not)|cannot|can't) know",
  "(?:never|n't|not)(?: ever| yet)? heard",
  "(?:can|could)(?:n't|not| not) (?:say|tell(?: you| anybody| anyone)?)",
  'no (?:idea|notion|knowledge|news|clue)',
  `(?:${NOBODY})(?:'s| has| have)?(?: ever)? (?:told|tells) (?:me|us)`,
  `(?:${NOBODY})(?:'s| has| have)?(?: ever)? (?:knows?|knew|heard)`,
];
const DENIAL = new RegExp(`(?:${DENIALS.join('|')})(?= (?:${OF})\\b|\\s*(?:[,;.!…]|$))`, 'iu');
/** What comes behind it is known after all. */
const CONTRAST =
  /\b(?:but|except|save|only|though|although|until|unless|beyond|(?:other|more) than|apart from)\b/iu;
/** "Of the dragon I know nothing": what is not known stands before. */
const FRONTED = /^\P{L}*(?:of|about|on|as (?:to|for)|concerning)\s/iu;

/** What a sentence tells beside what it only says that somebody does not know: all of it where it denies nothing plainly. */
export function beyondDenial(sentence: string): string {
  const plain = sentence.replaceAll('’', "'");
  const at = plain.search(DENIAL);
  if (at < 0 || CONTRAST.test(plain.slice(at))) return sentence;
  const before = plain.slice(0, at);
  return FRONTED.test(before) ? '' : before;
}
