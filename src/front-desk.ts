import { LRUCache } from 'lru-cache';
import type { Command } from '#commands/command.ts';
import type { CommandContext } from '#commands/context.ts';
import { COMMANDS } from '#commands/index.ts';
import { refuseTakenName } from '#commands/taken-name.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { mayRun } from './core/command.ts';
import { Refusal } from './core/errors.ts';
import type { FormView } from './core/form.ts';
import type {
  CompletionCall,
  FormCall,
  Front,
  IncomingCall,
  IncomingLine,
  Person,
  Place,
  Platform,
  RevisedLine,
} from './core/front.ts';
import { nearestName } from './core/names.ts';
import type { RecoveredLine, Store } from './core/store.ts';
import type { Action, Notice, Stage } from './core/view.ts';
import { completed } from './front-desk/completed.ts';
import { formOf } from './front-desk/forms.ts';
import { Hearing, speakerOf } from './front-desk/hearing.ts';
import { HiddenText } from './front-desk/hidden-text.ts';
import { ImprovIntroduction } from './front-desk/improv-introduction.ts';
import { asksForHelp } from './front-desk/mistyped.ts';
import { idOf, type Located, Places } from './front-desk/places.ts';
import { Recovery } from './front-desk/recovery.ts';
import { Telling } from './front-desk/telling.ts';
import { Visits } from './front-desk/visits.ts';
import { startPage } from './start-page.ts';

/** Calls kept in mind, so that one that is delivered again is not run again. */
const MAX_CALLS = 1000;
/** Cards whose page is shown anew when their NPC is changed by what was opened there. */
const MAX_CARDS_PRESSED = 500;
/** The most that Discord shows. */
const MAX_COMPLETIONS = 25;

export interface FrontDeskOptions {
  readonly store: Store;
  readonly roster: CommandContext['roster'];
  readonly studio: CommandContext['studio'];
  readonly scenes: CommandContext['scenes'];
  readonly memory: CommandContext['memory'];
  readonly library: CommandContext['library'];
  readonly tiers: CommandContext['tiers'];
  readonly rest: CommandContext['rest'];
  readonly extractor: CommandContext['extractor'];
  readonly dice: CommandContext['dice'];
  readonly statsNotice: CommandContext['statsNotice'];
  /** Names of the configured models, in the order in which they are asked; without any improv plays. */
  readonly modelNames: readonly string[];
  /** The platforms' ids of those who run the bot. */
  readonly adminIds?: readonly string[];
  readonly clock?: Clock;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
}

/** Takes in what adapters bring: finds workspace and campaign, sees who may, and tells people what failed. */
export class FrontDesk implements Front {
  readonly commands = COMMANDS;
  readonly #options: FrontDeskOptions;
  readonly #places: Places;
  readonly #hidden: HiddenText;
  readonly #visits: Visits;
  readonly #improv: ImprovIntroduction;
  readonly #hearing: Hearing;
  readonly #recovery: Recovery;
  readonly #telling: Telling;
  readonly #calls = new LRUCache<string, true>({ max: MAX_CALLS });
  /** By campaign and NPC. */
  readonly #cardsPressed = new LRUCache<string, Stage>({ max: MAX_CARDS_PRESSED });

  constructor(options: FrontDeskOptions) {
    const { store, scenes, onFault, adminIds = [], clock = systemClock } = options;
    const places = new Places(store);
    const hidden = new HiddenText({ store, clock, onFault });
    const hasModel = options.modelNames.length > 0;
    const improv = new ImprovIntroduction({ store, hasModel, onFault });
    const visits = new Visits({ store, hidden, adminIds, improv });
    this.#options = options;
    this.#places = places;
    this.#hidden = hidden;
    this.#visits = visits;
    this.#improv = improv;
    this.#hearing = new Hearing({ store, places, visits, scenes, clock });
    this.#recovery = new Recovery(store, onFault);
    this.#telling = new Telling(onFault);
  }

  async join(platform: Platform): Promise<void> {
    this.#hidden.join(platform);
    await this.#recovery.join(platform);
  }

  /** Replies that a crash cut off are marked where they stand, as soon as their platform is within reach. */
  recovered(lines: readonly RecoveredLine[]): Promise<void> {
    return this.#recovery.recovered(lines);
  }

