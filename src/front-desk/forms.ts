import type { Command, Prefill } from '#commands/command.ts';
import { type FormField, type FormView, MAX_FORM_FIELDS } from '#src/core/form.ts';
import type { FormCall } from '#src/core/front.ts';

/**
 * The form that asks for options of a command, in the order of its declaration: what is needed comes first there.
 * @param prefilled what the command says of it.
 */
export function formOf(
  command: Command,
  { options: given, asks, takesFiles = false }: Pick<FormCall, 'options' | 'asks' | 'takesFiles'>,
  prefilled: Prefill,
): FormView {
  const fields = Object.entries(command.options)
    .filter(([option, spec]) => asks.includes(option) && (takesFiles || spec.kind !== 'file'))
    .map(([option, spec]): FormField => {
      const now = prefilled.fields?.[option];
      // What somebody typed is no file.
      const value = spec.kind === 'file' ? '' : (given[option] ?? now?.value ?? '');
      const described = now === undefined ? spec : { ...spec, description: now.description };
      return { option, label: now?.label ?? labelOf(option), spec: described, value };
    })
    .slice(0, MAX_FORM_FIELDS);
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
