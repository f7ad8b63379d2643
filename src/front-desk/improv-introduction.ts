import { LRUCache } from 'lru-cache';
import type { Permission } from '#src/core/command.ts';
import type { Store } from '#src/core/store.ts';
import { type Audience, type Notice, notice } from '#src/core/view.ts';
import type { Visit } from '#src/scene/visit.ts';
import type { Located } from './places.ts';

/** A visit of somebody who may do so much there. */
type PermittedVisit = Visit & Located & { readonly permission: Permission };

/** Workspaces and people that this process knows to have been told. */
const MAX_TOLD = 10_000;

/** The first time improv serves a workspace, it says what it is: to whoever leads there, and once. */
export class ImprovIntroduction {
  readonly #store: Pick<Store, 'campaigns'>;
  readonly #hasModel: boolean;
  readonly #onFault: (error: unknown, doing: string) => void;
  readonly #told = new LRUCache<string, true>({ max: MAX_TOLD });

  /** @param options.hasModel whether any model is configured; without one improv plays. */
  constructor(options: {
    readonly store: Pick<Store, 'campaigns'>;
    readonly hasModel: boolean;
    readonly onFault: (error: unknown, doing: string) => void;
  }) {
    this.#store = options.store;
    this.#hasModel = options.hasModel;
    this.#onFault = options.onFault;
  }

  /** At the local table, where whoever sits there reads it before anything else. Never rejects. */
  async atTheTable(visit: PermittedVisit): Promise<void> {
    if (visit.workspace.platform === 'terminal') await this.#tell(visit, [], 'admin', 'everyone');
  }

  /**
   * Elsewhere after what a game master asked for; a person who knows from another workspace is not told again. Never
   * rejects.
   */
  async after(visit: PermittedVisit, personId: string): Promise<void> {
    const { platform } = visit.workspace;
    if (visit.permission === 'player' || platform === 'terminal') return;
    await this.#tell(visit, [`${platform}\n${personId}`], visit.permission, 'asker');
  }

  async #tell(
    { workspace, campaign, store, stage }: PermittedVisit,
    people: readonly string[],
    permission: Permission,
    audience: Audience,
  ): Promise<void> {
    const keys = [workspace.id, ...people];
    if (this.#hasModel || campaign.settings.improvIntroduced) return;
    if (keys.some((key) => this.#told.has(key))) return;
    for (const key of keys) this.#told.set(key, true);
    try {
      const all = await this.#store.campaigns(workspace.id);
      if (all.some(({ settings }) => settings.improvIntroduced)) return;
      await stage.tell(introduction(permission), audience);
      await store.changeSettings({ improvIntroduced: true });
    } catch (error) {
      for (const key of keys) this.#told.delete(key);
      this.#onFault(error, 'introducing improv');
    }
  }
}

/** Who runs the program reads how to connect a model; who leads a game reads whom to ask. */
function introduction(permission: Permission): Notice {
  const how =
    permission === 'admin'
      ? 'To connect a model, set CHAT_MODEL and OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own) in .env; .env.example shows how, and "npm run doctor" checks it.'
      : 'Whoever runs this program can connect a model.';
  return notice('hint', IMPROV, how);
}

const IMPROV =
  'No language model is connected, so improv plays: our own tables and a small grammar. It drafts a good tavern crowd and speaks in character, but it only catches words and does not understand as a model does; what is secret it never tells.';
