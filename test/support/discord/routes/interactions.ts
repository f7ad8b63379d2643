import { fault } from '../errors.ts';
import { acknowledge, CALLBACK, interactionByToken } from '../interactions.ts';
import { faultsOfModal } from '../limits.ts';
import { checkFromBot, post, revise } from '../messages.ts';
import {
  FLAG,
  type InteractionRecord,
  type MessageBody,
  type MessageRecord,
  type ModalBody,
} from '../records.ts';
import { toMessage } from '../wire.ts';
import type { World } from '../world.ts';
import { type Answer, type Asked, NOTHING, ok, type Route, route } from './route.ts';

const MAX_COMPLETIONS = 25;
const MAX_COMPLETION_IN_CHARACTERS = 100;

interface Callback {
  readonly type: number;
  readonly data?: MessageBody & Partial<ModalBody> & { readonly choices?: InteractionRecord['completions'] };
}

/** First answers to interactions. */
export function interactionRoutes(): readonly Route[] {
  return [route('POST', '/interactions/{interaction_id}/{interaction_token}/callback', answer, 'path')];
}

function answer(asked: Asked): Answer {
  const { world, param, query, files, name, arrivedAtInMs, arrivedAt } = asked;
  const { type, data = {} } = asked.body as Callback;
  const known = world.interactions.get(param('interaction_token'));
  const isReply = type === CALLBACK.reply;
  const isUpdate = type === CALLBACK.update;
  // What Discord refuses of the body does not count as the answer.
  if (isReply) checkFromBot(world, name, data, files);
  if (isUpdate && known?.source !== undefined) checkFromBot(world, name, data, files, known.source);
  if (type === CALLBACK.modal) requireModal(data);
  if (type === CALLBACK.completions) requireCompletions(data.choices ?? []);
  const isEphemeral = ((data.flags ?? 0) & FLAG.ephemeral) !== 0;
  const interaction = acknowledge(world, param('interaction_id'), param('interaction_token'), {
    type,
    isEphemeral,
    arrivedAt,
  });
  if (isReply) original(world, interaction, data, asked);
  if (type === CALLBACK.defer) {
    original(world, interaction, { flags: (data.flags ?? 0) | FLAG.loading }, asked);
    interaction.isOriginalLoading = true;
  }
  if (isUpdate && interaction.source !== undefined)
    revise(world, interaction.source, data, { files, arrivedAtInMs });
  if (type === CALLBACK.update || type === CALLBACK.deferUpdate)
    interaction.originalId = interaction.source?.id;
  if (type === CALLBACK.modal)
    interaction.modal = {
      custom_id: data.custom_id ?? '',
      title: data.title ?? '',
      components: data.components ?? [],
    };
  if (type === CALLBACK.completions) interaction.completions = data.choices ?? [];
  world.changed();
  if (query.get('with_response') !== 'true') return NOTHING;
  const message =
    interaction.originalId === undefined
      ? undefined
      : interaction.channel.messages.get(interaction.originalId);
  return ok({
    interaction: { id: interaction.id, type: interaction.type, response_message_id: message?.id },
    ...(message === undefined
      ? {}
      : { resource: { type, message: toMessage(world, message, { isWhole: true, isEvent: false }) } }),
  });
}

function requireModal(data: Partial<ModalBody>): void {
  const faults = faultsOfModal({
    custom_id: data.custom_id ?? '',
    title: data.title ?? '',
    components: data.components ?? [],
  });
  if (faults.length > 0) throw fault.invalidBody(faults.join('; '));
}

function requireCompletions(choices: NonNullable<InteractionRecord['completions']>): void {
  const isFine = ({ name, value }: (typeof choices)[number]) =>
    [name, String(value)].every((text) => text.length >= 1 && text.length <= MAX_COMPLETION_IN_CHARACTERS);
  if (choices.length > MAX_COMPLETIONS || !choices.every(isFine))
    throw fault.invalidBody('choices: at most 25, names and values of 1 to 100 characters');
}

/** The first message of an interaction: everybody's, or one person's alone. */
function original(world: World, interaction: InteractionRecord, body: MessageBody, { files }: Asked): void {
  interaction.originalId = send(world, interaction, body, files).id;
}

function send(
  world: World,
  interaction: InteractionRecord,
  body: MessageBody,
  files: Asked['files'],
): MessageRecord {
  const { id, type, user, channel } = interaction;
  const isEphemeral = ((body.flags ?? 0) & FLAG.ephemeral) !== 0;
  return post(world, {
    channel,
    author: { kind: 'user', user: world.bot },
    body,
    files,
    applicationId: world.applicationId,
    interaction: { id, type, user },
    ...(isEphemeral ? { ephemeralFor: user.id } : {}),
  });
}

/** A further message; the first one after a deferral fills the message that says "thinking". */
export function followUp(asked: Asked): Answer {
  const { world, param, files, name, arrivedAtInMs } = asked;
  const body = asked.body as MessageBody;
  const interaction = interactionByToken(world, param('webhook_token'));
  const { channel, originalId } = interaction;
  const loading =
    interaction.isOriginalLoading && originalId !== undefined ? channel.messages.get(originalId) : undefined;
  checkFromBot(world, name, body, files);
  if (loading !== undefined) {
    interaction.isOriginalLoading = false;
    revise(world, loading, body, { files, arrivedAtInMs });
    return ok(toMessage(world, loading, { isWhole: true, isEvent: false }));
  }
  const message = send(world, interaction, body, files);
  interaction.followUpIds.push(message.id);
  return ok(toMessage(world, message, { isWhole: true, isEvent: false }));
}

/** The message of an interaction that an address names: `@original`, or one of its own. */
export function interactionMessage({ world, param, query }: Asked): MessageRecord {
  const interaction = interactionByToken(world, param('webhook_token'));
  const named = param('message_id');
  const isOriginal = named === '@original' || named === interaction.originalId;
  const id = isOriginal ? interaction.originalId : named;
  const isOwn = isOriginal || interaction.followUpIds.includes(named) || interaction.source?.id === named;
  if (id === undefined || !isOwn || query.has('thread_id')) throw fault.unknownMessage();
  if (isOriginal) interaction.isOriginalLoading = false;
  return world.message(interaction.channel.id, id);
}
