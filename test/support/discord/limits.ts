import { COMPONENT, type ComponentBody, FLAG, flatten, type MessageBody, type ModalBody } from './records.ts';

/** The largest file that Discord takes from a bot. */
export const MAX_FILE_IN_BYTES = 10 * 1024 * 1024;

/** Documented limits that the vendor's document does not hold, in characters where nothing else is said. */
const LIMIT = {
  content: 2000,
  embeds: 10,
  embedTotal: 6000,
  components: 40,
  componentText: 4000,
  customId: 100,
  label: 80,
  rows: 5,
  buttonsPerRow: 5,
  options: 25,
  placeholder: 150,
  modalTitle: 45,
  modalComponents: 5,
  modalLabel: 45,
  modalDescription: 100,
  input: 4000,
  inputPlaceholder: 100,
  webhookName: 80,
} as const;
const EMBED = {
  title: 256,
  description: 4096,
  fields: 25,
  name: 256,
  value: 1024,
  footer: 2048,
  author: 256,
} as const;
const LINK_STYLE = 5;
const SELECTS = [3, 5, 6, 7, 8];
/** What a label of a modal may hold: text input, selects, file upload, radio group, checkboxes. */
const IN_LABEL = [4, ...SELECTS, 19, 21, 22, 23];

/** Why Discord would refuse this message; empty: it would not. `before`: the message that is edited. */
export function faultsOfMessage(
  body: MessageBody,
  before?: { readonly flags: number; readonly content: string; readonly embeds: readonly object[] },
): readonly string[] {
  const faults: string[] = [];
  const check = checker(faults);
  const isV2 = (((body.flags ?? 0) | (before?.flags ?? 0)) & FLAG.componentsV2) !== 0;
  check((body.content ?? '').length <= LIMIT.content, `content: at most ${LIMIT.content} characters`);
  faults.push(...faultsOfEmbeds(body));
  const components = body.components ?? [];
  if (isV2) {
    check((body.content ?? before?.content ?? '') === '', 'components V2 go without content');
    check((body.embeds ?? before?.embeds ?? []).length === 0, 'components V2 go without embeds');
    check(
      body.poll == null && (body.sticker_ids ?? []).length === 0,
      'components V2 go without polls, stickers',
    );
    const isRemoved =
      before !== undefined &&
      body.flags != null &&
      ((body.flags ^ before.flags) & before.flags & FLAG.componentsV2) !== 0;
    check(!isRemoved, 'the flag of components V2 cannot be removed');
  } else {
    check(components.length <= LIMIT.rows, `at most ${LIMIT.rows} rows`);
    check(
      components.every(({ type }) => type === COMPONENT.row),
      'without components V2 all is in action rows',
    );
  }
  faults.push(...faultsOfComponents(components));
  return faults;
}

function checker(faults: string[]): (holds: boolean, why: string) => void {
  return (holds, why) => {
    if (!holds) faults.push(why);
  };
}

function faultsOfEmbeds({ embeds }: MessageBody): readonly string[] {
  const faults: string[] = [];
  const check = checker(faults);
  check((embeds ?? []).length <= LIMIT.embeds, `at most ${LIMIT.embeds} embeds`);
  let total = 0;
  for (const { title = '', description = '', fields = [], footer, author } of embeds ?? []) {
    const parts: readonly (readonly [string, string, number])[] = [
      ['title', title, EMBED.title],
      ['description', description, EMBED.description],
      ['footer', footer?.text ?? '', EMBED.footer],
      ['author', author?.name ?? '', EMBED.author],
      ...fields.flatMap(({ name, value }) => [
        ['field name', name, EMBED.name] as const,
        ['field value', value, EMBED.value] as const,
      ]),
    ];
    check(fields.length <= EMBED.fields, `at most ${EMBED.fields} fields in an embed`);
    check(
      fields.every(({ name, value }) => name !== '' && value !== ''),
      'a field of an embed is empty',
    );
    for (const [what, text, limit] of parts) {
      check(text.length <= limit, `embed ${what}: at most ${limit} characters`);
      total += text.length;
    }
  }
  check(total <= LIMIT.embedTotal, `embeds: at most ${LIMIT.embedTotal} characters in all`);
  return faults;
}

function faultsOfComponents(components: readonly ComponentBody[]): readonly string[] {
  const faults: string[] = [];
  const check = checker(faults);
  const all = flatten(components);
  const texts = all.filter(({ type }) => type === COMPONENT.text).map(({ content }) => content ?? '');
  const ids = all.flatMap(({ custom_id: id }) => (id === undefined ? [] : [id]));
  check(all.length <= LIMIT.components, `at most ${LIMIT.components} components, not ${all.length}`);
  check(
    texts.every((text) => text.trim() !== ''),
    'a text display is empty',
  );
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  check(length <= LIMIT.componentText, `at most ${LIMIT.componentText} characters of text, not ${length}`);
  check(new Set(ids).size === ids.length, 'two components have the same custom_id');
  check(
    ids.every((id) => id !== '' && id.length <= LIMIT.customId),
    `custom_id: 1 to ${LIMIT.customId} characters`,
  );
  for (const each of all) {
    if (each.type === COMPONENT.button) faults.push(...faultsOfButton(each));
    if (each.type === COMPONENT.row) faults.push(...faultsOfRow(each));
    if (each.type === COMPONENT.select) faults.push(...faultsOfSelect(each));
    check(each.type !== COMPONENT.textInput, 'text inputs are for modals');
  }
  return faults;
}

