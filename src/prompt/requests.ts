import type { DraftTask, ModelRequest, Origin, PlanTask, SpeakTask } from '#src/core/model.ts';
import { tokenCounter } from '#src/models/tokens.ts';
import { draftPrompt, planPrompt } from './cast-prompts.ts';
import { speakPrompt } from './speak-prompt.ts';

/** The request for one spoken line. */
export function speakRequest(task: SpeakTask, origin: Origin): ModelRequest {
  return { task, origin, prompt: async (profile) => speakPrompt(task, profile, await tokenCounter(profile)) };
}

/** The request for a cast's plan. */
export function planRequest(task: PlanTask, origin: Origin): ModelRequest {
  return { task, origin, prompt: async (profile) => planPrompt(task, profile, await tokenCounter(profile)) };
}

/** The request for one persona's sheet. */
export function draftRequest(task: DraftTask, origin: Origin): ModelRequest {
  return { task, origin, prompt: async (profile) => draftPrompt(task, profile, await tokenCounter(profile)) };
}
