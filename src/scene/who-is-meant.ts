import type { Line, Npc, Speaker } from '#src/core/entities.ts';
import type { LineStore } from '#src/core/store.ts';
import { addressed, firstNamed } from './addressing.ts';
import type { HeardLine } from './heard-line.ts';
import { isTableTalk } from './table-talk.ts';
import { partnerOf } from './transcript.ts';

/**
 * Who is meant to answer a line: the NPC whose message it replies to, if it is here; else whom its words mean. Ids in the
 * order called. What is said among people means nobody where it is plainly for one of them.
 * @param heard.isDirect it was said to us beyond doubt.
 * @param present NPCs here who heard it.
 * @param recent gives the newest lines of the scene before it, oldest first.
 */
export async function whoIsMeant(
  lines: LineStore,
  heard: Line & Pick<HeardLine, 'isDirect'>,
  present: readonly Npc[],
  recent: () => Promise<readonly Line[]>,
): Promise<readonly string[]> {
  const [only, ...others] = present;
  if (only === undefined) return [];
  // Said to us, and nobody else is here to be meant.
  if (heard.isDirect && others.length === 0) return [only.id];
  const answered = heard.replyTo === undefined ? undefined : await lines.byId(heard.replyTo);
  const repliedTo = present.find(({ id }) => id === answered?.speaker.id);
  if (repliedTo !== undefined) return [repliedTo.id];
  const before = await recent();
  const addressable = present.map(({ id, persona: { name, aliases } }) => ({ id, name, aliases }));
  if (!heard.isDirect && firstNamed(heard.text, addressable) === undefined) {
    const people = before.filter(({ speaker }) => isSomebodyElse(speaker, heard.speaker));
    const roles = present.map(({ persona }) => persona.role);
    if (isTableTalk(heard.text, { people: people.map(({ speaker }) => speaker.name), roles })) return [];
  }
  return addressed(heard.text, addressable, partnerOf(heard.speaker, before));
}

function isSomebodyElse(speaker: Speaker, than: Speaker): boolean {
  return speaker.kind !== 'npc' && speaker.name !== than.name;
}

/** Of those here who heard a line, the NPCs whose answer to it never came or broke off. */
export async function missingAnswers(
  lines: LineStore,
  heard: Line,
  present: readonly Npc[],
  before: readonly Line[],
): Promise<readonly Npc[]> {
  const replies = await lines.repliesTo(heard.id);
  // Nobody knows any more whether it was said to us.
  const meant = await whoIsMeant(lines, { ...heard, isDirect: false }, present, async () => before);
  // Who stops one answer to a line means those that were still to come.
  const wasStopped = replies.some(({ state }) => state === 'stopped');
  return present.filter(({ id }) => {
    const state = stateOfAnswer(replies, id);
    if (state === undefined) return meant.includes(id) && !wasStopped;
    return state === 'failed' || state === 'cut';
  });
}

/** Of one NPC's tries to answer a line, the newest one's state. */
export function stateOfAnswer(replies: readonly Line[], npcId: string): Line['state'] | undefined {
  return replies.findLast(({ speaker }) => speaker.id === npcId)?.state;
}
