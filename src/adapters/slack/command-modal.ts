import type { types } from '@slack/bolt';
import { plain, type SubmittedValue } from './modal.ts';

export const TYPED_CALLBACK = 'dramatis-typed';
/** The field for the command, which a fault is shown under. */
export const COMMAND_FIELD = 'command';
const CHANNEL_FIELD = 'channel';
const VALUE = 'value';
const MAX_COMMAND = 3000;

/** Where a typed command is to run: a place that is known, or one that the person chooses. */
export function commandModal(
  where: { readonly channel: string; readonly threadTs: string | undefined } | undefined,
) {
  const command: types.InputBlock = {
    type: 'input',
    block_id: COMMAND_FIELD,
    label: plain('Command'),
    hint: plain(
      'As with a slash: roll dice:2d6+3, npc talk npc:Mira, npc generate count:3 prompt:smugglers. "help" lists all.',
    ),
    element: {
      type: 'plain_text_input',
      action_id: VALUE,
      max_length: MAX_COMMAND,
      placeholder: plain('npc list'),
    },
  };
  const channel: types.InputBlock = {
    type: 'input',
    block_id: CHANNEL_FIELD,
    label: plain('Where'),
    element: {
      type: 'conversations_select',
      action_id: VALUE,
      default_to_current_conversation: true,
    },
  };
  const view: types.ModalView = {
    type: 'modal',
    callback_id: TYPED_CALLBACK,
    private_metadata:
      where === undefined ? '' : JSON.stringify({ channel: where.channel, threadTs: where.threadTs }),
    title: plain('Dramatis'),
    submit: plain('Run'),
    close: plain('Cancel'),
    blocks: where === undefined ? [channel, command] : [command],
  };
  return view;
}

export interface TypedInModal {
  readonly text: string;
  readonly channel: string;
  readonly threadTs: string | undefined;
}

/** Undefined where no channel was chosen. */
export function typedInModal(
  metadata: string,
  values: Readonly<Record<string, Readonly<Record<string, SubmittedValue>>>>,
): TypedInModal | undefined {
  const text = values[COMMAND_FIELD]?.[VALUE]?.value?.trim() ?? '';
  const chosen = values[CHANNEL_FIELD]?.[VALUE]?.selected_conversation;
  if (chosen) return { text, channel: chosen, threadTs: undefined };
  try {
    const { channel, threadTs } = JSON.parse(metadata) as Readonly<Record<string, unknown>>;
    if (typeof channel !== 'string') return undefined;
    return { text, channel, threadTs: typeof threadTs === 'string' ? threadTs : undefined };
  } catch {
    return undefined;
  }
}
