import type { Campaign } from './core/entities.ts';
import type { Notice } from './core/view.ts';
import type { CastStudio } from './generation/cast-studio.ts';
import type { Roster } from './persona/roster.ts';
import type { SceneDirector } from './scene/scene-director.ts';
import { transcriptLines } from './scene/transcript-lines.ts';
import type { Visit } from './scene/visit.ts';

const LINES_RECALLED = 6;
const NAMES_OFFERED = 3;
const FAULTS_SHOWN = 3;

/** What a person sees first: where the evening was left, or how to begin. */
export async function startPage(
  visit: Visit & { readonly campaign: Campaign },
  parts: {
    readonly scenes: SceneDirector;
    readonly roster: Roster;
    readonly studio: CastStudio;
    /** Names of the configured models, in the order in which they are asked. */
    readonly modelNames: readonly string[];
  },
): Promise<Notice> {
  const { store } = visit;
  const onStage = (await parts.scenes.onStage(visit)).map(({ persona }) => persona.name);
  const scene = await store.scenes.current(visit.channelId);
  const said = scene === undefined ? [] : await store.lines.recent(scene.id, LINES_RECALLED);
  const here =
    onStage.length > 0 ? [`On stage: ${onStage.join(', ')}.`] : await howToBegin(visit, parts.roster);
  const texts = [...here, ...(await interrupted(visit, parts.studio))];
  return {
    tone: 'plain',
    blocks: [
      { kind: 'heading', text: visit.campaign.name },
      ...whoPlays(parts.modelNames).map((text) => ({ kind: 'text', text }) as const),
      ...(said.length === 0 ? [] : [{ kind: 'list', items: transcriptLines(said) } as const]),
      ...texts.map((text) => ({ kind: 'text', text }) as const),
    ],
    actions: [],
  };
}

function whoPlays([first, ...rest]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  return [
    `${first} speaks for the NPCs${rest.length === 0 ? '' : `, and ${rest.join(', ')} where it fails`}.`,
  ];
}

async function howToBegin({ store }: Visit, roster: Roster): Promise<readonly string[]> {
  const { personas, faults } = await roster.waiting(store);
  const known = (await store.npcs.names()).map(({ name }) => name);
  const names = [...known, ...personas.map(({ persona }) => persona.name)].slice(0, NAMES_OFFERED);
  const talk = names.map((name) => `/npc talk npc:${name}`).join(' · ');
  const generate = '/npc generate count:3 prompt:smugglers of the salt docks';
  const broken = faults
    .slice(0, FAULTS_SHOWN)
    .map(({ file, line, reason }) => `Something is wrong in personas/${file}, line ${line}: ${reason}`);
  return [...broken, talk === '' ? generate : `${talk} — or draft a cast of your own: ${generate}`];
}

async function interrupted({ store }: Visit, studio: CastStudio): Promise<readonly string[]> {
  const missing = await studio.missingMembers(store);
  if (missing.length === 0) return [];
  const names = missing.map(({ member }) => member.name).join(', ');
  return [`A cast was interrupted. Not drafted yet: ${names}. /npc reroll npc:NAME drafts one.`];
}
