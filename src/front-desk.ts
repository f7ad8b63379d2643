import { LRUCache } from 'lru-cache';
import type { CommandContext } from '#commands/context.ts';
import { COMMANDS } from '#commands/index.ts';
import { transcriptLine } from '#commands/scene.ts';
import { permits } from './core/command.ts';
import type { Workspace } from './core/entities.ts';
import { ModelError, Refusal } from './core/errors.ts';
import type { CompletionCall, Front, IncomingCall, IncomingLine, Place } from './core/front.ts';
import { nameKey, nearestName } from './core/names.ts';
import type { CampaignStore, Store } from './core/store.ts';
import { type Block, notice, type Stage } from './core/view.ts';
import { failureWords } from './models/failure-words.ts';
import type { Visit } from './scene/visit.ts';

/** Workspaces kept in mind, so that a line does not begin with looking its workspace up. */
const MAX_WORKSPACES = 1000;
/** Campaigns whose GMs can be told of what happens behind the scenes: those heard from last. */
const MAX_STAGES = 1000;
/** The most that Discord shows. */
const MAX_COMPLETIONS = 25;
const LINES_RECALLED_AT_START = 6;

export interface FrontDeskOptions
  extends Pick<CommandContext, 'roster' | 'studio' | 'scenes' | 'memory' | 'dice' | 'statsNotice'> {
  readonly store: Store;
  /** No model is configured: improv plays, and the table is told so once. */
  readonly isImprovisedOnly: boolean;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
}

/** Takes in what adapters bring: finds workspace and campaign, sees who may, and tells people what failed. */
export class FrontDesk implements Front {
  readonly commands = COMMANDS;
  readonly #options: FrontDeskOptions;
  readonly #workspaces = new LRUCache<string, Workspace>({ max: MAX_WORKSPACES });
  readonly #stages = new LRUCache<string, Stage>({ max: MAX_STAGES });

  constructor(options: FrontDeskOptions) {
    this.#options = options;
  }

