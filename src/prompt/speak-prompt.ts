import type { Message, ModelProfile, SpeakTask } from '#src/core/model.ts';
import { type PromptShares, USUAL_PROMPT_SHARES } from '#src/core/prompt-shares.ts';
import type { TokenCounter } from '#src/models/tokens.ts';
import { type CutShort, essentials } from './essentials.ts';
import { Found } from './found.ts';
import { FEWEST_LINES_IN_TOKENS, MOST_IDLE_SHARE, roomForSummaries, SHARE_TO_GROW } from './layers.ts';
import { TalkSoFar } from './talk-so-far.ts';
import { NOTHING_TOLD, summariesOf, tell } from './told.ts';
import { type CostedLine, costOf, TranscriptPart } from './transcript-part.ts';

export interface SpeakPromptOptions {
  /** The usual ones where undefined. */
  readonly shares?: PromptShares | undefined;
  /** Hears where not even what should always be whole finds room. */
  readonly onCut?: ((what: CutShort) => void) | undefined;
  /** Of this NPC in this scene, with this model; is told of this prompt too. One that knows of none where left out. */
  readonly talk?: TalkSoFar;
}

/**
 * The prompt for one spoken line, in the layers of `layers.ts`: what hardly changes first (rules, sheet, what is in mind
 * of older times), then the transcript as far back as the budget reaches, after the gist of what was said before; what
 * changes with every line last: lore, memories that stand nowhere else in it, and the turn.
 * @param countTokens tokens of a text for this model, never more than its bytes.
 */
export function speakPrompt(
  task: SpeakTask,
  profile: ModelProfile,
  countTokens: TokenCounter,
  { shares = USUAL_PROMPT_SHARES, onCut = () => {}, talk = new TalkSoFar() }: SpeakPromptOptions = {},
): readonly Message[] {
  const budget = profile.contextWindowInTokens - profile.replyReserveInTokens;
  // Where all of it finds room even at a token a byte, nothing has to be counted.
  if (charactersOf(task) < budget) {
    const inBytes = (text: string) => Buffer.byteLength(text);
    const { messages, isWhole } = filled(task, { budget, shares, talk: new TalkSoFar() }, inBytes);
    if (isWhole) return messages;
  }
  const { messages, cuts, noted } = filled(task, { budget, shares, talk }, countTokens);
  talk.note(noted);
  for (const what of cuts) onCut(what);
  return messages;
}

function charactersOf({ transcript, memories = [], lore = [], summaries = [] }: SpeakTask): number {
  return [transcript, memories, lore, summaries].flat().reduce((sum, { text }) => sum + text.length, 0);
}

interface Filled {
  readonly messages: readonly Message[];
  /** Whether everything found room. */
  readonly isWhole: boolean;
  readonly cuts: readonly CutShort[];
  readonly noted: Parameters<TalkSoFar['note']>[0];
}

function filled(
  task: SpeakTask,
  {
    budget,
    shares,
    talk,
  }: { readonly budget: number; readonly shares: PromptShares; readonly talk: TalkSoFar },
  countTokens: TokenCounter,
): Filled {
  const essential = essentials(task, budget, countTokens);
  const given = essential.transcript;
  const free = budget - essential.cost;
  const fewest = FEWEST_LINES_IN_TOKENS + essential.costOfLast;
  const forSummaries = roomForSummaries(budget, essential.spare, shares);
  const summaries = summariesOf(task);
  let old = tell(summaries, forSummaries, countTokens);
  const found = new Found(task, given, countTokens);
  const foundBeside = (linesShown: number) =>
    Math.min(shares.retrieved * budget, found.costBeside(linesShown, old));

  const part = new TranscriptPart(given, countTokens);
  const all = free - old.cost;
  const atMost = talk.firstLineId === undefined ? 0 : talk.mostFound;
  const forFound = Math.max(foundBeside(given.length), atMost);
  let lines = part.whole(Math.max(all - forFound, Math.min(all, fewest)));
  let earlier = NOTHING_TOLD;
  if (lines === undefined) {
    // What was said here before counts for no less than older times.
    if (old.cost > forSummaries / 2) old = tell(summaries, forSummaries / 2, countTokens);
    const room = {
      ...{ all: free - old.cost, gist: forSummaries - old.cost, fewest },
      ...{ toGrow: SHARE_TO_GROW * budget, mostIdle: MOST_IDLE_SHARE * budget },
    };
    ({ lines, earlier } = part.newest(room, talk, foundBeside));
  }
  const isAllShown = lines.length === given.length;
  const left = free - old.cost - earlier.cost - costOf(lines);
  const { lore, memories } = found.told(left, lines.length, old);
  const opening = [old.text, earlier.text].filter((text) => text !== '').join('\n');
  return {
    messages: [
      { role: 'system', content: essential.system },
      ...asMessages(opening, lines, `${lore.text}${memories.text}${essential.closing}`),
    ],
    isWhole: essential.isWhole && isAllShown && [old, lore, memories].every((told) => told.isWhole),
    cuts: essential.cuts,
    noted: {
      firstLineId: isAllShown ? undefined : lines[0]?.line.id,
      foundInTokens: foundBeside(lines.length),
    },
  };
}

/** Neighbouring lines of others become one message, since many chat templates want the roles to alternate. */
function asMessages(opening: string, lines: readonly CostedLine[], closing: string): Message[] {
  const messages: { readonly role: 'user' | 'assistant'; readonly parts: string[] }[] = [];
  const put = (role: 'user' | 'assistant', part: string) => {
    const last = messages.at(-1);
    if (last?.role === role) last.parts.push(part);
    else messages.push({ role, parts: [part] });
  };
  if (opening !== '') put('user', opening);
  for (const { line, text, mark } of lines) {
    if (mark !== '') put('user', mark);
    put(line.isOwn ? 'assistant' : 'user', text);
  }
  const isAnswer = messages.at(-1)?.role === 'user';
  put('user', isAnswer ? `\n${closing}` : closing);
  return messages.map(({ role, parts }) => ({ role, content: parts.join('\n') }));
}
