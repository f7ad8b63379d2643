import type { types } from '@slack/bolt';
import type { OptionSpec } from '#src/core/command.ts';
import type { FormField, FormView } from '#src/core/form.ts';
import { clip, plainLine } from '#src/core/text.ts';
import type { SharedFile } from './incoming-text.ts';

/** Slack's limits, in characters. */
const MAX_TITLE = 24;
const MAX_LABEL = 2000;
const MAX_HINT = 2000;
const MAX_INPUT = 3000;
const MAX_OPTION = 75;
/** Of a fault in a form; Slack names no limit. */
const MAX_ERROR = 500;
/** What Slack takes in one list. */
const MAX_OPTIONS = 100;
const MAX_OPTION_VALUE = 150;
export const MAX_METADATA = 3000;
/** Longer answers are given room for. */
const ONE_LINE = 100;

export const FORM_CALLBACK = 'dramatis-form';
const VALUE = 'value';
const FIELD = 'field-';

/**
 * A form as a modal. `metadata` comes back with what is typed.
 * @param names of NPCs to choose from, by option; without them a name is typed.
 */
export function formModal(
  form: FormView,
  metadata: string,
  names: ReadonlyMap<string, readonly string[]> = new Map(),
): types.ModalView {
  return {
    type: 'modal',
    callback_id: FORM_CALLBACK,
    private_metadata: metadata,
    title: plain(clip(plainLine(form.title), MAX_TITLE) || 'Dramatis'),
    submit: plain('Save'),
    close: plain('Cancel'),
    blocks: form.fields.map((field) => inputBlock(field, names.get(field.option) ?? [])),
  };
}

function inputBlock({ option, label, spec, value }: FormField, names: readonly string[]): types.KnownBlock {
  return {
    type: 'input',
    block_id: `${FIELD}${option}`,
    label: plain(clip(plainLine(label), MAX_LABEL) || option),
    hint: plain(clip(plainLine(spec.description), MAX_HINT) || option),
    // What is prefilled cannot be sent back empty: an empty value is no value.
    optional: !spec.required && value === '',
    element: elementOf(spec, value, names),
  };
}

function elementOf(spec: OptionSpec, value: string, names: readonly string[]): types.InputBlock['element'] {
  switch (spec.kind) {
    case 'integer': {
      const isWhole = /^-?\d+$/u.test(value);
      return {
        type: 'number_input',
        action_id: VALUE,
        is_decimal_allowed: false,
        min_value: String(spec.min),
        max_value: String(spec.max),
        ...(isWhole ? { initial_value: value } : {}),
      };
    }
    case 'flag':
      return choice(
        [
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ],
        value,
      );
    case 'choice':
      return choice(
        spec.choices.map((each) => ({ value: each, label: each })),
        value,
      );
    case 'who': {
      const id = /^person:(\S+)/u.exec(value)?.[1];
      return { type: 'users_select', action_id: VALUE, ...(id === undefined ? {} : { initial_user: id }) };
    }
    case 'npc':
      return areChoosable(names, value)
        ? choice(
            names.map((each) => ({ value: each, label: each })),
            value,
          )
        : text(ONE_LINE, value);
    case 'text':
      return text(spec.maxLength, value);
    case 'file':
      return { type: 'file_input', action_id: VALUE, filetypes: [...spec.extensions], max_files: 1 };
  }
}

/** Whether a list can offer all these names, and the one that stands there already is among them. */
function areChoosable(names: readonly string[], value: string): boolean {
  return (
    names.length > 0 &&
    names.length <= MAX_OPTIONS &&
    names.every((name) => name.length <= MAX_OPTION_VALUE) &&
    (value === '' || names.some((name) => name.toLowerCase() === value.toLowerCase()))
  );
}

function text(maxLength: number, value: string): types.PlainTextInput {
  const max = Math.min(maxLength, MAX_INPUT);
  return {
    type: 'plain_text_input',
    action_id: VALUE,
    multiline: max > ONE_LINE,
    max_length: max,
    ...(value === '' ? {} : { initial_value: clip(value, max) }),
  };
}

function choice(
  choices: readonly { readonly value: string; readonly label: string }[],
  value: string,
): types.StaticSelect {
  const options = choices.map((each) => ({
    text: plain(clip(plainLine(each.label), MAX_OPTION)),
    value: each.value,
  }));
  const initial = options.find((option) => option.value.toLowerCase() === value.toLowerCase());
  return {
    type: 'static_select',
    action_id: VALUE,
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}

/** What Slack sends of one element of a submitted modal, as far as it is ours. */
export interface SubmittedValue {
  readonly value?: string | null | undefined;
  readonly selected_option?: { readonly value: string } | null | undefined;
  readonly selected_user?: string | null | undefined;
  readonly selected_conversation?: string | null | undefined;
  readonly files?: readonly SharedFile[] | null | undefined;
}

/** The options that were filled in; a person comes as the id alone, for the caller to name. */
export function filledIn(
  values: Readonly<Record<string, Readonly<Record<string, SubmittedValue>>>>,
): Readonly<Record<string, string>> {
  const filled = Object.entries(values).flatMap(([block, elements]) => {
    const given = elements[VALUE];
    if (!block.startsWith(FIELD) || given === undefined) return [];
    const person = given.selected_user;
    const value = person ? `person:${person}` : (given.value ?? given.selected_option?.value ?? '').trim();
    return value === '' ? [] : [[block.slice(FIELD.length), value] as const];
  });
  return Object.fromEntries(filled);
}

/** The files that were handed in. */
export function sharedIn(
  values: Readonly<Record<string, Readonly<Record<string, SubmittedValue>>>>,
): readonly SharedFile[] {
  return Object.values(values).flatMap((elements) => elements[VALUE]?.files ?? []);
}

/**
 * A refusal in an open form: under the field that it begins with by name ("prompt is empty", "That file is gone"), else
 * under the first.
 */
export function errorsOf(
  refusal: string,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const blocks = Object.keys(values).filter((block) => block.startsWith(FIELD));
  const begins = refusal.toLowerCase().replace(/^that /u, '');
  const named = blocks.find((block) => begins.startsWith(`${block.slice(FIELD.length)} `));
  return { [named ?? blocks[0] ?? FIELD]: clip(plainLine(refusal), MAX_ERROR) };
}

export function plain(words: string): types.PlainTextElement {
  return { type: 'plain_text', text: words, emoji: false };
}
