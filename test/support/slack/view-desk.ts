import { asksForFile, checkView, elementsOf } from './blocks.ts';
import { BlockFault, SlackFault } from './faults.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from './fields.ts';
import { endingOf, type FileShelf } from './files.ts';
import { withActionId } from './messages.ts';
import { type Member, newId, type Team } from './world.ts';

/** A modal on somebody's screen, or their Home. */
export interface OpenView {
  readonly id: string;
  readonly person: Member;
  hash: string;
  fields: Fields;
  isOpen: boolean;
}

/** At most three modals lie one on the other. */
const STACK = 3;

export class ViewDesk {
  readonly #views: OpenView[] = [];

  /** @throws SlackFault for a view that Slack refuses. */
  open(person: Member, view: unknown, { isOnTop }: { readonly isOnTop: boolean }): OpenView {
    const fields = this.#checked(person.team, view);
    const stack = this.of(person.id).filter((other) => other.fields.type === 'modal');
    if (isOnTop && stack.length >= STACK) throw new SlackFault('push_limit_reached', { kind: 'limit' });
    if (!isOnTop) for (const other of stack) other.isOpen = false;
    const opened: OpenView = { id: newId('V'), person, hash: newId('h'), fields, isOpen: true };
    this.#views.push(opened);
    return opened;
  }

  publish(person: Member, view: unknown): OpenView {
    const fields = this.#checked(person.team, view);
    const home = this.of(person.id).find((other) => other.fields.type === 'home');
    if (home !== undefined) home.isOpen = false;
    const opened: OpenView = { id: newId('V'), person, hash: newId('h'), fields, isOpen: true };
    this.#views.push(opened);
    return opened;
  }

  update(view: OpenView, fields: unknown): void {
    view.fields = this.#checked(view.person.team, fields);
    view.hash = newId('h');
  }

  byId(id: string): OpenView | undefined {
    return this.#views.find((view) => view.id === id);
  }

  byExternalId(id: string): OpenView | undefined {
    return this.#views.findLast((view) => view.fields.external_id === id);
  }

  /** What is open for a person, the topmost last. */
  of(personId: string): readonly OpenView[] {
    return this.#views.filter((view) => view.isOpen && view.person.id === personId);
  }

  #checked(team: Team, view: unknown): Fields {
    try {
      const fields = checkView(view);
      if (listOf(fields.blocks).filter(isFields).some(asksForFile) && !team.scopes.has('files:read'))
        throw new SlackFault('missing_scope', {
          kind: 'scope',
          detail: 'file_input needs files:read',
          extras: { needed: 'files:read', provided: [...team.scopes].join(',') },
        });
      return { ...fields, blocks: listOf(fields.blocks).filter(isFields).map(withIds) };
    } catch (error) {
      if (!(error instanceof BlockFault)) throw error;
      throw new SlackFault('invalid_arguments', {
        kind: error.kind,
        detail: error.message,
        extras: { response_metadata: { messages: [`[ERROR] ${error.message}`] } },
      });
    }
  }
}

function withIds(block: Fields): Fields {
  return {
    ...block,
    block_id: block.block_id ?? newId('b'),
    ...(isFields(block.element) ? { element: withActionId(block.element) } : {}),
    ...(isFields(block.accessory) ? { accessory: withActionId(block.accessory) } : {}),
  };
}

/** A view as payloads and answers carry it. */
export function viewFields(view: OpenView, team: Team, appId: string, values: Fields = {}): Fields {
  return {
    id: view.id,
    team_id: team.id,
    private_metadata: '',
    callback_id: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    close: null,
    submit: null,
    ...view.fields,
    state: { values },
    hash: view.hash,
    previous_view_id: null,
    root_view_id: view.id,
    app_id: appId,
    app_installed_team_id: team.id,
    bot_id: team.botId,
  };
}

export interface InputOnScreen {
  readonly label: string;
  readonly blockId: string;
  readonly actionId: string;
  readonly element: Fields;
  readonly isOptional: boolean;
}

export function inputsOf(view: OpenView): readonly InputOnScreen[] {
  return listOf(view.fields.blocks)
    .filter(isFields)
    .flatMap((block) =>
      elementsOf(block).map((element) => ({
        label: textOf(fieldsOf(block.label).text),
        blockId: textOf(block.block_id),
        actionId: textOf(element.action_id),
        element,
        isOptional: block.optional === true,
        isInput: block.type === 'input',
      })),
    )
    .filter(({ isInput }) => isInput);
}

