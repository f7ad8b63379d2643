import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import type { Persona } from '#src/core/persona.ts';
import type { Random } from '../random.ts';
import { uncontracted } from './english.ts';
import { Ear } from './hearing.ts';
import { spokenSheet } from './sheet.ts';
import { NO_TICS, Sound } from './sound.ts';
import { hearingSchema, type Moment, type Speech, speechSchema } from './speech-schema.ts';
import { isVoiced, type Voice, type VoicedMoment, voicesSchema } from './voice-schema.ts';
import { coverage } from './words.ts';

/** What a voice needs to know of a persona to give samples of its speech. */
export type SpeechSheet = Pick<Persona, 'name' | 'pronouns' | 'role' | 'goals'>;

/** Everything that improv needs to speak, read once. */
export interface VoiceBook {
  /** Voices to draft with. */
  readonly ids: readonly string[];
  /** Prose for the sheet's `voice`. */
  manner(id: string): string;
  /** Three lines as this persona would say them. */
  samples(id: string, sheet: SpeechSheet, random: Random): string[];
  /** What is said on first meeting. */
  greeting(id: string, sheet: SpeechSheet, random: Random): string;
  /** Tags: 'sea', 'court', 'criminal', 'scholar', 'folk', 'martial', 'holy', 'trade', 'young', 'old', 'grim', 'merry'. */
  suits(id: string): readonly string[];
  /** Undefined where there is none of this id. */
  voice(id: string): Voice | undefined;
  /** The voice whose manner comes nearest to a sheet's own words; the plain one where none is near. */
  fitting(persona: Pick<Persona, 'voice' | 'personality' | 'role' | 'tags'>): Voice;
  readonly speech: Speech;
  /** Beginnings and ends of what is said by who has nothing to tell, spelled out, lower case. */
  readonly hollow: readonly string[];
  readonly ear: Ear;
}

/** The voice for sheets that fit no other; it is never drafted with. */
const PLAIN = 'plain';
/** How much of a sheet's words a manner must share before it may speak for it. */
const LEAST_FIT = 1.6;

/** How often one of the samples tells a wish. */
const WISH_SHARE = 0.35;
/** Moments that show a voice without being told anything. */
const SAMPLED: readonly VoicedMoment[] = [
  'chat',
  'insult',
  'threat',
  'no',
  'yes',
  'joke',
  'thanks',
  'compliment',
  'farewell',
  'startle',
  'offer',
];

/** What people say who have nothing to tell. */
const HOLLOW = [
  'unknown',
  'unknownPlace',
  'unknownTime',
  'unknownPerson',
  'unknownCause',
  'unknownWay',
  'unsureYes',
  'evade',
  'point',
  'lead',
  'bondAgain',
  'bondHidden',
  'topicFrom',
  'topicYou',
  'notedTopic',
  'fragment',
  'alreadyTold',
  'moreNone',
  'again',
  'present',
] as const satisfies readonly Moment[];
/** Shorter parts stand in many a sentence. In characters. */
const SHORTEST_HOLLOW = 10;

/** Reads `voices*.yaml` and `speech*.yaml`. Throws an Error naming the file where one is broken. */
export async function loadVoiceBook(tablesDirectory: string): Promise<VoiceBook> {
  const files = (await readdir(tablesDirectory)).filter((name) => /^voices.*\.yaml$/u.test(name)).sort();
  const [shelves, speech, hearing] = await Promise.all([
    Promise.all(files.map((file) => read(tablesDirectory, file, voicesSchema))),
    read(tablesDirectory, 'speech.yaml', speechSchema),
    read(tablesDirectory, 'speech-hearing.yaml', hearingSchema),
  ]);
  return new Book(shelves.flat(), speech, new Ear(hearing));
}

async function read<T extends z.ZodType>(directory: string, file: string, schema: T): Promise<z.output<T>> {
  const place = path.join(directory, file);
  try {
    return schema.parse(parse(await readFile(place, 'utf8')));
  } catch (cause) {
    throw new Error(`The speech table ${place} cannot be used.`, { cause });
  }
}

class Book implements VoiceBook {
  readonly ids: readonly string[];
  readonly speech: Speech;
  readonly hollow: readonly string[];
  readonly ear: Ear;
  readonly #voices: ReadonlyMap<string, Voice>;
  readonly #plain: Voice;
  readonly #manners: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #rarity: ReadonlyMap<string, number>;

