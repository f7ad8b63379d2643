import { LRUCache } from 'lru-cache';
import type {
  DraftTask,
  FoldTask,
  ModelProfile,
  ModelRequest,
  Origin,
  PlanTask,
  RephraseTask,
  SpeakTask,
  WeighTask,
} from '#src/core/model.ts';
import { tokenCounter } from '#src/models/tokens.ts';
import { draftPrompt, planPrompt } from './cast-prompts.ts';
import { foldPrompt, rephrasePrompt, weighPrompt } from './memory-prompts.ts';
import type { SpeakPromptOptions } from './speak-prompt.ts';
import { TalkSoFar } from './talk-so-far.ts';

/** So many NPCs in scenes, each with each model that speaks for it. */
const TALKS_KEPT = 2_000;
/** Of the prompts of late. A process that knows of none begins the next ones anew, once. */
const talks = new LRUCache<string, TalkSoFar>({ max: TALKS_KEPT });

/**
 * The request for one spoken line.
 * @param how.shares the usual ones where undefined.
 * @param how.onCut hears of each prompt in which not even what should always be whole finds room.
 */
export function speakRequest(
  task: SpeakTask,
  origin: Origin,
  how: Pick<SpeakPromptOptions, 'shares' | 'onCut'> = {},
): ModelRequest {
  const prompt = async (profile: ModelProfile) => {
    // Loaded with the first prompt: the embedded model is given none.
    const [{ speakPrompt }, countTokens] = await Promise.all([
      import('./speak-prompt.ts'),
      tokenCounter(profile),
    ]);
    return speakPrompt(task, profile, countTokens, {
      shares: how.shares,
      onCut: how.onCut,
      talk: talkOf(task, origin, profile),
    });
  };
  return { task, origin, prompt };
}

/** Where a transcript begins stands for its scene. */
function talkOf(
  { persona, transcript }: SpeakTask,
  { campaignId }: Origin,
  profile: ModelProfile,
): TalkSoFar {
  const { contextWindowInTokens, tokenizer } = profile;
  const key = JSON.stringify([campaignId, persona.name, transcript[0]?.id, contextWindowInTokens, tokenizer]);
  const talk = talks.get(key) ?? new TalkSoFar();
  talks.set(key, talk);
  return talk;
}

/** The request for a cast's plan. */
export function planRequest(task: PlanTask, origin: Origin): ModelRequest {
  return { task, origin, prompt: async (profile) => planPrompt(task, profile, await tokenCounter(profile)) };
}

/** The request for one persona's sheet. */
export function draftRequest(task: DraftTask, origin: Origin): ModelRequest {
  return { task, origin, prompt: async (profile) => draftPrompt(task, profile, await tokenCounter(profile)) };
}

/** The request for how important some lines are. */
export function weighRequest(task: WeighTask, origin: Origin): ModelRequest {
  return { task, origin, prompt: async (profile) => weighPrompt(task, profile, await tokenCounter(profile)) };
}

/** The request for a summary of what was said. */
export function foldRequest(task: FoldTask, origin: Origin): ModelRequest {
  return { task, origin, prompt: async (profile) => foldPrompt(task, profile, await tokenCounter(profile)) };
}

/** The request for what to look for in an NPC's memory. */
export function rephraseRequest(task: RephraseTask, origin: Origin): ModelRequest {
  return {
    task,
    origin,
    prompt: async (profile) => rephrasePrompt(task, profile, await tokenCounter(profile)),
  };
}
