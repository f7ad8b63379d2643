import { BlockFault } from './faults.ts';
import { fieldsOf } from './fields.ts';
import { anything, byType, flag, list, number, object, oneOf, type Rule, string } from './rules.ts';

/** Limits as Slack publishes them: characters, or how many. */
const ACTION_ID = 255;
const BUTTON_TEXT = 75;
const BUTTON_VALUE = 2000;
const URL = 3000;
const PLACEHOLDER = 150;
const OPTIONS = 100;
const OPTION_TEXT = 75;
const OPTION_VALUE = 150;
const OVERFLOW_OPTIONS = 5;
const CHOICES = 10;
const INPUT_LENGTH = 3000;
const ALT_TEXT = 2000;
const FILES_OF_INPUT = 10;
/** Slack publishes none for endings and how many of them; no sensible list has more. */
const ENDINGS = 100;
const ENDING = 50;

export function plainText(max: number): Rule {
  return object({ type: oneOf('plain_text'), text: string(max) }, { emoji: flag });
}

export function mrkdwn(max: number): Rule {
  return object({ type: oneOf('mrkdwn'), text: string(max) }, { verbatim: flag });
}

export function anyText(max: number): Rule {
  return byType(() => ({ plain_text: plainText(max), mrkdwn: mrkdwn(max) }));
}

const confirm = object(
  { text: anyText(300) },
  { title: plainText(100), confirm: plainText(30), deny: plainText(30), style: oneOf('primary', 'danger') },
);

const option = object(
  { text: anyText(OPTION_TEXT) },
  { value: string(OPTION_VALUE), description: anyText(OPTION_TEXT), url: string(URL) },
);
const options = list(option, { max: OPTIONS });
const optionGroups = list(object({ label: plainText(75), options }), { max: OPTIONS });

const action = { action_id: string(ACTION_ID) };
const input = { ...action, focus_on_load: flag };
const dispatched = {
  ...input,
  placeholder: plainText(PLACEHOLDER),
  dispatch_action_config: object({}, { trigger_actions_on: list(anything, { max: 2 }) }),
};
const select = { ...input, placeholder: plainText(PLACEHOLDER), confirm };
const conversations = {
  initial_conversation: string(50),
  default_to_current_conversation: flag,
  filter: anything,
  response_url_enabled: flag,
};

/** An element whose `type` was looked at already. */
function element(
  required: Readonly<Record<string, Rule>>,
  optional: Readonly<Record<string, Rule>> = {},
): Rule {
  return object({ type: anything, ...required }, optional);
}

/** Only of a list is what Slack shows chosen from; exactly one of the two must be there. */
function choosing(rule: Rule): Rule {
  return (value, at) => {
    const fields = fieldsOf(value);
    if ((fields.options === undefined) === (fields.option_groups === undefined))
      throw new BlockFault(at, 'exactly one of options and option_groups is required');
    rule(value, at);
  };
}

const plainTextInput: Rule = (value, at) => {
  element(
    {},
    {
      ...dispatched,
      initial_value: string(INPUT_LENGTH, 0),
      multiline: flag,
      min_length: number,
      max_length: number,
    },
  )(value, at);
  const { min_length: min, max_length: max, initial_value: initial } = fieldsOf(value);
  if (typeof min === 'number' && (min < 0 || min > INPUT_LENGTH))
    throw new BlockFault(`${at}/min_length`, `must be between 0 and ${INPUT_LENGTH}`, 'limit');
  if (typeof max === 'number' && (max < 1 || max > INPUT_LENGTH))
    throw new BlockFault(`${at}/max_length`, `must be between 1 and ${INPUT_LENGTH}`, 'limit');
  if (typeof max === 'number' && typeof initial === 'string' && initial.length > max)
    throw new BlockFault(`${at}/initial_value`, 'is longer than max_length', 'limit');
};

const fileInput: Rule = (value, at) => {
  element({}, { ...action, filetypes: list(string(ENDING), { max: ENDINGS }), max_files: number })(value, at);
  const { max_files: max } = fieldsOf(value);
  if (typeof max === 'number' && (!Number.isInteger(max) || max < 1 || max > FILES_OF_INPUT))
    throw new BlockFault(`${at}/max_files`, `must be between 1 and ${FILES_OF_INPUT}`, 'limit');
};

const button = element(
  { text: plainText(BUTTON_TEXT) },
  {
    ...action,
    url: string(URL),
    value: string(BUTTON_VALUE),
    style: oneOf('primary', 'danger'),
    confirm,
    accessibility_label: string(75),
  },
);

export const image: Rule = (value, at) => {
  const { image_url: address, slack_file: file } = fieldsOf(value);
  if ((address === undefined) === (file === undefined))
    throw new BlockFault(at, 'exactly one of image_url and slack_file is required');
  element({ alt_text: string(ALT_TEXT) }, { image_url: string(URL), slack_file: anything })(value, at);
};

const INTERACTIVE: Readonly<Record<string, Rule>> = {
  button,
  checkboxes: element(
    { options: list(option, { max: CHOICES }) },
    { ...input, initial_options: anything, confirm },
  ),
  radio_buttons: element(
    { options: list(option, { max: CHOICES }) },
    { ...input, initial_option: option, confirm },
  ),
  overflow: element({ options: list(option, { max: OVERFLOW_OPTIONS }) }, { ...action, confirm }),
  datepicker: element({}, { ...select, initial_date: string(10) }),
  timepicker: element({}, { ...select, initial_time: string(5), timezone: string(50) }),
  datetimepicker: element({}, { ...input, confirm, initial_date_time: number }),
  static_select: choosing(
    element({}, { ...select, options, option_groups: optionGroups, initial_option: option }),
  ),
  multi_static_select: choosing(
    element(
      {},
      {
        ...select,
        options,
        option_groups: optionGroups,
        initial_options: options,
        max_selected_items: number,
      },
    ),
  ),
  external_select: element({}, { ...select, initial_option: option, min_query_length: number }),
  users_select: element({}, { ...select, initial_user: string(50) }),
  multi_users_select: element({}, { ...select, initial_users: anything, max_selected_items: number }),
  conversations_select: element({}, { ...select, ...conversations }),
  channels_select: element({}, { ...select, initial_channel: string(50), response_url_enabled: flag }),
};

const INPUTS: Readonly<Record<string, Rule>> = {
  plain_text_input: plainTextInput,
  number_input: element(
    { is_decimal_allowed: flag },
    { ...dispatched, initial_value: string(50), min_value: string(50), max_value: string(50) },
  ),
  email_text_input: element({}, { ...dispatched, initial_value: string(INPUT_LENGTH) }),
  file_input: fileInput,
  url_text_input: element({}, { ...dispatched, initial_value: string(INPUT_LENGTH) }),
};

function without(...types: readonly string[]): Readonly<Record<string, Rule>> {
  return Object.fromEntries(Object.entries(INTERACTIVE).filter(([type]) => !types.includes(type)));
}

export const actionsElement = byType(() => INTERACTIVE);
export const accessory = byType(() => ({ ...without('datetimepicker'), image }));
export const inputElement = byType(() => ({ ...without('button', 'overflow'), ...INPUTS }));
export const contextElement = byType(() => ({
  plain_text: plainText(2000),
  mrkdwn: mrkdwn(2000),
  image,
}));
