import { randomBytes } from 'node:crypto';
import { fault } from './errors.ts';
import type { InteractionRecord } from './records.ts';
import type { World } from './world.ts';

/** The first answer must come within this. */
export const FIRST_ANSWER_WITHIN_IN_MS = 3000;
const TOKEN_LIVES_IN_MS = 15 * 60_000;

export const INTERACTION = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
export const CALLBACK = { reply: 4, defer: 5, deferUpdate: 6, update: 7, completions: 8, modal: 9 } as const;

/** Which first answers each kind of interaction takes. A modal takes no modal; one from a message may update that. */
const TAKES: Readonly<Record<number, readonly number[]>> = {
  [INTERACTION.command]: [CALLBACK.reply, CALLBACK.defer, CALLBACK.modal],
  [INTERACTION.component]: [
    CALLBACK.reply,
    CALLBACK.defer,
    CALLBACK.deferUpdate,
    CALLBACK.update,
    CALLBACK.modal,
  ],
  [INTERACTION.autocomplete]: [CALLBACK.completions],
  [INTERACTION.modal]: [CALLBACK.reply, CALLBACK.defer, CALLBACK.deferUpdate, CALLBACK.update],
};

export function createInteraction(
  world: World,
  options: Pick<InteractionRecord, 'type' | 'user' | 'channel' | 'source' | 'data'>,
): InteractionRecord {
  const interaction: InteractionRecord = {
    ...options,
    id: world.ids.next(),
    token: randomBytes(60).toString('base64url'),
    createdAtInMs: world.clock.now(),
    sentAt: performance.now(),
    acknowledged: undefined,
    originalId: undefined,
    isOriginalLoading: false,
    followUpIds: [],
    modal: undefined,
    completions: undefined,
    hasFailed: false,
  };
  world.interactions.set(interaction.token, interaction);
  return interaction;
}

/** @throws DiscordFault where it cannot be answered any more, or not so. */
export function acknowledge(
  world: World,
  id: string,
  token: string,
  callback: { readonly type: number; readonly isEphemeral: boolean; readonly arrivedAt: number },
): InteractionRecord {
  const interaction = world.interactions.get(token);
  if (interaction === undefined || interaction.id !== id) throw fault.unknownInteraction();
  if (interaction.acknowledged !== undefined) throw fault.alreadyAcknowledged();
  if (world.clock.now() - interaction.createdAtInMs > FIRST_ANSWER_WITHIN_IN_MS)
    throw fault.unknownInteraction();
  const isTaken = TAKES[interaction.type]?.includes(callback.type) === true;
  const changesNothing =
    (callback.type === CALLBACK.update || callback.type === CALLBACK.deferUpdate) &&
    interaction.source === undefined;
  if (!isTaken || changesNothing)
    throw fault.invalidBody(
      `an interaction of type ${interaction.type} takes no callback of type ${callback.type}`,
    );
  interaction.acknowledged = {
    callback: callback.type,
    afterInMs: callback.arrivedAt - interaction.sentAt,
    isEphemeral: callback.isEphemeral,
  };
  return interaction;
}

/** The interaction whose token stands in the address of a webhook. @throws DiscordFault as Discord answers. */
export function interactionByToken(world: World, token: string): InteractionRecord {
  const interaction = world.interactions.get(token);
  if (interaction === undefined) throw fault.unknownWebhook();
  if (world.clock.now() - interaction.createdAtInMs > TOKEN_LIVES_IN_MS) throw fault.expiredToken();
  if (interaction.acknowledged === undefined) throw fault.unknownWebhook();
  return interaction;
}
