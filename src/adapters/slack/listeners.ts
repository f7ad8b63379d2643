import type { App, BlockAction, ButtonAction, MessageShortcut, ViewSubmitAction } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import type { Log } from '#src/core/log.ts';
import { COMMAND_FIELD, TYPED_CALLBACK, typedInModal } from './command-modal.ts';
import { FormReply } from './form-reply.ts';
import type { Greeter } from './greeter.ts';
import type { Hearing } from './hearing.ts';
import type { Interactions } from './interactions.ts';
import type { SlackMessageEvent } from './message-events.ts';
import { errorsOf, FORM_CALLBACK } from './modal.ts';
import { shortcutsFor } from './shortcuts.ts';
import type { StageTools } from './slack-stage.ts';
import type { SlackTeam } from './slack-team.ts';
import type { SlackTeams } from './slack-teams.ts';
import { readSlackText } from './typed-command.ts';

/** Deliveries kept in mind: Slack repeats one that it saw no acknowledgement of, for some minutes. */
const MAX_EVENTS = 10_000;
const NOWHERE = 'Nothing says where this is to run. Close it, and open it again in the channel.';

export interface ListenerParts {
  readonly teams: SlackTeams;
  readonly tools: StageTools;
  readonly hearing: Hearing;
  readonly interactions: Interactions;
  readonly greeter: Greeter;
  readonly log: Log;
}

/** Joins Bolt's events to what takes them in. Each is acknowledged first; everything else
 * happens afterwards, save that a form hears whether it does. */
export function listen(app: App, parts: ListenerParts): void {
  const { teams, tools, hearing, interactions, greeter, log } = parts;
  const delivered = new LRUCache<string, true>({ max: MAX_EVENTS });

  /** Works in the background: nobody at Slack waits for it, and a failure is in the log. */
  const work = (
    doing: string,
    context: { teamId?: string },
    userId: string | undefined,
    task: (team: SlackTeam) => Promise<void>,
  ) => {
    const run = async () => {
      const team = await teams.byId(context.teamId ?? '');
      if (team === undefined) return;
      if (userId !== undefined) teams.met(userId, team);
      await task(team);
    };
    run().catch((error: unknown) => log.error('Slack was not answered', { doing }, error));
  };
  const isRepeated = (body: { readonly event_id?: string }) => {
    const { event_id: id } = body;
    if (id === undefined || !delivered.has(id)) {
      if (id !== undefined) delivered.set(id, true);
      return false;
    }
    return true;
  };

  for (const name of ['message', 'app_mention'] as const) {
    app.event(name, async ({ event, body, context }) => {
      // Bolt's types tell the kinds of messages apart, and leave out what is missing in any.
      const message: SlackMessageEvent = { ...event } as SlackMessageEvent;
      if (isRepeated(body)) return;
      work('hearing a message', context, message.user, (team) => hearing.takeIn(team, message));
    });
  }
  app.event('app_home_opened', async ({ event, body, context }) => {
    const { tab, channel, user } = event;
    if (tab !== 'messages' || isRepeated(body)) return;
    work('greeting somebody', context, user, (team) => greeter.greet(team, channel, user));
  });
  const forget = (teamId: string | undefined) => {
    teams
      .remove(teamId ?? '')
      .catch((error: unknown) => log.error('A Slack workspace was not forgotten', { teamId }, error));
  };
  app.event('app_uninstalled', async ({ context }) => forget(context.teamId));
  app.event('tokens_revoked', async ({ event, context }) => {
    if ((event.tokens.bot ?? []).length > 0) forget(context.teamId);
  });

  app.command(/.*/u, async ({ ack, command, context }) => {
    await ack();
    const { command: name, text, trigger_id: triggerId, user_id: userId, channel_id: channel } = command;
    const slash = { command: name, text, triggerId, userId, channel, threadTs: undefined };
    work('a slash command', context, userId, (team) =>
      interactions.slash(team, { ...slash, responseUrl: command.response_url }),
    );
  });

  app.action<BlockAction<ButtonAction>>({ type: 'block_actions' }, async ({ ack, action, body, context }) => {
    await ack();
    if (action.type !== 'button') return;
    work('a button', context, body.user.id, (team) => interactions.press(team, pressOf(body, action)));
  });

  app.view<ViewSubmitAction>(FORM_CALLBACK, async ({ ack, body, view, context }) => {
    const { values } = view.state;
    const sent = { userId: body.user.id, viewId: view.id, metadata: view.private_metadata, values };
    const reply = new FormReply();
    work('a form', context, sent.userId, (team) => interactions.submit(team, sent, reply));
    const refusal = await reply.refusal;
    if (refusal === undefined) await ack();
    else await ack({ response_action: 'errors', errors: errorsOf(refusal, values) });
  });
  app.view<ViewSubmitAction>(TYPED_CALLBACK, async ({ ack, body, view, context }) => {
    const sent = typedInModal(view.private_metadata, view.state.values);
    const wrong = (why: string) => ack({ response_action: 'errors', errors: { [COMMAND_FIELD]: why } });
    if (sent === undefined) return wrong(NOWHERE);
    const typed = readSlackText(sent.text, tools.front.commands, { person: () => undefined });
    if ('refusal' in typed) return wrong(typed.refusal);
    await ack();
    const { trigger_id: triggerId, user } = body;
    const from = { userId: user.id, viewId: view.id, triggerId };
    work('a typed command', context, user.id, (team) =>
      interactions.submitTyped(team, { ...sent, ...from, typed }),
    );
  });

  const shortcuts = new Map(shortcutsFor(tools.front.commands).map((each) => [each.callbackId, each]));
  app.shortcut(/.*/u, async ({ ack, body, context }) => {
    await ack();
    const { trigger_id: triggerId, user } = body;
    // A manifest of another version may have shortcuts that nobody here knows.
    const does = shortcuts.get(body.callback_id)?.does;
    const chosen = body.type === 'message_action' ? chosenOf(body) : undefined;
    work('a shortcut', context, user.id, (team) =>
      chosen === undefined
        ? interactions.globalShortcut(team, does, { userId: user.id, triggerId })
        : interactions.shortcut(team, does, chosen),
    );
  });
}

function pressOf(body: BlockAction<ButtonAction>, action: ButtonAction) {
  const container = body.container as { readonly [key: string]: unknown };
  const text = (key: string) => {
    const value = container[key];
    return typeof value === 'string' ? value : undefined;
  };
  const messageTs = body.message?.ts ?? text('message_ts');
  const threadTs: unknown = body.message?.thread_ts ?? text('thread_ts');
  return {
    channel: body.channel?.id ?? text('channel_id') ?? '',
    userId: body.user.id,
    // The first message of a thread is of the channel.
    threadTs: typeof threadTs === 'string' && threadTs !== messageTs ? threadTs : undefined,
    responseUrl: body.response_url,
    code: action.value ?? '',
    triggerId: body.trigger_id,
    callId: `press-${action.action_ts}-${body.trigger_id}`,
    messageTs,
    isEphemeral: container.is_ephemeral === true,
  };
}

function chosenOf(body: MessageShortcut) {
  const { message, channel } = body;
  const threadTs: unknown = message.thread_ts;
  return {
    channel: channel.id,
    userId: body.user.id,
    threadTs: typeof threadTs === 'string' && threadTs !== message.ts ? threadTs : undefined,
    responseUrl: body.response_url,
    message: { ...message, channel: channel.id } satisfies SlackMessageEvent,
    triggerId: body.trigger_id,
    callId: `shortcut-${body.trigger_id}`,
  };
}
