import type { Delivery } from './deliveries.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { FileShelf } from './files.ts';
import type { State } from './state.ts';
import { initialValue, inputsOf, type OpenView, stateOf } from './view-desk.ts';

/** How a form that was sent came back. */
export interface Submission extends Delivery {
  /** By the label of the field, where the app said what is wrong. */
  readonly errors: Readonly<Record<string, string>>;
}

/**
 * The `state.values` of a form.
 * @param values by label (or action id) of the field; what is left out keeps what stood there.
 */
export function filledIn(
  view: OpenView,
  values: Readonly<Record<string, string | readonly string[]>>,
  files: FileShelf,
): Fields {
  const inputs = inputsOf(view);
  const known = inputs.flatMap(({ label, actionId }) => [label, actionId]);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`the form has no field "${unknown}", but ${labelsOf(view).join(', ')}`);
  const filled: Record<string, Record<string, Fields>> = {};
  for (const input of inputs) {
    const given = values[input.label] ?? values[input.actionId] ?? initialValue(input.element);
    filled[input.blockId] = { ...filled[input.blockId], [input.actionId]: stateOf(input, given, files) };
  }
  return filled;
}

/** Does what the acknowledgement of a form asks for; gives complaints by label. */
export function followForm(state: State, view: OpenView, body: Fields): Submission['errors'] {
  switch (body.response_action) {
    case 'errors': {
      const inputs = inputsOf(view);
      return Object.fromEntries(
        Object.entries(fieldsOf(body.errors)).map(([blockId, complaint]) => {
          const input = inputs.find((each) => each.blockId === blockId);
          if (input === undefined)
            state.journal.violate('shape', 'view_submission', `errors name no block: ${blockId}`);
          return [input?.label ?? blockId, String(complaint)];
        }),
      );
    }
    case 'update':
      state.views.update(view, body.view);
      return {};
    case 'push':
      state.views.open(view.person, body.view, { isOnTop: true });
      return {};
    case 'clear':
      for (const open of state.views.of(view.person.id))
        if (open.fields.type === 'modal') open.isOpen = false;
      return {};
    default:
      view.isOpen = false;
      return {};
  }
}

export function labelsOf(view: OpenView): readonly string[] {
  return inputsOf(view).map(({ label }) => label);
}
