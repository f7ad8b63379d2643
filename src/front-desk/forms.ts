import type { Command, Prefill } from '#commands/command.ts';
import type { FormField, FormView } from '#src/core/form.ts';
import type { FormCall } from '#src/core/front.ts';

/** What Discord shows in one form. */
const MAX_FIELDS = 5;

/**
 * The form that asks for options of a command, in the order of its declaration: what is needed comes first there.
 * @param prefilled what the command says of it.
 */
export function formOf(
  command: Command,
  { options: given, asks }: Pick<FormCall, 'options' | 'asks'>,
  prefilled: Prefill,
): FormView {
  const fields = Object.entries(command.options)
    // Files are handed in with a command, not typed into a form.
    .filter(([option, spec]) => asks.includes(option) && spec.kind !== 'file')
    .map(([option, spec]): FormField => {
      const now = prefilled.fields?.[option];
      const value = given[option] ?? now?.value ?? '';
      const described = now === undefined ? spec : { ...spec, description: now.description };
      return { option, label: now?.label ?? labelOf(option), spec: described, value };
    })
    .slice(0, MAX_FIELDS);
  const asked = new Set(fields.map(({ option }) => option));
  const options = Object.fromEntries(Object.entries(given).filter(([option]) => !asked.has(option)));
  return { title: prefilled.title ?? `/${command.name}`, command: command.name, options, fields };
}

/** "opening-line" as people read it. */
function labelOf(option: string): string {
  if (option === 'npc') return 'NPC';
  const words = option.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
