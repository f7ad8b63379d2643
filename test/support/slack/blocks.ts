import {
  accessory,
  actionsElement,
  anyText,
  contextElement,
  image,
  inputElement,
  mrkdwn,
  plainText,
} from './elements.ts';
import { BlockFault } from './faults.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from './fields.ts';
import { anything, byType, flag, list, object, oneOf, type Rule, string } from './rules.ts';

const BLOCKS_PER_MESSAGE = 50;
const BLOCKS_PER_VIEW = 100;
/** Over all blocks of a message; found by trying, Slack publishes no number. */
export const TEXT_OF_ALL_BLOCKS = 13_200;
const MARKDOWN_TEXT = 12_000;
const BLOCK_ID = 255;

function block(
  required: Readonly<Record<string, Rule>>,
  optional: Readonly<Record<string, Rule>> = {},
): Rule {
  return object({ type: anything, ...required }, { block_id: string(BLOCK_ID), ...optional });
}

const section: Rule = (value, at) => {
  const { text, fields } = fieldsOf(value);
  if (text === undefined && fields === undefined)
    throw new BlockFault(at, 'missing required field: text or fields');
  block({}, { text: anyText(3000), fields: list(anyText(2000), { max: 10 }), accessory, expand: flag })(
    value,
    at,
  );
};

const RICH_STYLE = { style: anything };
const richElement = byType(() => ({
  text: object({ type: anything, text: string(12_000) }, RICH_STYLE),
  link: object({ type: anything, url: string(3000) }, { text: string(12_000), unsafe: flag, ...RICH_STYLE }),
  emoji: object({ type: anything, name: string(100) }, { unicode: string(100), ...RICH_STYLE }),
  user: object({ type: anything, user_id: string(50) }, RICH_STYLE),
  usergroup: object({ type: anything, usergroup_id: string(50) }, RICH_STYLE),
  channel: object({ type: anything, channel_id: string(50) }, RICH_STYLE),
  broadcast: object({ type: anything, range: oneOf('here', 'channel', 'everyone') }, RICH_STYLE),
}));
const richElements = { elements: list(richElement, { max: 1000 }) };
const richSection = object({ type: oneOf('rich_text_section'), ...richElements });
const richPart = byType(() => ({
  rich_text_section: richSection,
  rich_text_quote: object({ type: anything, ...richElements }, { border: anything }),
  rich_text_preformatted: object(
    { type: anything, ...richElements },
    { border: anything, language: string(50) },
  ),
  rich_text_list: object(
    { type: anything, elements: list(richSection, { max: 1000 }), style: oneOf('bullet', 'ordered') },
    { indent: anything, border: anything, offset: anything },
  ),
}));
const richText = block({ elements: list(richPart, { max: 1000 }) });

const table = block(
  {
    rows: list(
      list(
        byType(() => ({
          raw_text: object({ type: anything, text: string(10_000) }),
          raw_number: object({ type: anything, value: anything, text: string(1000) }),
          rich_text: richText,
        })),
        { max: 20 },
      ),
      { max: 100 },
    ),
  },
  {
    column_settings: list(object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }), {
      max: 20,
    }),
  },
);

const EVERYWHERE: Readonly<Record<string, Rule>> = {
  actions: block({ elements: list(actionsElement, { max: 25 }) }),
  context: block({ elements: list(contextElement, { max: 10 }) }),
  divider: block({}),
  header: block({ text: plainText(150) }),
  image: (value, at) => {
    const { block_id: id, title, ...rest } = fieldsOf(value);
    if (id !== undefined) string(BLOCK_ID)(id, `${at}/block_id`);
    if (title !== undefined) plainText(2000)(title, `${at}/title`);
    image(rest, at);
  },
  input: block(
    { label: plainText(2000), element: inputElement },
    { hint: plainText(2000), optional: flag, dispatch_action: flag },
  ),
  rich_text: richText,
  section,
};