/** What fields hold when nothing was touched. */
export function initialValue(element: Fields): string | readonly string[] {
  const chosen = fieldsOf(element.initial_option).value;
  if (typeof chosen === 'string') return chosen;
  if (Array.isArray(element.initial_options))
    return element.initial_options.filter(isFields).map(({ value }) => textOf(value));
  const { initial_value: value, initial_user: user, initial_conversation: channel } = element;
  return textOf(value) || textOf(user) || textOf(channel);
}

/**
 * What `state.values` holds for one field; of a field for files, `given` are their ids.
 * @throws Error where Slack's own window would not let this be sent.
 */
export function stateOf(input: InputOnScreen, given: string | readonly string[], files: FileShelf): Fields {
  const { element, label } = input;
  const type = textOf(element.type);
  const isEmpty = given.length === 0;
  if (isEmpty && !input.isOptional) throw new Error(`Slack would not send the form: "${label}" is empty`);
  if (type === 'file_input')
    return { type, files: [given].flat().filter(Boolean).map(attached(input, files)) };
  if (typeof given === 'string' && type.endsWith('_input')) {
    const { max_length: max, min_length: min } = element;
    if (typeof max === 'number' && given.length > max)
      throw new Error(`Slack would not send the form: "${label}" has more than ${max} characters`);
    if (typeof min === 'number' && !isEmpty && given.length < min)
      throw new Error(`Slack would not send the form: "${label}" has fewer than ${min} characters`);
    if (type === 'number_input') checkNumber(element, label, given);
    return { type, value: isEmpty ? null : given };
  }
  const options = [
    ...listOf(element.options),
    ...listOf(element.option_groups).flatMap((group) => listOf(fieldsOf(group).options)),
  ].filter(isFields);
  const pick = (value: string) => {
    const option = options.find((each) => each.value === value || fieldsOf(each.text).text === value);
    if (option === undefined) throw new Error(`"${label}" has no option "${value}"`);
    return option;
  };
  switch (type) {
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: isEmpty ? null : pick(String(given)) };
    case 'checkboxes':
    case 'multi_static_select':
      return { type, selected_options: isEmpty ? [] : [given].flat().map(pick) };
    case 'users_select':
      return { type, selected_user: isEmpty ? null : given };
    case 'multi_users_select':
      return { type, selected_users: [given].flat() };
    case 'conversations_select':
      return { type, selected_conversation: isEmpty ? null : given };
    case 'channels_select':
      return { type, selected_channel: isEmpty ? null : given };
    case 'external_select':
      return {
        type,
        selected_option: isEmpty ? null : { text: { type: 'plain_text', text: given }, value: given },
      };
    default:
      throw new Error(`nobody can fill in a ${type} here yet`);
  }
}

const MAX_FILE_OF_FORM_IN_BYTES = 10 * 1024 * 1024;

/** What Slack's window takes into a form; the app may see it from then on. */
function attached({ element, label }: InputOnScreen, files: FileShelf) {
  const { filetypes, max_files: max = 10 } = element;
  return (id: string, index: number): Fields => {
    const file = files.byId(id);
    if (file === undefined) throw new Error(`there is no file ${id}`);
    const ending = endingOf(file.upload.name ?? '');
    if (Array.isArray(filetypes) && !filetypes.includes(ending))
      throw new Error(`Slack would not take the file: "${label}" takes no .${ending}`);
    if (file.bytes.length > MAX_FILE_OF_FORM_IN_BYTES)
      throw new Error(`Slack would not take the file: "${label}" takes 10 MB`);
    if (index >= Number(max))
      throw new Error(`Slack would not take the file: "${label}" takes ${String(max)}`);
    file.isInForm = true;
    return files.fields(file);
  };
}

function checkNumber(element: Fields, label: string, given: string): void {
  if (given === '') return;
  const number = Number(given);
  const { min_value: min, max_value: max, is_decimal_allowed: decimals } = element;
  const isIn =
    !Number.isNaN(number) &&
    (decimals === true || Number.isInteger(number)) &&
    (typeof min !== 'string' || number >= Number(min)) &&
    (typeof max !== 'string' || number <= Number(max));
  if (!isIn) throw new Error(`Slack would not send the form: "${label}" cannot be "${given}"`);
}
