import type { CommandDeclaration } from '#src/core/command.ts';
import type { PlatformName } from '#src/core/entities.ts';
import type { IncomingLine } from '#src/core/front.ts';
import { withoutActingCharacters } from '#src/core/text.ts';

/** The command that a message begins with, though it was to be picked and not sent: "/npc quick role:barkeep". */
export function commandTyped(
  text: string,
  commands: readonly Pick<CommandDeclaration, 'name'>[],
): string | undefined {
  if (!text.startsWith('/')) return undefined;
  const words = text.slice(1).toLowerCase().split(/\s+/u);
  const names = commands.map(({ name }) => name);
  const whole = names.find((name) => name.split(' ').every((word, at) => word === words[at]));
  return whole ?? names.map((name) => name.split(' ')[0]).find((head) => head === words[0]);
}

export function howToPick(command: string, platform: PlatformName): string {
  const inThreads = platform === 'slack' ? ' In a thread, mention me with it instead.' : '';
  return `That came as a message and not as a command, so nobody heard it. Type / and pick ${command} from the list that opens.${inThreads}`;
}

/** Whether somebody asks us for help who found no command for it: "help" alone, said to us. To an NPC one cries "Help!" */
export function asksForHelp({ place, isDirect, repliesTo, source, text }: IncomingLine): boolean {
  const isToUs = isDirect && repliesTo === undefined && source !== 'proxy' && place.platform !== 'terminal';
  return isToUs && /^\/?help[.?]*$/iu.test(withoutActingCharacters(text).trim());
}
