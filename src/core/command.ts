import type { Audience } from './view.ts';

/**
 * How a command is declared, seen from outside: every adapter derives its own form (a terminal line, a Discord
 * application command, a Slack slash command) from this one declaration. Running it is `commands/`'s affair.
 */
export type Permission = 'player' | 'gm' | 'admin';

const RANK: Readonly<Record<Permission, number>> = { player: 0, gm: 1, admin: 2 };

/** Whether somebody may run a command. `permission` is what they may do in its campaign. */
export function mayRun(
  person: { readonly permission: Permission; readonly isManager: boolean },
  command: Pick<CommandDeclaration, 'permission' | 'isForManagers'>,
): boolean {
  return (
    RANK[person.permission] >= RANK[command.permission] ||
    (command.isForManagers === true && person.isManager)
  );
}

export interface CommandDeclaration {
  /** One to three words: "roll", "npc generate", "campaign gm add". No name is the beginning of another. */
  readonly name: string;
  readonly summary: string;
  readonly permission: Permission;
  /** Whoever manages the server may run it too, whoever the game masters are: naming them. */
  readonly isForManagers?: boolean;
  /** Who sees its first answer, as a rule: Discord wants to know before there is one. */
  readonly answers: Audience;
  /** In the order shown; names are kebab-case. The first takes text given without an option's name. */
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** A runnable example as typed at the terminal. */
  readonly example: string;
}

interface OptionBase {
  readonly description: string;
  readonly required: boolean;
}

export interface TextOption extends OptionBase {
  readonly kind: 'text';
  /** In characters. */
  readonly maxLength: number;
}
export interface IntegerOption extends OptionBase {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
}
export interface FlagOption extends OptionBase {
  readonly kind: 'flag';
  /** Set, only the asker sees the answer, whoever sees it else. */
  readonly isPrivate?: true;
}
export interface ChoiceOption extends OptionBase {
  readonly kind: 'choice';
  readonly choices: readonly string[];
}
/** The name of an NPC of the campaign; completed by adapters. */
export interface NpcOption extends OptionBase {
  readonly kind: 'npc';
  /**
   * `stage`: on stage; `draft`: drafts; `known`: drafts and kept; `castable`: known and files in `personas/`; `any`:
   * known and discarded.
   */
  readonly among: 'stage' | 'draft' | 'known' | 'castable' | 'any';
  /** Several may be named, with commas between the names; `or all`: also each of them at once, by the word "all". */
  readonly several?: 'by name' | 'or all';
}
/** The longest list of names that an option of several NPCs takes, in characters. */
export const LONGEST_NPC_LIST_IN_CHARACTERS = 1000;
/** What stands for each of them where an option takes that. */
export const ALL_OF_THEM = 'all';
/** A person or a role: "person:ID NAME" or "role:ID NAME" with the platform's id, as adapters give it. */
export interface WhoOption extends OptionBase {
  readonly kind: 'who';
}
/** A file handed in with the command: the option's value is its name, and `IncomingCall.files` has the file. */
export interface FileOption extends OptionBase {
  readonly kind: 'file';
  /** What names of such files end in, without the point; what is in them is looked at inside. */
  readonly extensions: readonly string[];
  /** The option that does as well: one of the two is needed. */
  readonly insteadOf?: string;
}
export type OptionSpec =
  | TextOption
  | IntegerOption
  | FlagOption
  | ChoiceOption
  | NpcOption
  | WhoOption
  | FileOption;

/** What an option yields once it was checked. An NPC option yields the name as typed. */
type OptionValue<S extends OptionSpec> = S extends IntegerOption
  ? number
  : S extends FlagOption
    ? boolean
    : S extends { kind: 'choice'; choices: readonly (infer C)[] }
      ? C
      : string;

/** The checked options of a command: required ones are there, others may be undefined. */
export type OptionValues<O extends Readonly<Record<string, OptionSpec>>> = {
  readonly [K in keyof O]: O[K] extends { required: true }
    ? OptionValue<O[K]>
    : OptionValue<O[K]> | undefined;
};
