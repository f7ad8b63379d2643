import type { SeenLine } from '#src/core/model.ts';
import { everythingRemembered, type Remembered } from './remembered.ts';
import { isShrug, saysSomething, tell } from './retell.ts';
import type { Telling } from './telling.ts';
import { coverage, overlaps } from './words.ts';

/**
 * What others said of the thing asked about, where no memory answers the question: in their words where somebody said
 * something of it, else that it was spoken of. Who is asked about is no thing.
 */
export function fromScene(telling: Telling): boolean {
  const { mind, heard, line } = telling;
  const { ear } = mind;
  const about = ear.meaning(heard.topic ?? '');
  const latestFirst = everythingRemembered(mind)
    .filter((memory) => {
      const meant = ear.meaning(memory.text);
      const isAbout = about.size > 0 ? isAll(about, meant) : overlaps(heard.words, meant);
      return isAbout && !isShrug(memory, mind);
    })
    .sort((one, other) => other.order - one.order);
  if (latestFirst[0]?.source === 'seen' && !latestFirst[0].isBefore) return telling.say(['sawIt']);
  const hearsay = latestFirst.filter(
    (memory) => (memory.source === 'asker' || memory.source === 'other') && saysSomething(memory, mind),
  );
  const [latest] = hearsay;
  if (latest !== undefined && !latest.isBefore && hearsay.every(({ speaker }) => speaker === latest.speaker))
    if (saysShortly(telling, latest)) return true;
  if (about.size > 0 && hearsay.some((memory) => tell(telling, memory))) return true;
  const isPerson = /^\p{Lu}/u.test(heard.topic ?? '');
  if (about.size === 0 || isPerson || hearsay.length > 0) return false;
  return saysWhoBegan(telling, about, line);
}

/** "The bear is loose" as what somebody said: nothing but that. */
function saysShortly(telling: Telling, { source, speaker, text }: Remembered): boolean {
  const heard = telling.mind.ear.repeatable(text, telling.heard.words);
  if (heard === undefined) return false;
  return source === 'asker'
    ? telling.say(['heardYou'], { heard })
    : telling.say(['heard'], { heard, speaker: firstName(speaker) });
}

/** Who spoke of it in this scene, where that was one person. */
function saysWhoBegan(telling: Telling, about: ReadonlySet<string>, { speaker }: SeenLine): boolean {
  const { memory, ear } = telling.mind;
  const lines = memory.others.filter(
    ({ text, speakerKind }) =>
      speakerKind !== 'gm' &&
      isAll(about, ear.meaning(text)) &&
      !text.includes('?') &&
      !ear.asksForSecrecy(text) &&
      !isShrug({ source: 'other', text }, telling.mind),
  );
  const [latest] = lines;
  if (latest === undefined || lines.some((line) => line.speaker !== latest.speaker)) return false;
  if (latest.speaker === speaker) return telling.say(['topicYou']);
  return telling.say(['topicFrom'], { speaker: firstName(latest.speaker) });
}

function isAll(about: ReadonlySet<string>, meant: ReadonlySet<string>): boolean {
  return coverage(about, meant) === 1;
}

function firstName(speaker: string): string | undefined {
  return /^[\p{L}][\p{L}'’-]{1,24}/u.exec(speaker)?.[0];
}
