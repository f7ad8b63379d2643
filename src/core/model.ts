import type { CastMember, SpeakerKind } from './entities.ts';
import type { Persona } from './persona.ts';

/**
 * The language model port. One primitive: stream text for a request. Structured output is the same stream asked for in
 * a shape; permits, retries, fallback and validation are wrapped around it in `models/`.
 */
export interface LanguageModel {
  /** Name as configured and shown in stats: "gpt-5.2-mini", "improv". */
  readonly name: string;
  /**
   * Streams the answer. Ends with exactly one `end` event, or throws ModelError. When `signal` aborts, it throws
   * ModelError 'aborted'. The generator settles (also after an early `return()`) only when the connection to the
   * model has really ended, so that whoever holds a permit may give it back then.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void>;
}

export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly reason: 'stop' | 'length'; readonly usage: TokenUsage };

export interface TokenUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

export interface ModelRequest {
  /** The work in the domain's words. Whoever has no use for a prompt (improv) works from this. */
  readonly task: Task;
  /** Renders the work for one model, within that model's budget. Pure text: holds nothing that `task` does not. */
  prompt(profile: ModelProfile): Promise<readonly Message[]>;
  /** Ask for JSON of this shape instead of prose. */
  readonly shape?: { readonly name: string; readonly jsonSchema: Readonly<Record<string, unknown>> };
  readonly origin: Origin;
}

/** For whom a call is made: fairness, usage and budgets go by it. */
export interface Origin {
  readonly workspaceId: string;
  readonly campaignId: string;
}

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export type Task = SpeakTask | PlanTask | DraftTask | WeighTask | FoldTask | RephraseTask;

/** Speak the next line of one NPC. Holds only what that NPC witnessed, knows or is. */
export interface SpeakTask {
  readonly kind: 'speak';
  readonly persona: Persona;
  /** Names of everybody else who is there: NPCs on stage, and people who spoke not long before. */
  readonly present: readonly string[];
  /** What this NPC witnessed of the scene, oldest first, ending with the line to answer. */
  readonly transcript: readonly SeenLine[];
  /** What time it is in the world: "day 3, evening". Left out where that is not kept. */
  readonly now?: string;
  /**
   * What else this NPC remembers that may bear on the line to answer, the most fitting first. Some may stand in the
   * transcript too, far back, where a small model's prompt does not reach.
   */
  readonly memories?: readonly RecalledLine[];
  /** What this NPC still has in mind of older times, whatever is asked, the newest first. */
  readonly summaries?: readonly RecalledLine[];
  /** What this NPC may know of the world that bears on the line to answer, the most fitting first. */
  readonly lore?: readonly KnownLore[];
  /** Set when a first try broke a rule and nothing of it stands: what was wrong with it. */
  readonly correction?: { readonly complaint: string };
  readonly seed: string;
}

export interface SeenLine {
  readonly id: string;
  readonly speaker: string;
  readonly speakerKind: SpeakerKind;
  /** Spoken by the NPC whose prompt this is. */
  readonly isOwn: boolean;
  readonly text: string;
  /** What is to be known before it of time that has passed: "It is day 2, night", "A new game session begins". */
  readonly mark?: string;
  /** What time it was in the world: "day 2, night". Left out where that was not kept. */
  readonly time?: string;
}

/** A passage of the campaign's documents. */
export interface KnownLore {
  /** Where it is written: "The salt docks › The toll". */
  readonly place: string;
  readonly text: string;
}

/** A line that came back to an NPC's mind, or what stands in place of lines. */
export interface RecalledLine {
  /** The id of the line that it was, or of the memory. */
  readonly id: string;
  /** Empty where nobody in the world said it: the game master narrated. */
  readonly speaker: string;
  readonly text: string;
  /** When it was, in words: "last night", "on an earlier occasion". */
  readonly when: string;
  /** The order in which they were said. */
  readonly saidAtInMs: number;
  /** Where it is no line: a summary of some, or the game master's word. */
  readonly kind?: 'summary' | 'gm';
}