const IN_MESSAGES: Readonly<Record<string, Rule>> = {
  ...EVERYWHERE,
  markdown: block({ text: string(MARKDOWN_TEXT) }),
  table,
  card: block(
    {},
    {
      hero_image: image,
      icon: image,
      title: mrkdwn(150),
      subtitle: mrkdwn(150),
      body: mrkdwn(2000),
      actions: list(actionsElement, { max: 5 }),
    },
  ),
};

const messageBlock = byType(() => IN_MESSAGES);
const viewBlock = byType(() => EVERYWHERE);

/** @throws BlockFault for blocks that no message can have. */
export function checkMessageBlocks(blocks: unknown): readonly Fields[] {
  list(messageBlock, { min: 0, max: BLOCKS_PER_MESSAGE })(blocks, '/blocks');
  const checked = listOf(blocks).filter(isFields);
  checkIds(checked, '/blocks');
  refuseFileInput(checked, '/blocks');
  const markdown = checked.filter(({ type }) => type === 'markdown').map(({ text }) => textOf(text).length);
  if (markdown.reduce((sum, length) => sum + length, 0) > MARKDOWN_TEXT)
    throw new BlockFault('/blocks', `markdown blocks hold more than ${MARKDOWN_TEXT} characters`, 'limit');
  if (checked.filter(({ type }) => type === 'table').length > 1)
    throw new BlockFault('/blocks', 'only_one_table_allowed');
  return checked;
}

/** @throws BlockFault for a view that Slack refuses. */
export function checkView(view: unknown): Fields {
  const common = {
    private_metadata: string(3000, 0),
    callback_id: string(255, 0),
    external_id: string(255, 0),
  };
  byType(() => ({
    modal: object(
      {
        type: anything,
        title: plainText(24),
        blocks: list(viewBlock, { min: 0, max: BLOCKS_PER_VIEW }),
      },
      {
        ...common,
        submit: plainText(24),
        close: plainText(24),
        clear_on_close: flag,
        notify_on_close: flag,
        submit_disabled: flag,
      },
    ),
    home: object({ type: anything, blocks: list(viewBlock, { min: 0, max: BLOCKS_PER_VIEW }) }, common),
  }))(view, '/view');
  const fields = fieldsOf(view);
  const blocks = listOf(fields.blocks).filter(isFields);
  checkIds(blocks, '/view/blocks');
  if (fields.type !== 'modal') refuseFileInput(blocks, '/view/blocks');
  if (fields.type === 'modal' && fields.submit === undefined && blocks.some(({ type }) => type === 'input'))
    throw new BlockFault('/view', 'a modal with inputs needs a submit button');
  return fields;
}

/** Files are asked for in modals alone. */
function refuseFileInput(blocks: readonly Fields[], at: string): void {
  if (blocks.some(asksForFile)) throw new BlockFault(at, 'file_input is available in modals only');
}

export function asksForFile(block: Fields): boolean {
  return elementsOf(block).some(({ type }) => type === 'file_input');
}

/** How many characters of text all blocks hold together. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, field]) =>
      sum + (key === 'text' && typeof field === 'string' ? field.length : textLength(field)),
    0,
  );
}

/** Elements of a block that have an action_id, whether or not one was given. */
export function elementsOf(block: Fields): readonly Fields[] {
  return [...listOf(block.elements), ...listOf(block.actions), block.accessory, block.element].filter(
    isFields,
  );
}

function checkIds(blocks: readonly Fields[], at: string): void {
  const blockIds = new Set<unknown>();
  blocks.forEach((block, index) => {
    if (block.block_id !== undefined && blockIds.has(block.block_id))
      throw new BlockFault(`${at}/${index}/block_id`, 'block_id already exists');
    blockIds.add(block.block_id);
    const actionIds = new Set<unknown>();
    for (const { action_id: id } of elementsOf(block)) {
      if (id !== undefined && actionIds.has(id))
        throw new BlockFault(`${at}/${index}`, 'action_id already exists for a component in this block');
      actionIds.add(id);
    }
  });
}
