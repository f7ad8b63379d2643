import {
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import type { FormField, FormView } from '#src/core/form.ts';
import { plainLine } from '#src/core/text.ts';
import { whoText } from './given-options.ts';
import {
  MAX_CHOICE_LENGTH,
  MAX_CHOICES,
  MAX_LABEL_DESCRIPTION_LENGTH,
  MAX_LABEL_LENGTH,
  MAX_MODAL_FIELDS,
  MAX_MODAL_TITLE_LENGTH,
  MAX_TEXT_INPUT_LENGTH,
} from './limits.ts';

/** A longer text is typed into several rows. */
const LONGEST_SINGLE_ROW = 100;

/** Why a form cannot be shown as one of Discord's. */
export type Unshowable = { readonly tooLong: FormField };

/**
 * A form as a modal. Not possible where a value that stands there already is longer than Discord's field: what does not
 * fit would be lost when it comes back.
 */
export function modalOf(form: FormView, code: string): APIModalInteractionResponseCallbackData | Unshowable {
  const fields = form.fields.slice(0, MAX_MODAL_FIELDS);
  const tooLong = fields.find(({ value }) => value.length > MAX_TEXT_INPUT_LENGTH);
  if (tooLong !== undefined) return { tooLong };
  return {
    custom_id: code,
    title: shortened(form.title, MAX_MODAL_TITLE_LENGTH),
    components: fields.map((field): APILabelComponent => {
      const description = shortened(field.spec.description, MAX_LABEL_DESCRIPTION_LENGTH);
      return {
        type: ComponentType.Label,
        label: shortened(field.label, MAX_LABEL_LENGTH),
        ...(description === '…' ? {} : { description }),
        component: inputOf(field),
      };
    }),
  };
}

function inputOf({ option, spec, value }: FormField): APIComponentInLabel {
  const base = { custom_id: option, required: spec.required };
  const choices = spec.kind === 'choice' ? spec.choices : spec.kind === 'flag' ? ['true', 'false'] : [];
  if (choices.length > 0 && choices.length <= MAX_CHOICES) {
    return {
      ...base,
      type: ComponentType.StringSelect,
      options: choices.map((choice) => ({
        label: shortened(
          spec.kind === 'flag' ? (choice === 'true' ? 'Yes' : 'No') : choice,
          MAX_CHOICE_LENGTH,
        ),
        value: choice,
        default: choice === value,
      })),
      min_values: spec.required ? 1 : 0,
      max_values: 1,
    };
  }
  if (spec.kind === 'who') {
    return {
      ...base,
      type: ComponentType.MentionableSelect,
      min_values: spec.required ? 1 : 0,
      max_values: 1,
    };
  }
  const maxLength =
    spec.kind === 'text' ? Math.min(spec.maxLength, MAX_TEXT_INPUT_LENGTH) : MAX_CHOICE_LENGTH;
  return {
    ...base,
    type: ComponentType.TextInput,
    style: maxLength > LONGEST_SINGLE_ROW ? TextInputStyle.Paragraph : TextInputStyle.Short,
    // What stands there already must be allowed to.
    max_length: Math.max(1, maxLength, value.length),
    ...(value === '' ? {} : { value }),
  };
}

/** What was typed into a modal, by option; fields left empty are left out. */
export function typedValues(submission: APIModalSubmission): Readonly<Record<string, string>> {
  const { resolved } = submission;
  const values = inputsOf(submission).flatMap((input): (readonly [string, string])[] => {
    if (input.type === ComponentType.TextInput) return [[input.custom_id, input.value]];
    if (!('values' in input)) return [];
    const [first] = input.values;
    if (first === undefined) return [];
    const isWho = input.type === ComponentType.MentionableSelect;
    return [[input.custom_id, isWho ? whoText(first, resolved) : first]];
  });
  return Object.fromEntries(values.filter(([, value]) => value.trim() !== ''));
}

/** The options that a modal asked for. */
export function askedOptions(submission: APIModalSubmission): readonly string[] {
  return inputsOf(submission).map((input) => input.custom_id);
}

function inputsOf({ components }: APIModalSubmission) {
  return components.flatMap((item) => {
    if (item.type === ComponentType.Label) return [item.component];
    return item.type === ComponentType.ActionRow ? item.components : [];
  });
}

function shortened(text: string, maxLength: number): string {
  const plain = plainLine(text);
  if (plain === '') return '…';
  if (plain.length <= maxLength) return plain;
  return `${plain.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
