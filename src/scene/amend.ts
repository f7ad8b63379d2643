import type { Line } from '#src/core/entities.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { clip, withoutActingCharacters } from '#src/core/text.ts';
import { MAX_LINE_IN_CHARACTERS } from './heard-line.ts';
import { splitOutOfCharacter } from './out-of-character.ts';

/** What was said out of character in one message stands in lines of its own; the first alone where nothing else was said. */
export function asideId(id: string, index: number, hasSpeech: boolean): string {
  return !hasSpeech && index === 0 ? id : `${id}/aside-${index + 1}`;
}

/**
 * The transcript follows a message that was changed after it was said. What is out of character now was never speech;
 * what was out of character never becomes speech, which nobody would have heard.
 */
export async function amend({ lines }: CampaignStore, id: string, text: string): Promise<void> {
  const line = await lines.byId(id);
  if (line === undefined) return;
  const wasSpeech = line.kind === 'speech';
  const changed = splitOutOfCharacter(withoutActingCharacters(clip(text, MAX_LINE_IN_CHARACTERS)));
  // Empty where it is all out of character now: its witnesses have it back when it becomes speech again.
  if (wasSpeech) await lines.revise(id, changed.speech);
  const asides = wasSpeech ? changed.asides : [[...changed.asides, changed.speech].join(' ').trim()];
  const before = await asidesOf({ lines }, id, wasSpeech);
  for (const [index, aside] of before.entries()) {
    await lines.revise(aside.id, asides[index] ?? '');
  }
  for (const [index, aside] of asides.entries()) {
    if (index < before.length || aside === '') continue;
    const { sceneId, speaker } = line;
    const common = {
      sceneId,
      speaker,
      kind: 'ooc',
      state: 'said',
      replyTo: undefined,
      witnesses: [],
    } as const;
    await lines.append({ ...common, id: asideId(id, index, wasSpeech), text: aside });
  }
}

/** A message that was deleted was never said. The line that it was, if any. */
export async function takeBack({ lines }: CampaignStore, id: string): Promise<Line | undefined> {
  const line = await lines.byId(id);
  if (line === undefined) return undefined;
  for (const aside of await asidesOf({ lines }, id, line.kind === 'speech')) await lines.retract(aside.id);
  return line.kind === 'speech' ? lines.retract(id) : line;
}

async function asidesOf(
  { lines }: Pick<CampaignStore, 'lines'>,
  id: string,
  hasSpeech: boolean,
): Promise<readonly Line[]> {
  const found: Line[] = [];
  for (;;) {
    const line = await lines.byId(asideId(id, found.length, hasSpeech));
    if (line === undefined) return found;
    found.push(line);
  }
}
