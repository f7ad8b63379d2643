import { LRUCache } from 'lru-cache';
import type { CommandContext } from '#commands/context.ts';
import { COMMANDS } from '#commands/index.ts';
import { permits } from './core/command.ts';
import type { Speaker, Workspace } from './core/entities.ts';
import { ModelError, Refusal } from './core/errors.ts';
import type { CompletionCall, Front, IncomingCall, IncomingLine, Place } from './core/front.ts';
import { MAX_NAME_IN_CHARACTERS, nameKey, nearestName } from './core/names.ts';
import type { Store } from './core/store.ts';
import { clip, withoutActingCharacters } from './core/text.ts';
import { type Notice, notice, type Stage } from './core/view.ts';
import { FAULT_WORDS, failureWords } from './models/failure-words.ts';
import { KeyedQueues } from './scene/keyed-queues.ts';
import type { Visit } from './scene/visit.ts';
import { startPage } from './start-page.ts';

/** Workspaces kept in mind, so that a line does not begin with looking its workspace up. */
const MAX_WORKSPACES = 1000;
/** Campaigns whose GMs can be told of what happens behind the scenes: those heard from last. */
const MAX_STAGES = 1000;
/** Calls kept in mind, so that one that is delivered again is not run again. */
const MAX_CALLS = 1000;
/** The most that Discord shows. */
const MAX_COMPLETIONS = 25;

export interface FrontDeskOptions {
  readonly store: Store;
  readonly roster: CommandContext['roster'];
  readonly studio: CommandContext['studio'];
  readonly scenes: CommandContext['scenes'];
  readonly memory: CommandContext['memory'];
  readonly dice: CommandContext['dice'];
  readonly statsNotice: CommandContext['statsNotice'];
  /** Names of the configured models, in the order in which they are asked; without any improv plays. */
  readonly modelNames: readonly string[];
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
}

/** Takes in what adapters bring: finds workspace and campaign, sees who may, and tells people what failed. */
export class FrontDesk implements Front {
  readonly commands = COMMANDS;
  readonly #options: FrontDeskOptions;
  readonly #workspaces = new LRUCache<string, Workspace>({ max: MAX_WORKSPACES });
  readonly #arrivals = new KeyedQueues();
  readonly #calls = new LRUCache<string, true>({ max: MAX_CALLS });
  readonly #stages = new LRUCache<string, Stage>({ max: MAX_STAGES });
  readonly #working = new Set<Promise<void>>();
  /** Campaigns that improv was introduced to, or is being. */
  readonly #introduced = new LRUCache<string, true>({ max: MAX_STAGES });

  constructor(options: FrontDeskOptions) {
    this.#options = options;
  }

