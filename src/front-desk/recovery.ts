import type { PlatformName } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Platform } from '#src/core/front.ts';
import { KeyedQueues } from '#src/core/keyed-queues.ts';
import type { RecoveredLine, Store } from '#src/core/store.ts';
import { brokenOffNotice } from '#src/scene/broken-off.ts';

/** Replies kept until their platform comes within reach: more than a crash leaves behind. */
const MAX_WAITING = 1000;

/** A mark that a platform does not take is tried so often in all. */
const MOST_TRIES = 10;

interface Waiting {
  readonly recovered: RecoveredLine;
  readonly tries: number;
}

/** Marks on the platforms what a crash cut off; what it does not get to is there again at the next start. */
export class Recovery {
  readonly #store: Pick<Store, 'campaign'>;
  readonly #onFault: (error: unknown, doing: string) => void;
  readonly #platforms = new Map<PlatformName, Platform>();
  readonly #queue = new KeyedQueues();
  #waiting: readonly Waiting[] = [];

  constructor(store: Pick<Store, 'campaign'>, onFault: (error: unknown, doing: string) => void) {
    this.#store = store;
    this.#onFault = onFault;
  }

  /** Resolves when what waited for this platform is marked. Never rejects. */
  async join(platform: Platform): Promise<void> {
    this.#platforms.set(platform.name, platform);
    await this.#markAll();
  }

  /** Resolves when those on platforms within reach are marked; the others wait. Never rejects. */
  async recovered(lines: readonly RecoveredLine[]): Promise<void> {
    const posted = lines
      .filter(({ messageIds }) => messageIds.length > 0)
      .map((recovered) => ({ recovered, tries: 0 }));
    this.#waiting = [...this.#waiting, ...posted].slice(-MAX_WAITING);
    await this.#markAll();
  }

  /** Resolves when nothing is being marked any more. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  #markAll(): Promise<void> {
    return this.#queue.run('', () => this.#markReachable());
  }

  async #markReachable(): Promise<void> {
    const within = this.#waiting.filter(({ recovered }) => this.#platforms.has(recovered.workspace.platform));
    this.#waiting = this.#waiting.filter((each) => !within.includes(each));
    for (const waiting of within) await this.#mark(waiting);
  }

  async #mark({ recovered, tries }: Waiting): Promise<void> {
    try {
      await this.#show(recovered);
      await this.#store.campaign(recovered.campaignId).lines.marked(recovered.line.id);
    } catch (error) {
      this.#onFault(error, 'marking a reply that a crash cut off');
      // Tried again with the next look, which comes every minute; after that with the next start.
      if (tries + 1 < MOST_TRIES) this.#waiting = [...this.#waiting, { recovered, tries: tries + 1 }];
    }
  }

  async #show({ line, workspace, channelId, messageIds }: RecoveredLine): Promise<void> {
    const { platform, platformId, name } = workspace;
    const { text, speaker } = line;
    try {
      await this.#platforms.get(platform)?.markBrokenOff({
        place: { platform, workspace: { platformId, name }, channelId },
        messageIds,
        npcName: speaker.name,
        npcId: speaker.id,
        text,
        notice: brokenOffNotice(
          speaker.name,
          text === '' ? 'failed' : 'cut',
          'the program ended meanwhile. Try again',
        ),
      });
    } catch (error) {
      // The place is gone, or closed to us: there is nothing to come back for.
      if (!(error instanceof Refusal)) throw error;
      this.#onFault(error, 'marking a reply that a crash cut off');
    }
  }
}
