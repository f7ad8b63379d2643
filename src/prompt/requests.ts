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
import type { PromptShares } from '#src/core/prompt-shares.ts';
import { tokenCounter } from '#src/models/tokens.ts';
import { draftPrompt, planPrompt } from './cast-prompts.ts';
import { foldPrompt, rephrasePrompt, weighPrompt } from './memory-prompts.ts';

/** The request for one spoken line. */
export function speakRequest(task: SpeakTask, origin: Origin, shares?: PromptShares): ModelRequest {
  const prompt = async (profile: ModelProfile) => {
    // Loaded with the first prompt: the embedded model is given none.
    const [{ speakPrompt }, countTokens] = await Promise.all([
      import('./speak-prompt.ts'),
      tokenCounter(profile),
    ]);
    return speakPrompt(task, profile, countTokens, shares);
  };
  return { task, origin, prompt };
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

/** The request for summaries of what was said. */
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