  async hear(line: IncomingLine, stage: Stage): Promise<void> {
    await this.#telling(stage, 'hearing a line', async () => {
      const id = idOf(line.place, line.messageId);
      const said = { id, speaker: named(line.speaker), text: line.text };
      // Lines are handed on in the order in which they came, however long each takes to find its campaign.
      const { heard } = await this.#arrivals.run(idOf(line.place, ''), async () => {
        const visit = await this.#visit(line.place, stage);
        return { heard: this.#options.scenes.hear(visit, said) };
      });
      await heard;
    });
  }

  async run(call: IncomingCall, stage: Stage): Promise<void> {
    const callId = idOf(call.place, call.callId);
    if (this.#calls.has(callId)) return;
    this.#calls.set(callId, true);
    await this.#telling(stage, `running /${call.command}`, async () => {
      const command = COMMANDS.find(({ name }) => name === call.command);
      if (command === undefined) throw unknownCommand(call.command);
      const { person, speaker, options: given } = call;
      if (!permits(person.permission, command.permission)) {
        const who = command.permission === 'admin' ? 'an admin' : 'the game master';
        throw new Refusal(`/${command.name} is for ${who}. /help shows what you can do.`);
      }
      const visit = await this.#visit(call.place, stage);
      const { store: campaigns, roster, studio, scenes, memory, dice, statsNotice } = this.#options;
      const parts = { campaigns, roster, studio, scenes, memory, dice, statsNotice, commands: COMMANDS };
      await command.run(
        { ...visit, ...parts, person, speaker: named(speaker), by: person.name, callId },
        given,
      );
    });
  }

  async complete({ place, person, command, option, typed }: CompletionCall): Promise<readonly string[]> {
    const declared = COMMANDS.find(({ name }) => name === command);
    const spec = declared?.options[option];
    if (declared === undefined || spec?.kind !== 'npc') return [];
    // Who is not on stage is the GM's to know.
    const isAllowed = permits(person.permission, declared.permission);
    if (!isAllowed || (person.permission === 'player' && spec.among !== 'stage')) return [];
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
      await stage.tell(await startPage(visit, this.#options), 'everyone');
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
    const visit = { workspace, campaign, origin, store, channelId: place.channelId, stage };
    if (!campaign.settings.improvIntroduced) await this.#introduceImprov(visit);
    return visit;
  }

  /** The first time improv serves a campaign, it says what it is. */
  async #introduceImprov({ store, stage }: Pick<Visit, 'store' | 'stage'>): Promise<void> {
    const { campaignId } = store;
    if (this.#options.modelNames.length > 0 || this.#introduced.has(campaignId)) return;
    this.#introduced.set(campaignId, true);
    await store.changeSettings({ improvIntroduced: true });
    await stage.tell(IMPROV_INTRODUCTION, 'everyone');
  }

  /** Resolves when nothing that was taken in is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#working);
  }

  #telling(stage: Stage, doing: string, work: () => Promise<void>): Promise<void> {
    const working = this.#attempt(stage, doing, work).finally(() => this.#working.delete(working));
    this.#working.add(working);
    return working;
  }

  /** Does the work, and turns whatever it throws into one sentence for the person; faults are logged. */
  async #attempt(stage: Stage, doing: string, work: () => Promise<void>): Promise<void> {
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

  #explain(error: unknown, doing: string): Notice {
    if (error instanceof Refusal) return notice('refusal', error.message);
    if (error instanceof ModelError && error.kind === 'aborted') return notice('hint', 'Stopped.');
    this.#options.onFault(error, doing);
    const why = error instanceof ModelError ? failureWords(error) : `${FAULT_WORDS}. Try again`;
    return notice('trouble', `That did not work: ${why}.`);
  }
}

const IMPROV_INTRODUCTION = notice(
  'hint',
  'No language model is connected, so improv plays: our own tables and a small grammar. It drafts a good tavern crowd and speaks in character, but it only catches words and does not understand as a model does; what is secret it never tells.',
  'To connect a model, set CHAT_MODEL and OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own) in .env; .env.example shows how, and "npm run doctor" checks it.',
);

/** Ids of what comes in derive from the platform's own, so that a second delivery is the same line. */
function idOf(place: Place, platformId: string): string {
  return `${place.platform}:${place.workspace.platformId}:${place.channelId}:${platformId}`;
}

/** A speaker under a name that labels lines and does nothing else: one line, no colon, of bounded length. */
function named(speaker: Speaker): Speaker {
  const plain = withoutActingCharacters(speaker.name)
    .replace(/[\s:[\]]+/gu, ' ')
    .trim();
  return { ...speaker, name: clip(plain, MAX_NAME_IN_CHARACTERS) || 'Somebody' };
}

function unknownCommand(typed: string): Refusal {
  const names = COMMANDS.map(({ name }) => name);
  const nearest = nearestName(typed, names);
  const help = nearest === undefined ? '/help shows what there is.' : `Did you mean /${nearest}?`;
  return new Refusal(`There is no such command. ${help}`);
}

function startsAlike(name: string, typed: string): boolean {
  const key = nameKey(typed);
  return [nameKey(name), ...nameKey(name).split(' ')].some((word) => word.startsWith(key));
}