/** Plan a cast: names, roles and mutual ties. Answer: `{members: CastMember[]}`. */
export interface PlanTask {
  readonly kind: 'plan';
  readonly count: number;
  readonly prompt: string;
  readonly level: number | undefined;
  readonly tone: string | undefined;
  /** Names that are taken in this campaign. */
  readonly takenNames: readonly string[];
  readonly seed: string;
}

/** Draft one persona. Answer: a persona sheet (`persona/draft-schema.ts`). */
export interface DraftTask {
  readonly kind: 'draft';
  /** The planned person; undefined where there is no plan (`npc create`, `npc quick`). */
  readonly member: CastMember | undefined;
  /** The rest of the cast, without `member`. */
  readonly others: readonly CastMember[];
  readonly prompt: string;
  /** Text pasted by the GM that must be kept true; empty where there is none. */
  readonly notes: string;
  readonly level: number | undefined;
  readonly tone: string | undefined;
  readonly system: '5e' | 'none';
  /** The GM's wish for this reroll; empty where there is none. */
  readonly hint: string;
  /** Fields that stand and must be agreed with (locked, or being deepened). */
  readonly keep: Partial<Persona>;
  /** What it was before a reroll: be different from this. */
  readonly previous: Persona | undefined;
  readonly takenNames: readonly string[];
  /** `lean`: name, role, looks, voice, personality and greeting only, to be deepened later. */
  readonly depth: 'full' | 'lean';
  readonly seed: string;
}

/** Say how important lines are that one NPC witnessed. Answer: `{importance: number[]}`, from 0 to 1, one for each line. */
export interface WeighTask {
  readonly kind: 'weigh';
  readonly lines: readonly {
    /** Empty where nobody in the world said it. */
    readonly speaker: string;
    readonly text: string;
    /** What rules say of it. */
    readonly importance: number;
  }[];
}

/**
 * Retell what was witnessed together in few sentences. Never more than that in one task: other witnesses of the same lines
 * are given the same summary, and must not be told what else this one knows. Answer: `{summary: string}`.
 */
export interface FoldTask {
  readonly kind: 'fold';
  /** What was said, in order; `speaker` is empty where nobody in the world said it. */
  readonly lines: readonly { readonly speaker: string; readonly text: string }[];
  /** Its most important sentences: a summary that needs nobody to write it. */
  readonly gist: string;
  /** At most so long. */
  readonly limitInCharacters: number;
}

/** Say what to look for in one NPC's memory before it answers the last line. Answer: `{query: string}`. */
export interface RephraseTask {
  readonly kind: 'rephrase';
  /** Of the NPC. */
  readonly name: string;
  /** What it witnessed last, oldest first, ending with the line to answer; `speaker` is empty where nobody in the world said it. */
  readonly lines: readonly { readonly speaker: string; readonly text: string }[];
}

/** What one model can take and costs; from `models/profiles.json`. */
export interface ModelProfile {
  readonly contextWindowInTokens: number;
  /** Kept free of prompt for the reply. */
  readonly replyReserveInTokens: number;
  /** Most tokens of one spoken reply. */
  readonly speechLimitInTokens: number;
  /** Most tokens of one structured answer. */
  readonly objectLimitInTokens: number;
  readonly stopSequences: readonly string[];
  readonly temperature: number | undefined;
  readonly firstTokenTimeoutInMs: number;
  readonly totalTimeoutInMs: number;
  /** False for servers that only answer whole. */
  readonly streams: boolean;
  /** Which field carries the output limit; older and local servers know only `max_tokens`. */
  readonly outputLimitField: 'max_completion_tokens' | 'max_tokens';
  readonly tokenizer: 'o200k_base' | 'cl100k_base' | 'estimate';
  readonly pricePerMillionInUsd: {
    readonly input: number;
    readonly cachedInput: number;
    readonly output: number;
  };
}