function faultsOfButton({ label, emoji, style, custom_id, url }: ComponentBody): readonly string[] {
  const faults: string[] = [];
  const check = checker(faults);
  check((label ?? '').length <= LIMIT.label, `label: at most ${LIMIT.label} characters`);
  check((label ?? '').trim() !== '' || emoji != null, 'a button needs a label or an emoji');
  check(style === LINK_STYLE ? url !== undefined : custom_id !== undefined, 'a button needs a custom_id');
  return faults;
}

function faultsOfRow({ components = [] }: ComponentBody): readonly string[] {
  const buttons = components.filter(({ type }) => type === COMPONENT.button).length;
  const selects = components.filter(({ type }) => SELECTS.includes(type)).length;
  const holds =
    (selects === 0 && buttons >= 1 && buttons <= LIMIT.buttonsPerRow) || (selects === 1 && buttons === 0);
  return holds ? [] : ['a row holds 1 to 5 buttons or one select'];
}

function faultsOfSelect({ options = [], placeholder }: ComponentBody): readonly string[] {
  const faults: string[] = [];
  const check = checker(faults);
  check(options.length >= 1 && options.length <= LIMIT.options, `a select has 1 to ${LIMIT.options} options`);
  check(
    (placeholder ?? '').length <= LIMIT.placeholder,
    `placeholder: at most ${LIMIT.placeholder} characters`,
  );
  check(new Set(options.map(({ value }) => value)).size === options.length, 'two options have one value');
  for (const { label, value } of options) {
    check(label.length >= 1 && label.length <= LIMIT.customId, 'option label: 1 to 100 characters');
    check(value.length >= 1 && value.length <= LIMIT.customId, 'option value: 1 to 100 characters');
  }
  return faults;
}

export function faultsOfModal({ custom_id, title, components }: ModalBody): readonly string[] {
  const faults: string[] = [];
  const check = checker(faults);
  check(
    title.trim() !== '' && title.length <= LIMIT.modalTitle,
    `modal title: 1 to ${LIMIT.modalTitle} characters`,
  );
  check(
    custom_id !== '' && custom_id.length <= LIMIT.customId,
    `custom_id: 1 to ${LIMIT.customId} characters`,
  );
  check(
    components.length >= 1 && components.length <= LIMIT.modalComponents,
    `a modal has 1 to ${LIMIT.modalComponents} components`,
  );
  const ids = flatten(components).flatMap(({ custom_id: id }) => (id === undefined ? [] : [id]));
  check(new Set(ids).size === ids.length, 'two components of a modal have the same custom_id');
  check(
    ids.every((id) => id !== '' && id.length <= LIMIT.customId),
    `custom_id: 1 to ${LIMIT.customId} characters`,
  );
  for (const each of components) {
    const { type, label, description, component } = each;
    check(
      [COMPONENT.label, COMPONENT.row, COMPONENT.text].some((known) => known === type),
      'unknown component in a modal',
    );
    if (type !== COMPONENT.label) continue;
    check(
      (label ?? '').trim() !== '' && (label ?? '').length <= LIMIT.modalLabel,
      `label: 1 to ${LIMIT.modalLabel} characters`,
    );
    check(
      (description ?? '').length <= LIMIT.modalDescription,
      `description: at most ${LIMIT.modalDescription} characters`,
    );
    check(component !== undefined && IN_LABEL.includes(component.type), 'a label holds one input');
  }
  for (const each of flatten(components)) {
    if (each.type === COMPONENT.textInput) faults.push(...faultsOfInput(each));
    if (each.type === COMPONENT.select) faults.push(...faultsOfSelect(each));
  }
  return faults;
}

function faultsOfInput(input: ComponentBody): readonly string[] {
  const faults: string[] = [];
  const check = checker(faults);
  const max = input.max_length ?? LIMIT.input;
  const min = input.min_length ?? 0;
  check(max >= 1 && max <= LIMIT.input && min >= 0 && min <= max, `text input: lengths up to ${LIMIT.input}`);
  check((input.value ?? '').length <= max, 'a text input holds more than it takes');
  check(
    (input.placeholder ?? '').length <= LIMIT.inputPlaceholder,
    `placeholder: at most ${LIMIT.inputPlaceholder} characters`,
  );
  check((input.label ?? '').length <= LIMIT.modalLabel, `label: at most ${LIMIT.modalLabel} characters`);
  return faults;
}

/** Names of webhooks, and names that one message has instead. */
export function faultsOfWebhookName(name: string): readonly string[] {
  const faults: string[] = [];
  const check = checker(faults);
  const bare = name.trim();
  check(
    bare.length >= 1 && bare.length <= LIMIT.webhookName,
    `username: 1 to ${LIMIT.webhookName} characters`,
  );
  check(!/clyde|discord/iu.test(bare), 'username: cannot contain "clyde" or "discord"');
  return faults;
}
