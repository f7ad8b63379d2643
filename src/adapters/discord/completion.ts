import type { APIApplicationCommandAutocompleteInteraction } from 'discord.js';
import { inTime } from '#src/core/clock.ts';
import type { Front } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import { givenCommand } from './given-options.ts';
import type { InteractionScene } from './interaction-scene.ts';
import { MAX_CHOICE_LENGTH, MAX_CHOICES } from './limits.ts';

/** Discord shows what completes an option only if it comes within 3 seconds. */
const LIMIT_IN_MS = 2000;

/** What completes the option that is being typed: as many values as Discord shows; none where they come late or cannot be found. */
export async function completionsFor(
  { data }: Pick<APIApplicationCommandAutocompleteInteraction, 'data'>,
  scene: InteractionScene | undefined,
  { front, log }: { readonly front: Pick<Front, 'complete'>; readonly log: Log },
): Promise<readonly string[]> {
  const { command, focused } = givenCommand(data);
  if (scene === undefined || focused === undefined) return [];
  const { place, person } = scene;
  const onFault = (error: unknown): undefined => {
    log.warn('an option could not be completed', { command }, error);
  };
  const finding = front.complete({ place, person, command, ...focused });
  const found = await inTime(LIMIT_IN_MS, finding, onFault).catch(onFault);
  const shown = [...new Set(found?.value)].filter(
    (value) => value !== '' && value.length <= MAX_CHOICE_LENGTH,
  );
  return shown.slice(0, MAX_CHOICES);
}
