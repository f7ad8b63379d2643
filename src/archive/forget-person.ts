import type { CampaignArchive } from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import type { PeopleStore } from '#src/core/people.ts';
import type { Progress } from '#src/core/progress.ts';
import { plainLine } from '#src/core/text.ts';
import { listed, shownCampaign } from './campaign-choice.ts';

export interface ForgettingOptions {
  readonly archive: Pick<CampaignArchive, 'campaigns' | 'isPlayed'>;
  readonly people: PeopleStore;
  /** The platform's id. */
  readonly person: string;
  /** Without it is only told what there is. */
  readonly isSure: boolean;
  readonly progress: Progress;
  /** Ends it between two lines. */
  readonly signal: AbortSignal;
}

/**
 * Forgets what one person said, in every campaign.
 * @returns what to tell whoever asked for it.
 * @throws Refusal while it cannot be done: why.
 */
export async function forgetPerson(options: ForgettingOptions): Promise<string> {
  const { archive, people, person, isSure, progress, signal } = options;
  const traces = await people.traces(person);
  const campaigns = new Map((await archive.campaigns()).map((campaign) => [campaign.id, campaign]));
  const lines = traces.reduce((sum, trace) => sum + trace.lines, 0);
  const found = traces.map(({ campaignId, ...counts }) => {
    const campaign = campaigns.get(campaignId);
    const name = campaign === undefined ? 'A half-done import' : shownCampaign(campaign);
    return `${name}: ${counted(counts)}`;
  });
  const who = plainLine(person);
  if (!isSure)
    return traces.length === 0
      ? `Nothing is kept of what ${who} said: there is no such person in this database.`
      : `Kept of ${who}:\n${listed(found)}\nNothing is changed yet. With --yes all of it is taken back, with what NPCs made of it; there is no way back but a backup.`;
  if (await archive.isPlayed())
    throw new Refusal('The bot runs, and would go on with what it has in mind. Stop the bot first.');
  if (traces.some(({ campaignId }) => !campaigns.has(campaignId)))
    throw new Refusal(
      'A half-done import holds what they said, and would bring more of it. Run that import again to its end, or with --undo, and then this.',
    );
  progress.begin('Forgetting', lines);
  let isDone: boolean;
  try {
    isDone = await people.forget(person, { signal, onLines: (done) => progress.reach(done) });
  } finally {
    progress.end();
  }
  if (!isDone) return 'Ended before all of it was forgotten. Run the same again to go on.';
  return traces.length === 0
    ? `Nothing was kept of what ${who} said.`
    : `Forgotten is what ${who} said, and what NPCs made of it:\n${listed(found)}\nChroma, where there is one, is told when the bot next starts. Backups and exported files hold what they held.`;
}

function counted({ lines, others }: { readonly lines: number; readonly others: number }): string {
  const some = `${lines} ${lines === 1 ? 'line' : 'lines'}`;
  return others === 0 ? some : `${some}, ${others} other ${others === 1 ? 'entry' : 'entries'}`;
}
