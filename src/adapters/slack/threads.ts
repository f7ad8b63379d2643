import type { types } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import { clip } from '#src/core/text.ts';
import { fallbackText, header, type KnownBlock } from './block-kit.ts';
import { clean } from './notice-blocks.ts';
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
  const title = `Scene: ${clip(clean(name).replace(/\s+/gu, ' ').trim(), MAX_SCENE_NAME)}`;
  return {
    text: fallbackText(title),
    blocks: [header(title)],
    metadata: { event_type: SCENE_EVENT, event_payload: {} },
  };
}

/** What is known of the threads of one workspace. */
export class ThreadBook {
  readonly #kinds = new LRUCache<string, ThreadKind>({ max: MAX_THREADS });

  opened(channel: string, threadTs: string): void {
    this.#kinds.set(threadChannel(channel, threadTs), 'scene');
  }

  /** Something of ours stands in it now. */
  joined(channel: string, threadTs: string): void {
    const key = threadChannel(channel, threadTs);
    if (this.#kinds.get(key) !== 'scene') this.#kinds.set(key, 'joined');
  }

  /** @param parentUserId who wrote the first message, where Slack said so. */
  async kindOf(
    team: SlackTeam,
    channel: string,
    threadTs: string,
    parentUserId: string | undefined,
  ): Promise<ThreadKind> {
    const key = threadChannel(channel, threadTs);
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
      return parentUserId === team.botUserId ? 'joined' : 'aside';
    }
  }
}
