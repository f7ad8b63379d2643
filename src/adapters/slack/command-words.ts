/** The slash command under which every command can be typed: `/dramatis npc talk Mira`. */
export const UMBRELLA = 'dramatis';

/** Words that Slack keeps for itself, or that other apps want as well: they are typed behind the umbrella alone. */
const NOT_OURS: readonly string[] = ['help', 'who', 'leave', 'remind', 'status', 'search', 'topic'];

/** Whether there is a slash command of this name. */
export function isSlashWord(word: string): boolean {
  return !NOT_OURS.includes(word);
}

const CALLED = new RegExp(`(?<![\\p{L}\\p{N}/_.-])/(${NOT_OURS.join('|')})(?![\\p{L}\\p{N}/_-])`, 'gu');

/** "/help" as it can be typed in Slack: "/dramatis help". */
export function asTypedInSlack(text: string): string {
  return text.replace(CALLED, `/${UMBRELLA} $1`);
}
