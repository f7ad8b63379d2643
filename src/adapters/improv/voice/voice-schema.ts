import { z } from 'zod';

/** What every voice has words of its own for. Elsewhere it bends the plain lines of `speech.yaml` to its habits. */
const VOICED_MOMENTS = [
  'greeting',
  'farewell',
  'thanks',
  'insult',
  'threat',
  'compliment',
  'unknown',
  'tell',
  'evade',
  'chat',
  'well',
  'want',
  'startle',
  'yes',
  'no',
  'offer',
  'joke',
] as const;
export type VoicedMoment = (typeof VOICED_MOMENTS)[number];
const VOICED: ReadonlySet<string> = new Set(VOICED_MOMENTS);

export function isVoiced(moment: string): moment is VoicedMoment {
  return VOICED.has(moment);
}

const phrase = z.string().trim().min(1).max(200);
const phrases = z.array(phrase);
const share = z.number().min(0).max(1);

const habits = z.strictObject({
  /** `never`: "do not" throughout. */
  contractions: z.enum(['never', 'as written']).default('as written'),
  /** How often articles and a leading "I" or "it is" are left out of a plain sentence. */
  drop: share.default(0),
  /** How often the last words of a plain sentence come twice. */
  repeatLast: share.default(0),
  /** How often a plain sentence ends in dots. */
  trail: share.default(0),
  /** `third`: speaks of itself by name. */
  self: z.enum(['first', 'third']).default('first'),
  /** Never more than two sentences of its own at a time. */
  brief: z.boolean().default(false),
  /** How often plain sentences get an opener, a closer or an aside. */
  rate: share.default(0.8),
});

export const voiceSchema = z.strictObject({
  id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  /** Prose for the sheet's `voice`, one or two sentences, without a subject or with "they". */
  manner: phrase,
  suits: z.array(z.string().regex(/^[a-z]+$/)),
  /** Before a sentence: a sentence of its own, or its beginning. */
  openers: phrases.min(3),
  /** After one: a sentence of its own, or with a leading comma the end of that sentence. */
  closers: phrases.min(3),
  /** Put between commas inside a plain sentence. */
  asides: phrases,
  oaths: phrases.min(2),
  /** What it calls the person spoken to, lower case: fills `{you}`. */
  address: phrases.min(1),
  /** Its own words for plain ones. */
  swaps: z.record(phrase, phrase).default({}),
  habits: habits.prefault({}),
  lines: z.record(z.enum(VOICED_MOMENTS), phrases.min(1)),
});
export type Voice = z.infer<typeof voiceSchema>;

export const voicesSchema = z.array(voiceSchema).min(1);
