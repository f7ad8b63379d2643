/** What kind of line it is: features that are the same whatever is asked. */
export const LINE_KINDS = [
  'asks',
  'length',
  'short',
  'novelty',
  'names',
  'self',
  'afterQuestion',
  'opens',
  'early',
  'reply',
  'past',
] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** What speaks for or against a line, each a number of about 0 to 1 (lengths and counts: their logarithm). */
export const FEATURES = [
  // The question's words, in the line or near it; each counts less the further away it is.
  'near',
  'before',
  'wide',
  'topicOfSpeaker',
  'nearOfBest',
  'wideOfBest',
  'nearOfSession',
  // The question's words in the line itself, in the line before and in its whole session.
  'words',
  'wordsOfBest',
  'held',
  'heldEvenly',
  'wordsBefore',
  'session',
  'sessionHeld',
  // What is like the question's words.
  'likeness',
  'likenessBefore',
  // Who speaks.
  'speaker',
  'otherSpeaker',
  'owner',
  'lead',
  'mentioned',
  'nearBySpeaker',
  'wideBySpeaker',
  'nearMentioned',
  // What kind of line it is.
  ...LINE_KINDS,
  'nearAsks',
  'answersQuestion',
  // When it was said.
  'day',
  'month',
  'year',
  // It holds what questions of this kind ask for.
  'time?',
  'number?',
  'place?',
  'plan?',
  'feeling?',
  'liking?',
  'title?',
  'past?',
  'bargain?',
  'gift?',
  'looks?',
  'money?',
] as const;
export type Feature = (typeof FEATURES)[number];
