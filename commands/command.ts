import type { CommandDeclaration, NpcOption, OptionSpec, OptionValues } from '#src/core/command.ts';
import { checkOptions } from '#src/core/command-options.ts';
import type { CommandContext } from './context.ts';

/** What a form may be filled in from. */
export type PrefillContext = Pick<CommandContext, 'roster' | 'store'>;

/** A command as the inside runs it: its declaration, and what it does with options as they came. */
export interface Command extends CommandDeclaration {
  /** @throws Refusal where the options are not what the declaration asks for, or the thing cannot be done. */
  run(context: CommandContext, given: Readonly<Record<string, string>>): Promise<void>;
  /**
   * What a form says before the person types: what the command would change.
   * @throws Refusal where it is gone, or holds more than a form can.
   */
  prefill?(context: PrefillContext, given: Readonly<Record<string, string>>): Promise<Prefill>;
}

/** How a form of a command is worded; what is left out is said as the declaration says it. */
export interface Prefill {
  readonly title?: string;
  /** By option. */
  readonly fields?: Readonly<
    Record<string, { readonly value: string; readonly label: string; readonly description: string }>
  >;
}

/** Declares a command; its `run` gets the options checked and typed. */
export function defineCommand<const O extends Readonly<Record<string, OptionSpec>>>(
  command: Omit<CommandDeclaration, 'options'> & {
    readonly options: O;
    run(context: CommandContext, options: OptionValues<O>): Promise<void>;
  } & Pick<Command, 'prefill'>,
): Command {
  return { ...command, run: (context, given) => command.run(context, checkOptions(command, given)) };
}

/** Most characters of a prompt, a hint or pasted notes. */
export const MAX_PROMPT_IN_CHARACTERS = 4000;

/** What a search looks for. */
export const queryOption = {
  kind: 'text',
  description: 'What to look for, in your own words',
  maxLength: 400,
  required: true,
} as const;

/** An NPC that must be named. */
export function npcOption(among: NpcOption['among'], description: string) {
  return { kind: 'npc', among, description, required: true } as const;
}

/** One NPC that must be named, or several. */
export function npcsOption(
  among: NpcOption['among'],
  several: NonNullable<NpcOption['several']>,
  description: string,
) {
  return { kind: 'npc', among, several, description, required: true } as const;
}
