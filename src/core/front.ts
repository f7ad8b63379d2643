import type { CommandDeclaration, Permission } from './command.ts';
import type { PlatformName, Speaker } from './entities.ts';
import type { Stage } from './view.ts';

/**
 * What adapters may ask of the inside. An adapter translates: it makes these values from its platform's events, and
 * policy (who may, who answers, what is shown) stays inside.
 */
export interface Front {
  readonly commands: readonly CommandDeclaration[];
  /**
   * A line somebody typed or said. Resolves when every reply to it has ended. The same message id twice is one line.
   * Never rejects for what a person or model did: it tells the stage.
   */
  hear(line: IncomingLine, stage: Stage): Promise<void>;
  /** A command. The same call id twice is one call. Never rejects for what a person or model did: it tells the stage. */
  run(call: IncomingCall, stage: Stage): Promise<void>;
  /** Values that complete what was typed of one option, best first; at most 25. */
  complete(call: CompletionCall): Promise<readonly string[]>;
  /** What a person who opens this channel should see first: who is here, what was said last. Empty: nothing. */
  greet(place: Place, stage: Stage): Promise<void>;
}

export interface Place {
  readonly platform: PlatformName;
  readonly workspace: { readonly platformId: string; readonly name: string };
  /** Channel or thread. */
  readonly channelId: string;
}

export interface Person {
  /** The platform's id. */
  readonly id: string;
  readonly name: string;
  readonly permission: Permission;
}

export interface IncomingLine {
  readonly place: Place;
  /** Unique in its channel; ids of lines derive from it. */
  readonly messageId: string;
  readonly person: Person;
  /** Who speaks in the world: a character, or the GM. */
  readonly speaker: Speaker;
  readonly text: string;
}

export interface IncomingCall {
  readonly place: Place;
  /** Unique in its channel: the interaction's id. */
  readonly callId: string;
  readonly person: Person;
  readonly speaker: Speaker;
  /** Full name of the command: "npc generate". */
  readonly command: string;
  /** As typed or as the platform gave them; checked inside against the declaration. */
  readonly options: Readonly<Record<string, string>>;
}

export interface CompletionCall {
  readonly place: Place;
  readonly person: Person;
  readonly command: string;
  readonly option: string;
  readonly typed: string;
}