  async hear(line: IncomingLine, stage: Stage): Promise<void> {
    await this.#telling(stage, 'hearing a line', async () => {
      const visit = await this.#visit(line.place, stage);
      await this.#introduceImprov(visit);
      const id = idOf(line.place, line.messageId);
      await this.#options.scenes.hear(visit, { id, speaker: line.speaker, text: line.text });
    });
  }

  async run(call: IncomingCall, stage: Stage): Promise<void> {
    await this.#telling(stage, `running /${call.command}`, async () => {
      const command = COMMANDS.find(({ name }) => name === call.command);
      if (command === undefined) {
        const nearest = nearestName(
          call.command,
          COMMANDS.map(({ name }) => name),
        );
        throw new Refusal(
          nearest === undefined
            ? 'There is no such command. /help shows what there is.'
            : `There is no such command. Did you mean /${nearest}?`,
        );
      }
      if (!permits(call.person.permission, command.permission)) {
        const who = command.permission === 'admin' ? 'an admin' : 'the game master';
        throw new Refusal(`/${command.name} is for ${who}. /help shows what you can do.`);
      }
      const visit = await this.#visit(call.place, stage);
      const { person, speaker, place, callId } = call;
      await command.run(
        {
          ...this.#options,
          ...visit,
          campaigns: this.#options.store,
          person,
          speaker,
          by: person.name,
          callId: idOf(place, callId),
          commands: COMMANDS,
        },
        call.options,
      );
    });
  }

  async complete({ place, command, option, typed }: CompletionCall): Promise<readonly string[]> {
    const spec = COMMANDS.find(({ name }) => name === command)?.options[option];
    if (spec?.kind !== 'npc') return [];
    try {
      const { campaign } = await this.#locate(place);
      const store = this.#options.store.campaign(campaign.id);
      const onStage = await this.#options.scenes.onStage({ store, channelId: place.channelId });
      const names = await this.#options.roster.names(store, spec.among, onStage);
      return names.filter((name) => startsAlike(name, typed)).slice(0, MAX_COMPLETIONS);
    } catch (error) {
      this.#options.onFault(error, 'completing a name');
      return [];
    }
  }

  async greet(place: Place, stage: Stage): Promise<void> {
    await this.#telling(stage, 'opening a table', async () => {
      const visit = await this.#visit(place, stage);
      await this.#introduceImprov(visit);
      await stage.tell({ tone: 'plain', blocks: await this.#whereWeAre(visit), actions: [] }, 'everyone');
    });
  }

  /** To the GMs of a campaign, where it was last heard from; nobody where it has not been heard from yet. */
  async tellGms(campaignId: string, text: string): Promise<void> {
    await this.#stages.get(campaignId)?.tellGms(notice('hint', text));
  }

  async #locate(place: Place) {
    const { store } = this.#options;
    const key = `${place.platform}\n${place.workspace.platformId}`;
    const { platformId, name } = place.workspace;
    const workspace =
      this.#workspaces.get(key) ??
      (await store.openWorkspace({ platform: place.platform, platformId, name }));
    this.#workspaces.set(key, workspace);
    return { workspace, campaign: await store.campaignOf(workspace.id, place.channelId) };
  }

  async #visit(place: Place, stage: Stage) {
    const { workspace, campaign } = await this.#locate(place);
    this.#stages.set(campaign.id, stage);
    const origin = { workspaceId: workspace.id, campaignId: campaign.id };
    const store = this.#options.store.campaign(campaign.id);
    return { workspace, campaign, origin, store, channelId: place.channelId, stage };
  }

  /** The first time improv serves a campaign, it says what it is. */
  async #introduceImprov({ store, stage }: Pick<Visit, 'store' | 'stage'>): Promise<void> {
    if (!this.#options.isImprovisedOnly || (await store.settings()).improvIntroduced) return;
    await store.changeSettings({ improvIntroduced: true });
    await stage.tell(
      notice(
        'hint',
        'No language model is connected, so improv plays: our own tables and a small grammar. It drafts a good tavern crowd and speaks in character, but it only catches words and does not understand as a model does.',
        'To connect a model, set CHAT_MODEL and OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own) in .env; .env.example shows how, and "npm run doctor" checks it.',
      ),
      'everyone',
    );
  }

  async #whereWeAre(visit: Visit & { readonly campaign: { readonly name: string } }): Promise<Block[]> {
    const { scenes, roster } = this.#options;
    const onStage = (await scenes.onStage(visit)).map(({ persona }) => persona.name);
    const scene = await visit.store.scenes.current(visit.channelId);
    const said =
      scene === undefined ? [] : await visit.store.lines.recent(scene.id, { limit: LINES_RECALLED_AT_START });
    const blocks: Block[] = [{ kind: 'heading', text: visit.campaign.name }];
    if (said.length > 0) blocks.push({ kind: 'list', items: said.map(transcriptLine) });
    if (onStage.length > 0) blocks.push({ kind: 'text', text: `On stage: ${onStage.join(', ')}.` });
    else {
      const names = await roster.names(visit.store, 'castable', []);
      const some = names.slice(0, 3).map((name) => `/npc talk ${name}`);
      const talk = some.length === 0 ? '' : `${some.join(' · ')} — or draft a cast of your own: `;
      blocks.push({ kind: 'text', text: `${talk}/npc generate count:3 prompt:smugglers of the salt docks` });
    }
    const missing = await missingMembers(visit.store);
    if (missing.length > 0) {
      const text = `The last cast was interrupted. Not drafted yet: ${missing.join(', ')}. /npc reroll NAME drafts one.`;
      blocks.push({ kind: 'text', text });
    }
    return blocks;
  }

  /** Does the work, and turns whatever it throws into one sentence for the person; faults are logged. */
  async #telling(stage: Stage, doing: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      try {
        await stage.tell(this.#explain(error, doing), 'asker');
      } catch (failure) {
        this.#options.onFault(failure, 'telling of a failure');
      }
    }
  }

  #explain(error: unknown, doing: string) {
    if (error instanceof Refusal) return notice('refusal', error.message);
    if (error instanceof ModelError && error.kind === 'aborted') return notice('hint', 'Stopped.');
    this.#options.onFault(error, doing);
    const why =
      error instanceof ModelError
        ? failureWords(error)
        : 'something failed here, and it is in the log. Try again';
    return notice('trouble', `That did not work: ${why}.`);
  }
}

/** Ids of what comes in derive from the platform's own, so that a second delivery is the same line. */
function idOf(place: Place, platformId: string): string {
  return `${place.platform}:${place.workspace.platformId}:${place.channelId}:${platformId}`;
}

function startsAlike(name: string, typed: string): boolean {
  const key = nameKey(typed);
  return (
    nameKey(name).startsWith(key) ||
    nameKey(name)
      .split(' ')
      .some((word) => word.startsWith(key))
  );
}

/** Members of the newest cast that were planned and never drafted. */
async function missingMembers(store: CampaignStore): Promise<readonly string[]> {
  const cast = await store.casts.latest();
  if (cast === undefined) return [];
  const made = new Set(
    (await store.npcs.list(['draft', 'kept', 'discarded'])).map(({ persona }) => nameKey(persona.name)),
  );
  return cast.members.map(({ name }) => name).filter((name) => !made.has(nameKey(name)));
}