  hear(line: IncomingLine, stage: Stage): Promise<void> {
    if (asksForHelp(line)) {
      return this.run({ ...line, callId: line.messageId, command: 'help', options: {} }, stage);
    }
    return this.#telling.during(stage, 'hearing a line', (told) =>
      this.#hearing.hear(line, stage, (visited) => {
        told.stage = visited;
      }),
    );
  }

  revise(change: RevisedLine): Promise<void> {
    return this.#telling.quietly('following a change of a line', () => this.#hearing.revise(change));
  }

  retract(message: Pick<RevisedLine, 'place' | 'messageId'>): Promise<void> {
    return this.#telling.quietly('taking back a line', () => this.#hearing.retract(message));
  }

  async run(call: IncomingCall, stage: Stage): Promise<void> {
    const callId = idOf(call.place, call.callId);
    if (this.#calls.has(callId)) return;
    this.#calls.set(callId, true);
    await this.#telling.during(stage, `running /${call.command}`, async (told) => {
      const command = commandNamed(call.command);
      const located = await this.#places.locate(call.place);
      this.#refuseUnlessAllowed(command, located, call.person);
      const visit = await this.#visits.open(located, stage, call.person);
      told.stage = visit.stage;
      const person = { ...call.person, permission: visit.permission };
      const speaker = await speakerOf(call, visit);
      const {
        store: campaigns,
        roster,
        studio,
        scenes,
        memory,
        library,
        tiers,
        rest,
        extractor,
        dice,
        statsNotice,
      } = this.#options;
      const { files = new Map() } = call;
      const parts = {
        ...{ campaigns, roster, studio, scenes, memory, library, tiers, rest },
        ...{ extractor, files, dice, statsNotice },
        commands: COMMANDS,
        cardsPressed: this.#cardsPressedIn(visit.campaign.id),
      };
      const platform = this.#hidden.platform(call.place.platform);
      await command.run(
        { ...visit, ...parts, platform, person, speaker, by: person.name, callId },
        call.options,
      );
      await this.#improv.after(visit, person.id);
    });
  }

  #cardsPressedIn(campaignId: string): CommandContext['cardsPressed'] {
    const keyOf = (npcId: string) => `${campaignId}\n${npcId}`;
    return {
      note: (npcId, stage) => void this.#cardsPressed.set(keyOf(npcId), stage),
      of: (npcId) => this.#cardsPressed.get(keyOf(npcId)),
    };
  }

  async allowed(place: Place, person: Person): Promise<readonly Command[]> {
    try {
      const permission = this.#visits.permission(await this.#places.locate(place), person);
      return COMMANDS.filter((command) => mayRun({ ...person, permission }, command));
    } catch (error) {
      this.#options.onFault(error, 'looking up what somebody may do');
      return [];
    }
  }

  async whyNotAs(place: Place, person: Person, name: string): Promise<string | undefined> {
    try {
      const located = await this.#places.locate(place);
      const store = this.#options.store.campaign(located.campaign.id);
      const { scenes } = this.#options;
      const permission = this.#visits.permission(located, person);
      await refuseTakenName({ store, scenes, channelId: place.channelId }, { permission }, name);
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      // The line itself is looked at once more.
      this.#options.onFault(error, 'looking up a name');
      return undefined;
    }
  }

  async complete({ place, person, command, option, typed }: CompletionCall): Promise<readonly string[]> {
    const declared = COMMANDS.find(({ name }) => name === command);
    const spec = declared?.options[option];
    if (declared === undefined || spec?.kind !== 'npc') return [];
    try {
      const located = await this.#places.locate(place);
      const permission = this.#visits.permission(located, person);
      // Who is not on stage is the GM's to know.
      const isAllowed = mayRun({ ...person, permission }, declared);
      if (!isAllowed || (permission === 'player' && spec.among !== 'stage')) return [];
      const store = this.#options.store.campaign(located.campaign.id);
      const onStage = await this.#options.scenes.onStage({ store, channelId: place.channelId });
      const names = await this.#options.roster.names(store, spec.among, onStage);
      return completed(names, spec.several, typed).slice(0, MAX_COMPLETIONS);
    } catch (error) {
      this.#options.onFault(error, 'completing a name');
      return [];
    }
  }

  async form(call: FormCall): Promise<FormView | { readonly refusal: Notice }> {
    const doing = `asking for what /${call.command} needs`;
    try {
      const command = commandNamed(call.command);
      const located = await this.#places.locate(call.place);
      this.#refuseUnlessAllowed(command, located, call.person);
      const { roster, store } = this.#options;
      const campaign = store.campaign(located.campaign.id);
      const prefilled = await command.prefill?.({ roster, store: campaign }, call.options);
      return formOf(command, call, prefilled ?? {});
    } catch (error) {
      return { refusal: this.#telling.explain(error, doing) };
    }
  }

  async shelve(place: Place, action: Action): Promise<string> {
    const { id } = await this.#places.workspaceOf(place);
    return this.#options.store.shelf.put(id, action);
  }

  async unshelve(place: Place, code: string): Promise<Action | undefined> {
    const { id } = await this.#places.workspaceOf(place);
    return this.#options.store.shelf.get(id, code);
  }

  async greet(place: Place, stage: Stage): Promise<void> {
    await this.#telling.during(stage, 'opening a table', async () => {
      const visit = await this.#visits.open(await this.#places.locate(place), stage);
      await stage.tell(await startPage(visit, this.#options), 'everyone');
    });
  }

  /** Tells the game masters of a campaign and nobody else, now or when one of them looks. Never rejects. */
  tellGms(campaignId: string, hidden: Notice): Promise<void> {
    return this.#hidden.tellGms(campaignId, hidden);
  }

  /** Lines are taken in at once: nobody waits for a proxy any more. */
  stopHolding(): void {
    this.#hearing.close();
  }

  /** Resolves when nothing that was taken in is under way any more. */
  async settled(): Promise<void> {
    await this.#telling.settled();
    await this.#hidden.settled();
    await this.#recovery.settled();
  }

  /** @throws Refusal where the person may not run the command. */
  #refuseUnlessAllowed(command: Command, located: Located, person: Person): void {
    const permission = this.#visits.permission(located, person);
    if (mayRun({ ...person, permission }, command)) return;
    // What it is set with is told to those alone who can have it changed.
    const admin = person.isManager ? 'an admin, whom ADMIN_IDS names' : 'an admin';
    const who = command.permission === 'admin' ? admin : 'the game master';
    throw new Refusal(`/${command.name} is for ${who}. /help shows what you can do.`);
  }
}

/** @throws Refusal with the nearest name where there is none. */
function commandNamed(typed: string): Command {
  const command = COMMANDS.find(({ name }) => name === typed);
  if (command !== undefined) return command;
  const nearest = nearestName(
    typed,
    COMMANDS.map(({ name }) => name),
  );
  const help = nearest === undefined ? '/help shows what there is.' : `Did you mean /${nearest}?`;
  throw new Refusal(`There is no such command. ${help}`);
}
