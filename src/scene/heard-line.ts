import type { Npc, Speaker } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { Audience } from '#src/core/view.ts';

/** Longest line a person may say, in characters: the most that Discord lets anybody type. */
export const MAX_LINE_IN_CHARACTERS = 4000;

/** A line as it comes to the director. */
export interface HeardLine {
  /** Ids of what answers it derive from it. */
  readonly id: string;
  readonly speaker: Speaker;
  readonly text: string;
  /** Said to us beyond doubt: then somebody says why nobody answers. */
  readonly isDirect: boolean;
  /** Who is told why nobody answers; everybody where left out. */
  readonly hints?: Audience;
  /** A player said it, who is not told whom the game master has in store. */
  readonly isPlayers: boolean;
  /** The platform's id of the message it replies to: where an NPC said that, the NPC is meant. */
  readonly repliesTo: string | undefined;
  /** The NPC that is meant, whatever the text names. */
  readonly npcId?: string;
  /** Called once the line stands in the transcript: nobody answers before it has ended, well or not. */
  readonly onTaken?: () => Promise<void>;
}

/** Names that stand for a part at the table, ours too, and for nobody in the world; and words that may mean anybody. */
const NOBODYS_NAMES = new Set([
  ...['gm', 'game master', 'dm', 'narrator', 'system', 'dramatis'],
  ...['you', 'i', 'me', 'we', 'us', 'he', 'him', 'she', 'her', 'they', 'them', 'it'],
  ...['all', 'everyone', 'everybody', 'nobody', 'no one'],
]);

/**
 * A character under the name of an NPC on stage would put words into its mouth.
 * @throws Refusal where nobody may speak under the speaker's name.
 */
export function refuseBorrowedName(speaker: Pick<Speaker, 'kind' | 'name'>, onStage: readonly Npc[]): void {
  if (speaker.kind !== 'character') return;
  const key = nameKey(speaker.name);
  if (NOBODYS_NAMES.has(key)) {
    throw new Refusal(
      `${speaker.name} is no character's name. Choose the name of somebody in the story: /as name:NAME.`,
    );
  }
  const isAnNpcs = onStage.some(({ persona }) =>
    [persona.name, ...persona.aliases].some((name) => nameKey(name) === key),
  );
  if (!isAnNpcs) return;
  // Who is behind an alias is not a player's to know.
  throw new Refusal(
    `${speaker.name} is an NPC on stage and speaks for itself. Speak as somebody else: /as name:NAME.`,
  );
}

/** What the table is told where a line means nobody. */
export function whyNobodyAnswers(
  present: readonly Npc[],
  { missed, isPlayers }: { readonly missed: string | undefined; readonly isPlayers: boolean },
): string {
  const names = present.map((npc) => npc.persona.name);
  if (isPlayers && names.length === 0)
    return 'Nobody is on stage to answer. The game master brings somebody in.';
  if (missed !== undefined) return `${missed} is not on stage. /npc talk npc:${missed} brings them in.`;
  return names.length === 0
    ? 'Nobody is on stage to answer. /npc list shows whom you have; /npc talk npc:NAME brings somebody in.'
    : `Nobody was spoken to by name, so nobody answers. On stage: ${names.join(', ')}.`;
}
