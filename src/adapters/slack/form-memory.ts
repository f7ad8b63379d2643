import type { TypedCommand } from '#src/core/command-syntax.ts';
import type { Front, Place } from '#src/core/front.ts';
import type { Action } from '#src/core/view.ts';
import { MAX_METADATA } from './modal.ts';
import { isDirectChannel, placeOf, type SlackSpot, spotOf } from './place.ts';
import type { InPlace } from './slack-stage.ts';
import type { SlackTeam } from './slack-team.ts';
import type { Whereabouts } from './where.ts';

interface FormContext {
  readonly typed: TypedCommand;
  readonly place: Place;
  readonly spot: SlackSpot;
  readonly inPlace: InPlace | undefined;
}

/**
 * What a modal carries through Slack, to be read when it is sent back. `shelf`
 * stands for command and options where these are too long.
 */
interface Memory {
  readonly command: string;
  readonly options: Readonly<Record<string, string>>;
  readonly shelf?: string;
  readonly channel: string;
  readonly thread?: string;
  /** The scene is the thread's own. */
  readonly inThread: boolean;
  /** The message to replace. */
  readonly ts?: string;
}

export async function formMemory(
  { typed, place, spot, inPlace }: FormContext,
  shelve: (action: Action) => Promise<string>,
): Promise<string> {
  const memory: Memory = {
    command: typed.command,
    options: typed.options,
    channel: spot.channel,
    ...(spot.threadTs === undefined ? {} : { thread: spot.threadTs }),
    inThread: spotOf(place).threadTs !== undefined,
    ...(inPlace?.kind === 'message' ? { ts: inPlace.ts } : {}),
  };
  const written = JSON.stringify(memory);
  if (written.length <= MAX_METADATA) return written;
  const shelf = await shelve({ label: 'Form', command: typed.command, options: typed.options });
  return JSON.stringify({ ...memory, options: {}, shelf });
}

export interface RememberedForm {
  readonly typed: TypedCommand;
  readonly where: Whereabouts;
  readonly inPlace: InPlace | undefined;
}

/** Undefined for what we did not write. What it says is no more to be trusted than typed text. */
export async function rememberedForm(
  written: string,
  team: SlackTeam,
  userId: string,
  front: Pick<Front, 'unshelve'>,
): Promise<RememberedForm | undefined> {
  const memory = parsed(written);
  if (memory === undefined) return undefined;
  const { channel, thread, inThread, ts } = memory;
  const spot = { channel, threadTs: thread };
  const directWith = isDirectChannel(channel) ? userId : undefined;
  const home = { teamId: team.id, teamName: team.name, directWith };
  const place = placeOf(home, inThread ? spot : { channel, threadTs: undefined });
  const typed = memory.shelf === undefined ? memory : await front.unshelve(place, memory.shelf);
  if (typed === undefined) return undefined;
  const where = { place, spot, thread: inThread ? ('scene' as const) : undefined };
  return {
    typed: { command: typed.command, options: typed.options },
    where,
    inPlace: ts === undefined ? undefined : { kind: 'message', ts },
  };
}

function parsed(written: string): Memory | undefined {
  try {
    const memory: unknown = JSON.parse(written);
    return isMemory(memory) ? memory : undefined;
  } catch {
    return undefined;
  }
}

function isMemory(value: unknown): value is Memory {
  if (typeof value !== 'object' || value === null) return false;
  const { command, options, channel, thread, inThread, ts, shelf } = value as Readonly<
    Record<string, unknown>
  >;
  const isText = (it: unknown) => typeof it === 'string';
  const isTextOrNone = (it: unknown) => it === undefined || isText(it);
  return (
    isText(command) &&
    isText(channel) &&
    typeof inThread === 'boolean' &&
    [thread, ts, shelf].every(isTextOrNone) &&
    typeof options === 'object' &&
    options !== null &&
    Object.values(options).every(isText)
  );
}