  constructor(voices: readonly Voice[], speech: Speech, ear: Ear) {
    this.#voices = new Map(voices.map((voice) => [voice.id, voice]));
    const plain = this.#voices.get(PLAIN);
    if (plain === undefined || this.#voices.size !== voices.length)
      throw new Error(`The voices must have ids of their own, and one of them must be '${PLAIN}'.`);
    this.#plain = plain;
    this.ids = voices.map(({ id }) => id).filter((id) => id !== PLAIN);
    this.speech = speech;
    this.hollow = HOLLOW.flatMap((moment) => [
      ...speech.lines[moment],
      ...voices.flatMap(({ lines }) => (isVoiced(moment) ? lines[moment] : [])),
    ])
      // What a voice puts before and after is nothing told either, where it is a sentence of its own.
      .concat(
        voices
          .flatMap(({ openers, closers }) => [...openers, ...closers])
          .filter((mark) => /^\p{Lu}.*[.!]$/u.test(mark)),
      )
      .flatMap((line) => uncontracted(line).split(/\{\w+\}/u))
      .map((part) => part.toLowerCase().replace(/^[\s,.:;?!]+|[\s,.:;?!]+$/gu, ''))
      .filter((part) => part.length >= SHORTEST_HOLLOW);
    this.ear = ear;
    this.#manners = new Map(
      voices.map((voice) => [voice.id, ear.meaning(`${voice.id.replaceAll('-', ' ')} ${voice.manner}`)]),
    );
    const counts = new Map<string, number>();
    for (const manner of this.#manners.values())
      for (const stem of manner) counts.set(stem, (counts.get(stem) ?? 0) + 1);
    this.#rarity = new Map([...counts].map(([stem, count]) => [stem, 1 / count]));
  }

  voice(id: string): Voice | undefined {
    return this.#voices.get(id);
  }

  manner(id: string): string {
    return this.#get(id).manner;
  }

  suits(id: string): readonly string[] {
    return this.#get(id).suits;
  }

  greeting(id: string, sheet: SpeechSheet, random: Random): string {
    return this.#say(id, sheet, ['greeting'], random)[0] ?? '';
  }

  samples(id: string, sheet: SpeechSheet, random: Random): string[] {
    const wish: VoicedMoment = sheet.goals.length > 0 ? 'want' : 'well';
    // Said on every card, a wish would give its maker away; and the first line is the one that everybody sees.
    const isWishing = random.chance(WISH_SHARE);
    const shown = random.shuffle(SAMPLED).slice(0, isWishing ? 2 : 3);
    const [first, ...later] = shown;
    const others = random.shuffle(isWishing ? [...later, wish] : later);
    const moments = first === undefined ? others : [first, ...others];
    return this.#say(id, sheet, moments, random);
  }

  fitting(persona: Pick<Persona, 'voice' | 'personality' | 'role' | 'tags'>): Voice {
    const manner = this.ear.meaning(persona.voice);
    const person = this.ear.meaning([persona.personality, persona.role].join(' '));
    let best = this.#plain;
    let bestFit = LEAST_FIT;
    for (const voice of this.#voices.values()) {
      let fit = 0;
      for (const stem of this.#manners.get(voice.id) ?? []) {
        const rarity = this.#rarity.get(stem) ?? 0;
        if (manner.has(stem)) fit += rarity;
        if (person.has(stem)) fit += rarity / 3;
      }
      // Tags alone never decide: they tell apart voices that fit alike.
      if (fit > 0) fit += 0.3 * coverage(new Set(voice.suits), new Set(persona.tags));
      if (fit > bestFit) {
        best = voice;
        bestFit = fit;
      }
    }
    return best;
  }

  #get(id: string): Voice {
    const voice = this.#voices.get(id);
    if (voice === undefined) throw new RangeError(`There is no voice '${id}'.`);
    return voice;
  }

  #say(id: string, sheet: SpeechSheet, moments: readonly VoicedMoment[], random: Random): string[] {
    const voice = this.#get(id);
    const spoken = spokenSheet(sheet, [], this.ear, {
      isDrafted: true,
      speaksByName: voice.habits.self === 'third',
    });
    const sound = new Sound(voice, NO_TICS, {
      me: spoken.shortName,
      names: spoken.names,
      stopwords: this.ear.stopwords,
    });
    const slots = { role: spoken.role, goal: spoken.goals[0]?.told };
    return moments.map((moment) => {
      const pieces = random
        .shuffle(sound.voice.lines[moment])
        .map((line) => sound.fill(line, slots, true, random))
        .filter((piece) => piece !== undefined);
      return sound.utter(pieces.slice(0, 1), '', random);
    });
  }
}
