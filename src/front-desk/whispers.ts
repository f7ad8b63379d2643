import type { Npc } from '#src/core/entities.ts';

/** What is done while it is said: "*whispers to Vidar* Meet me". */
const ACTIONS = /[*_]{1,2}([^*_]{1,200})[*_]{1,2}/gu;
const WHISPERS = /\bwhisper(?:s|ing)?\b/iu;
/** "I whisper to him that…", "leans over and whispers". */
const IN_PLAIN_WORDS =
  /^(?:(?:i|he|she|they|\p{Lu}\p{L}{0,40}) )?(?:lean(?:s|ing)? (?:in|over|close) (?:and|to) )?whispers? /iu;

/** Whether somebody seems to think that one NPC alone hears them. */
export function isWhispered(text: string): boolean {
  if (IN_PLAIN_WORDS.test(text)) return true;
  return [...text.matchAll(ACTIONS)].some(([, action = '']) => WHISPERS.test(action));
}

/** Who hears it all the same; undefined where there is nobody else to hear it. */
export function whoHearsIt(onStage: readonly Npc[], isPlayers: boolean): string | undefined {
  if (onStage.length < 2) return undefined;
  const names = onStage.map(({ persona }) => persona.name).join(', ');
  const instead = isPlayers
    ? 'The game master can take somebody off stage first.'
    : 'Next time, /npc dismiss first whoever should not hear it.';
  return `A whisper, too, is heard by everyone on stage: ${names}. ${instead}`;
}
