import type { CommandDeclaration, Permission } from './command.ts';
import type { HandedFile } from './documents.ts';
import type { PlatformName, Speaker } from './entities.ts';
import type { FormView } from './form.ts';
import type { Action, Notice, Stage } from './view.ts';

/**
 * What adapters may ask of the inside. An adapter translates: it makes these values from its platform's events, and
 * policy (who may, who answers, what is shown) stays inside.
 */
export interface Front {
  readonly commands: readonly CommandDeclaration[];
  /** Those that this person may run there. Never rejects: none where that cannot be learnt. */
  allowed(place: Place, person: Person): Promise<readonly CommandDeclaration[]>;
  /**
   * A platform comes within reach: what waits for its places is put right there (replies that a crash cut off). Resolves
   * when that is done; never rejects.
   */
  join(platform: Platform): Promise<void>;
  /**
   * A line somebody typed or said. Resolves when every reply to it has ended. The same message id twice is one line.
   * Never rejects for what a person or model did: it tells the stage.
   */
  hear(line: IncomingLine, stage: Stage): Promise<void>;
  /** Somebody changed what they had said: the transcript and what is remembered follow. Unknown messages are left alone. */
  revise(change: RevisedLine): Promise<void>;
  /** Somebody deleted what they had said: it was never said, and an answer to it that is under way ends. */
  retract(message: Pick<RevisedLine, 'place' | 'messageId'>): Promise<void>;
  /** A command. The same call id twice is one call. Never rejects for what a person or model did: it tells the stage. */
  run(call: IncomingCall, stage: Stage): Promise<void>;
  /** Why this person may not speak under a name there, in one sentence; undefined where they may, or where it fails. */
  whyNotAs(place: Place, person: Person, name: string): Promise<string | undefined>;
  /** Values that complete what was typed of one option, best first; at most 25. */
  complete(call: CompletionCall): Promise<readonly string[]>;
  /**
   * What to ask before a command can run: the options named, prefilled with what they would change. A refusal where the
   * person may not, or the thing is gone.
   */
  form(call: FormCall): Promise<FormView | { readonly refusal: Notice }>;
  /**
   * Keeps an action that is too long for a button, and gives the short code under which `unshelve` finds it, also after a
   * restart. Unknown in any other workspace.
   */
  shelve(place: Place, action: Action): Promise<string>;
  unshelve(place: Place, code: string): Promise<Action | undefined>;
  /** What a person who opens this channel should see first: who is here, what was said last. Empty: nothing. */
  greet(place: Place, stage: Stage): Promise<void>;
}

/** A platform, as the inside uses it apart from what just came in. Given by an adapter with `Front.join`. */
export interface Platform {
  readonly name: PlatformName;
  /**
   * A stage in a place that nobody just spoke from. What it tells the asker goes to everybody who reads there.
   * @throws Refusal where the place is gone, or we may not post there.
   */
  stageAt(place: Place): Promise<Stage>;
  /** Where a person alone reads what we write. @throws Refusal where we cannot write to them. */
  directPlace(personId: string): Promise<Place>;
  /** Whether anybody but these game masters could read what is posted there, as it is now. Never from a cache. */
  privacyOf(place: Place, gms: GameMasters): Promise<Privacy>;
  /** Marks what stands of a reply that a crash cut off. Messages that are gone are left alone. */
  markBrokenOff(broken: BrokenReply): Promise<void>;
}

/** Those who lead a campaign. */
export interface GameMasters {
  /** The platform's ids. */
  readonly people: readonly string[];
  /** Ids of roles or user groups. */
  readonly roles: readonly string[];
  /** Nobody was named yet: whoever manages the server or workspace leads. */
  readonly areManagers: boolean;
  /** Where their campaign is played: who manages it, and who has which role, is asked there. */
  readonly workspace: { readonly platformId: string; readonly name: string };
}

/** `why`: one sentence that names who else reads there, or why nobody can tell. */
export type Privacy = { readonly isPrivate: true } | { readonly isPrivate: false; readonly why: string };

export interface BrokenReply {
  readonly place: Place;
  /** The messages in which it stands, in order; at least one. */
  readonly messageIds: readonly string[];
  readonly npcName: string;
  readonly npcId: string;
  /** All that stands in the transcript. */
  readonly text: string;
  readonly notice: Notice;
}

export interface Place {
  readonly platform: PlatformName;
  readonly workspace: { readonly platformId: string; readonly name: string };
  /** Channel or thread. A direct conversation is in a workspace of its own. */
  readonly channelId: string;
  /** The channel that a thread is in. */
  readonly parentId?: string;
}

export interface Person {
  /** The platform's id. */
  readonly id: string;
  readonly name: string;
  /** What the platform grants by itself: whoever sits at the local table is its admin. */
  readonly permission: Permission;
  /** The platform's ids of their roles or user groups. */
  readonly roles: readonly string[];
  /** May manage the server or workspace: leads campaigns that have named no game master, and may name some. */
  readonly isManager: boolean;
}

export interface IncomingLine {
  readonly place: Place;
  /** Unique in its channel; ids of lines derive from it. */
  readonly messageId: string;
  readonly person: Person;
  /** Who speaks in the world, where the platform knows; else as the person speaks in this campaign. */
  readonly speaker: Speaker | undefined;
  readonly text: string;
  /**
   * Said to us beyond doubt: at the local table, in a direct conversation, by mention, or in reply to us. Then somebody
   * says why nobody answers; to what people say among themselves nobody does.
   */
  readonly isDirect: boolean;
  /** The platform's id of the message it replies to. */
  readonly repliesTo: string | undefined;
  /** What came along that no NPC can see, as people call it: "a picture", "map.pdf". */
  readonly attachments: readonly string[];
  /**
   * `proxy`: posted by a program for a player's character (PluralKit, Tupperbox). `proxiable`: by a person whom such a
   * program may be about to replace. Where the game master allows no proxies, the first is not heard.
   */
  readonly source: 'person' | 'proxiable' | 'proxy';
}

export interface RevisedLine {
  readonly place: Place;
  readonly messageId: string;
  readonly text: string;
}

export interface IncomingCall {
  readonly place: Place;
  /** Unique in its channel: the interaction's id. */
  readonly callId: string;
  readonly person: Person;
  /** As in `IncomingLine`. */
  readonly speaker: Speaker | undefined;
  /** Full name of the command: "npc generate". */
  readonly command: string;
  /** As typed or as the platform gave them; checked inside against the declaration. */
  readonly options: Readonly<Record<string, string>>;
  /** The files handed in, by option; none where left out. */
  readonly files?: ReadonlyMap<string, HandedFile>;
}

export interface CompletionCall {
  readonly place: Place;
  readonly person: Person;
  readonly command: string;
  readonly option: string;
  readonly typed: string;
}

export interface FormCall {
  readonly place: Place;
  readonly person: Person;
  readonly command: string;
  /** What is given already. */
  readonly options: Readonly<Record<string, string>>;
  /** Names of the options to ask for. */
  readonly asks: readonly string[];
  /** Forms take files there; else files are not asked for. */
  readonly takesFiles?: boolean;
}
