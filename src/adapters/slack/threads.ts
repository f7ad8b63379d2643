import type { types } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import { Refusal } from '#src/core/errors.ts';
import { clip, plainLine } from '#src/core/text.ts';
import { fallbackText, header, type KnownBlock } from './block-kit.ts';
import { threadChannel } from './place.ts';
import type { SlackTeam } from './slack-team.ts';

/**
 * `scene`: opened for a scene, which lives in it. `joined`: somebody talks with us there, and it goes on with the
 * channel's scene. `aside`: people among themselves, whom no NPC overhears.
 */
export type ThreadKind = 'scene' | 'joined' | 'aside';

const MAX_THREADS = 5000;
/** Messages of an unknown thread that are looked through for one of ours. */
const LOOKED_AT = 50;
const SCENE_EVENT = 'dramatis_scene';
const MAX_SCENE_NAME = 120;

/** The first message of a scene's own thread; its metadata says so after a restart as well. */
export function sceneRoot(name: string): {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly metadata: types.MessageMetadata;
} {
  const title = clip(plainLine(name), MAX_SCENE_NAME) || 'Scene';
  return {
    text: fallbackText(title),
    blocks: [header(title)],
    metadata: { event_type: SCENE_EVENT, event_payload: {} },
  };
}

/** Slack did not say whether a thread has a scene of its own: nothing is done in it, rather than in a wrong scene. */
export class ThreadUnknown extends Refusal {
  constructor(options: ErrorOptions) {
    super('Slack did not say whose thread this is, and nothing was done. Try again in a moment.', options);
  }
}

/** What is known of the threads of all workspaces. */
export class ThreadBook {
  readonly #kinds = new LRUCache<string, ThreadKind>({ max: MAX_THREADS });

  opened(team: Pick<SlackTeam, 'id'>, channel: string, threadTs: string): void {
    this.#kinds.set(keyOf(team, channel, threadTs), 'scene');
  }

  /** Something of ours stands in it now. */
  joined(team: Pick<SlackTeam, 'id'>, channel: string, threadTs: string): void {
    const key = keyOf(team, channel, threadTs);
    if (this.#kinds.get(key) !== 'scene') this.#kinds.set(key, 'joined');
  }

  /** @throws ThreadUnknown where Slack cannot be asked; it is asked again next time. */
  async kindOf(team: SlackTeam, channel: string, threadTs: string): Promise<ThreadKind> {
    const key = keyOf(team, channel, threadTs);
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    try {
      const messages = await team.api.thread(channel, threadTs, LOOKED_AT);
      const [root] = messages;
      const isOurs = (message: (typeof messages)[number]) =>
        message.user === team.botUserId || message.bot_id === team.botId;
      const kind: ThreadKind =
        root !== undefined && isOurs(root) && root.metadata?.event_type === SCENE_EVENT
          ? 'scene'
          : messages.some(isOurs)
            ? 'joined'
            : 'aside';
      this.#kinds.set(key, kind);
      return kind;
    } catch (error) {
      team.log.warn('A thread in Slack could not be looked up', {}, error);
      throw new ThreadUnknown({ cause: error });
    }
  }
}

function keyOf(team: Pick<SlackTeam, 'id'>, channel: string, threadTs: string): string {
  return `${team.id} ${threadChannel(channel, threadTs)}`;
}
