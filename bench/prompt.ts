import { systemClock } from '#src/core/clock.ts';
import type { ModelProfile } from '#src/core/model.ts';
import { LoreLibrary } from '#src/lore/lore-library.ts';
import { loadProfiles } from '#src/models/profiles.ts';
import { tokenCounter } from '#src/models/tokens.ts';
import { speakPrompt } from '#src/prompt/speak-prompt.ts';
import { TalkSoFar } from '#src/prompt/talk-so-far.ts';
import { speakTaskOf } from '#src/scene/speak-task.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openChronicle, TableTalk } from './support/chronicle.ts';
import { median, percentile } from './support/statistics.ts';

const LINES = 1_000;
const MEMORIES = 5_000;
const PASSAGES = 500;
const PASSAGE_IN_CHARACTERS = 512;
const WARM_UP = 40;
const TURNS = 50;
/** A large window, and that of a model of which nothing is known. */
const LARGE = 'gpt-5-mini';
const SMALL = 'some-local-model';

/** What it takes to build a prompt from 1,000 lines, 5,000 memories and 500 passages, and how much of it the next one begins with. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const profileOf = await loadProfiles();
  const large = await evening(profileOf(LARGE), progress);
  const small = await evening(profileOf(SMALL), progress);
  return {
    p50Ms: median(large.times),
    p95Ms: percentile(large.times, 95),
    stablePrefixPercent: median(large.shares),
    stablePrefixPercentAtWorst: Math.min(...large.shares),
    p50MsSmallWindow: median(small.times),
    stablePrefixPercentSmallWindow: median(small.shares),
    stablePrefixPercentSmallWindowAtWorst: Math.min(...small.shares),
  };
}

export const bounds: Bounds = {
  p50Ms: { atMost: 8 },
  stablePrefixPercent: { atLeast: 60 },
  p50MsSmallWindow: { atMost: 8 },
  stablePrefixPercentSmallWindow: { atLeast: 60 },
};

/** One turn after another: something is said, the NPC is given its prompt, and answers. */
async function evening(profile: ModelProfile, progress: BenchOptions['progress']) {
  progress(
    `${LINES} lines, ${MEMORIES} memories and ${PASSAGES} passages, ${profile.contextWindowInTokens} tokens …`,
  );
  await using chronicle = await openChronicle(1);
  const { campaign, npcIds } = chronicle;
  const [npcId = ''] = npcIds;
  const table = new TableTalk(1);
  const said = Array.from({ length: MEMORIES - LINES }, () => table.line());
  for (const text of said) await chronicle.say(text, npcIds, 'elsewhere');
  for (let line = 0; line < LINES; line += 1) await chronicle.say(table.line(), npcIds);
  const written = Array.from({ length: PASSAGES }, () => passageOf(table));
  await campaign.lore.put({
    title: 'The book',
    audience: { kind: 'everyone' },
    passages: written.map((text) => ({ heading: '', text, keys: [], secondaryKeys: [] })),
    sizeInCharacters: PASSAGES * PASSAGE_IN_CHARACTERS,
    by: 'bench',
  });
  const onFault = (error: unknown) => {
    throw error;
  };
  const memory = chronicle.newKeeper();
  const library = new LoreLibrary({ clock: systemClock, onFault, onLeftOut: onFault });
  const npc = await campaign.npcs.byId(npcId);
  const scene = await campaign.scenes.open('table');
  if (npc === undefined) throw new Error('Nobody is on stage.');
  const countTokens = await tokenCounter(profile);
  const origin = { workspaceId: 'bench', campaignId: campaign.campaignId };
  const { signal } = new AbortController();

  const talk = new TalkSoFar();
  const times: number[] = [];
  const shares: number[] = [];
  let previous = '';
  let lookedUp = 0;
  for (let turn = -WARM_UP; turn < TURNS; turn += 1) {
    // About what was said elsewhere, or about what is written.
    const subject = turn % 2 === 0 ? said[(turn + WARM_UP) * 7] : written[(turn + WARM_UP) * 7];
    const heard = await chronicle.say(table.questionAbout(subject ?? ''), npcIds);
    const occasion = { visit: { store: campaign, origin }, scene, heard, npc, onStage: [npc], signal };
    const row = { id: `${heard.id}>${npcId}`, seq: heard.seq + 1 };
    const startedAt = performance.now();
    const task = await speakTaskOf({ ...occasion, unheard: new Set() }, row, { memory, library, onFault });
    const prompt = speakPrompt(task, profile, countTokens, { talk });
    const took = performance.now() - startedAt;
    const text = JSON.stringify(prompt);
    if (turn >= 0) {
      times.push(took);
      shares.push((100 * sameStart(previous, text)) / previous.length);
      lookedUp += (task.memories?.length ?? 0) + (task.lore?.length ?? 0);
    }
    previous = text;
    await chronicle.say(table.line(), npcIds, 'table', npcId);
  }
  if (lookedUp < 5 * TURNS) throw new Error('Hardly anything comes to mind.');
  return { times, shares };
}

function passageOf(table: TableTalk): string {
  let text = '';
  while (text.length < PASSAGE_IN_CHARACTERS) text += `${table.line()}. `;
  return text.slice(0, PASSAGE_IN_CHARACTERS);
}

/** How many characters two texts begin with alike. */
function sameStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
