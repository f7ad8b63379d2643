import { COMPONENT, type ComponentBody, flatten, type ModalBody } from './records.ts';

export interface FilledModal {
  readonly custom_id: string;
  readonly components: readonly object[];
}

/** A modal that somebody fills in. */
export class ModalOnScreen<Sent = unknown> {
  readonly title: string;
  readonly #modal: ModalBody;
  readonly #send: (filled: FilledModal) => Sent;

  constructor(modal: ModalBody, send: (filled: FilledModal) => Sent) {
    this.title = modal.title;
    this.#modal = modal;
    this.#send = send;
  }

  /** What can be filled in, by label, with what stands there already. */
  get fields(): Readonly<Record<string, string>> {
    return Object.fromEntries(fieldsOf(this.#modal).map(({ label, input }) => [label, standing(input)]));
  }

  /**
   * Fills in fields by their labels, leaves the others as they are, and sends it; may be done twice, as an impatient
   * person does. @throws Error where the client would not let them.
   */
  submits(values: Readonly<Record<string, string>> = {}): Sent {
    return this.#send(this.filled(values));
  }

  filled(values: Readonly<Record<string, string>> = {}): FilledModal {
    const fields = fieldsOf(this.#modal);
    for (const label of Object.keys(values))
      if (!fields.some((field) => field.label === label))
        throw new Error(`no field "${label}": ${fields.map((field) => field.label).join(', ')}`);
    const components = fields.map(({ label, input, wrap }) =>
      wrap(answered(label, input, values[label] ?? standing(input))),
    );
    return { custom_id: this.#modal.custom_id, components };
  }
}

interface Field {
  readonly label: string;
  readonly input: ComponentBody;
  readonly wrap: (answered: object) => object;
}

function fieldsOf(modal: ModalBody): readonly Field[] {
  return modal.components.flatMap((each): readonly Field[] => {
    if (each.type === COMPONENT.label && each.component !== undefined) {
      const wrap = (component: object) => ({ type: COMPONENT.label, component });
      return [{ label: each.label ?? '', input: each.component, wrap }];
    }
    const [input] = flatten(each.components ?? []);
    if (input === undefined) return [];
    return [
      {
        label: input.label ?? '',
        input,
        wrap: (component) => ({ type: COMPONENT.row, components: [component] }),
      },
    ];
  });
}

function standing(input: ComponentBody): string {
  if (input.type === COMPONENT.textInput) return input.value ?? '';
  return input.options?.find((option) => option.default === true)?.value ?? '';
}

function answered(label: string, input: ComponentBody, value: string): object {
  const { type, custom_id } = input;
  const isRequired = input.required ?? true;
  if (isRequired && value === '') throw new Error(`"${label}" has to be filled in`);
  if (type === COMPONENT.textInput) {
    if (value.length > (input.max_length ?? 4000)) throw new Error(`"${label}" is too long`);
    if (value !== '' && value.length < (input.min_length ?? 0)) throw new Error(`"${label}" is too short`);
    return { type, custom_id, value };
  }
  if (value !== '' && input.options !== undefined && !input.options.some((option) => option.value === value))
    throw new Error(`"${label}" has no choice ${value}`);
  return { type, custom_id, values: value === '' ? [] : [value] };
}
