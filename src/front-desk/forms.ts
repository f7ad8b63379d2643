import type { Command } from '#commands/command.ts';
import type { FormField, FormView } from '#src/core/form.ts';
import type { FormCall } from '#src/core/front.ts';

/** What Discord shows in one form. */
const MAX_FIELDS = 5;

/**
 * The form that asks for options of a command, in the order of its declaration: what is needed comes first there.
 * @param prefilled what the command says stands there now, by option.
 */
export function formOf(
  command: Command,
  { options: given, asks }: Pick<FormCall, 'options' | 'asks'>,
  prefilled: Readonly<Record<string, string>>,
): FormView {
  const fields = Object.entries(command.options)
    .filter(([option]) => asks.includes(option))
    .map(([option, spec]): FormField => {
      const value = given[option] ?? prefilled[option] ?? '';
      return { option, label: labelOf(option), spec, value };
    })
    .slice(0, MAX_FIELDS);
  const asked = new Set(fields.map(({ option }) => option));
  const options = Object.fromEntries(Object.entries(given).filter(([option]) => !asked.has(option)));
  return { title: `/${command.name}`, command: command.name, options, fields };
}

/** "opening-line" as people read it. */
function labelOf(option: string): string {
  const words = option.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
