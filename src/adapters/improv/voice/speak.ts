import type { SpeakTask } from '#src/core/model.ts';
import type { Persona } from '#src/core/persona.ts';
import { type Random, seeded } from '../random.ts';
import { answer } from './answer.ts';
import { Discretion } from './discretion.ts';
import { loreStatements } from './known-lore.ts';
import { recollect } from './recollection.ts';
import { type Mind, Reply } from './reply.ts';
import { spokenSheet } from './sheet.ts';
import { NO_TICS, Sound } from './sound.ts';
import { Telling } from './telling.ts';
import { sampleLines, ticsOf } from './tics.ts';
import type { VoiceBook } from './voice-book.ts';

/** How often a line off the sheet is said where one suits: the sheet of a known voice was written by that voice. */
const SAMPLE_SHARE = { drafted: 0.1, written: 0.6 };

/**
 * What this NPC says next, whole: one to four sentences, each ending in a mark, plain text. The same task gives the
 * same reply. Says nothing that the sheet and the scene do not hold, and no word that only a secret holds. Where
 * `correction` is set it is another try at the same answer.
 */
export function speak(task: SpeakTask, book: VoiceBook): string {
  const mind = makeUp(task, book);
  const reply = new Reply(mind);
  const line = task.transcript.at(-1);
  if (line === undefined) reply.say(['greeting']);
  else {
    const heard = book.ear.hear(line.text, line.speakerKind, mind.sheet.ownNames);
    answer(new Telling(mind, reply, line, heard));
  }
  return reply.finish();
}

function makeUp(task: SpeakTask, book: VoiceBook): Mind {
  const { persona, transcript } = task;
  const { ear, speech, hollow } = book;
  const others = [...task.present, ...transcript.slice(-20).map(({ speaker }) => speaker)];
  const drafted = draftedVoice(persona);
  const voice = (drafted === undefined ? undefined : book.voice(drafted)) ?? book.fitting(persona);
  const isDrafted = drafted === voice.id;
  const world = loreStatements(task.lore ?? []);
  const speaksByName = voice.habits.self === 'third';
  const sheet = spokenSheet(persona, others, ear, { isDrafted, speaksByName, world });
  const random = randomOf(task);
  const memory = recollect(transcript, sheet, speech.coins, ear);
  const tics = isDrafted ? NO_TICS : ticsOf(persona, ear.stopwords);
  return {
    task,
    sheet,
    memory,
    sound: new Sound(voice, tics, { me: sheet.shortName, names: sheet.names, stopwords: ear.stopwords }),
    samples: sampleLines(persona, ear, sheet.ownNames),
    sampleShare: isDrafted ? SAMPLE_SHARE.drafted : SAMPLE_SHARE.written,
    discretion: new Discretion(
      persona,
      sheet.ties.flatMap(({ told }) => told ?? []),
      [...wordsOfTheGm(task), ...world],
      ear.stopwords,
    ),
    speech,
    hollow,
    ear,
    random,
  };
}

/** What the game master gave it to tell, as far as that comes to its mind. */
function wordsOfTheGm({ memories = [], summaries = [] }: SpeakTask): readonly string[] {
  return [...memories, ...summaries].flatMap(({ kind, text }) => (kind === 'gm' ? [text] : []));
}

function randomOf({ seed, persona, transcript, correction }: SpeakTask): Random {
  const last = transcript.at(-1);
  return seeded(
    [seed, persona.name, transcript.length, last?.id, last?.text, correction?.complaint].join('\n'),
  );
}

/** The id that drafting left in `extensions.dramatis.voice`. */
function draftedVoice({ extensions }: Persona): string | undefined {
  const ours = extensions.dramatis;
  if (typeof ours !== 'object' || ours === null || !('voice' in ours)) return undefined;
  return typeof ours.voice === 'string' ? ours.voice : undefined;
}
