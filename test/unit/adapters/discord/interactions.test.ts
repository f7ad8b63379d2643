import { type APIInteraction, ComponentType, InteractionType } from 'discord.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { COMMANDS } from '#commands/index.ts';
import { ActionCodes } from '#src/adapters/discord/action-codes.ts';
import { Directory } from '#src/adapters/discord/directory.ts';
import { Interactions } from '#src/adapters/discord/interactions.ts';
import { NpcWebhooks } from '#src/adapters/discord/webhooks.ts';
import { decodeAction, type PressedAction } from '#src/chat/action-code.ts';
import { EditPacer } from '#src/chat/edit-pacer.ts';
import { systemClock } from '#src/core/clock.ts';
import type { Front, IncomingCall } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import { notice } from '#src/core/view.ts';
import { CHANNEL, GUILD, PLAYER, US } from './guild.ts';
import { record } from './recorder.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const EPHEMERAL = 64;
const CALLBACK = 'POST /interactions/900/TOKEN/callback';

async function begin(own: Partial<Front> = {}) {
  const server = await record();
  const { api } = server;
  await api.identify();
  const calls: IncomingCall[] = [];
  const shelf: PressedAction[] = [];
  const front: Front = {
    commands: COMMANDS,
    allowed: async () => COMMANDS,
    join: async () => {},
    hear: async () => {},
    revise: async () => {},
    retract: async () => {},
    run: async (call) => void calls.push(call),
    whyNotAs: async () => undefined,
    complete: async () => [],
    form: async ({ command, options }) => ({ title: command, command, options, fields: [] }),
    shelve: async (_, action) => String(shelf.push(action)),
    unshelve: async () => undefined,
    greet: async () => {},
    ...own,
  };
  const pacer = new EditPacer({ clock: systemClock, limits: [] });
  const interactions = new Interactions({
    front,
    parts: {
      api,
      pacer,
      webhooks: new NpcWebhooks(api, pacer, silent),
      codes: new ActionCodes(front, silent),
      avatarOf: () => undefined,
      clock: systemClock,
      log: silent,
      once: () => Promise.resolve(),
    },
    directory: new Directory(() => undefined, api),
    log: silent,
    userId: US,
    readsAll: () => true,
    busyWith: () => undefined,
  });
  return { server, interactions, calls, shelf, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** What Discord sends of an interaction in the tavern, as far as it is read. */
function interaction(own: object): APIInteraction {
  return {
    id: '900',
    token: 'TOKEN',
    guild_id: GUILD,
    channel: { id: CHANNEL, type: 0 },
    member: { user: { id: PLAYER, username: 'Bob' }, roles: [], permissions: '0' },
    ...own,
  } as unknown as APIInteraction;
}
const option = (name: string, value: unknown) => ({ name, type: typeof value === 'boolean' ? 5 : 3, value });
const slash = (name: string, ...options: readonly object[]) =>
  interaction({ type: InteractionType.ApplicationCommand, data: { type: 1, name, options } });
const submitted = (code: string, typed: Readonly<Record<string, string>>) =>
  interaction({
    type: InteractionType.ModalSubmit,
    data: {
      custom_id: code,
      components: Object.entries(typed).map(([custom_id, value]) => ({
        type: ComponentType.Label,
        component: { type: ComponentType.TextInput, custom_id, value },
      })),
    },
  });

describe('a command', () => {
  it.each([
    [true, { type: 5, data: { flags: EPHEMERAL } }],
    [false, { type: 5 }],
  ])(
    'with a flag that makes it private (%s) is announced to those who may see the answer',
    async (secret, body) => {
      await using begun = await begin();
      await begun.interactions.take(slash('roll', option('secret', secret)));
      expect(begun.server.journal[0]).toEqual({ request: CALLBACK, query: '', body });
      expect(begun.calls).toMatchObject([{ command: 'roll', options: { secret: String(secret) } }]);
    },
  );

  it('that somebody may not run is refused to them alone, and nobody sees that it was tried', async () => {
    await using begun = await begin({ form: async () => ({ refusal: notice('refusal', 'Not you.') }) });
    const talk = { type: 1, name: 'talk', options: [option('npc', 'Kettle')] };
    await begun.interactions.take(slash('npc', talk));
    expect(begun.server.journal).toMatchObject([
      { request: CALLBACK, body: { type: 4, data: { flags: EPHEMERAL | (1 << 15) } } },
    ]);
    expect(JSON.stringify(begun.server.journal)).toContain('Not you.');
    expect(begun.calls).toEqual([]);
  });
});

describe('a form', () => {
  const edit = '1a|npc edit|||npc=Kettle|field=goals';

  it('that is refused can be opened again with all that was typed', async () => {
    await using begun = await begin({
      run: (_, stage) => stage.tell(notice('refusal', 'Too long.'), 'asker'),
    });
    await begun.interactions.take(submitted(edit, { value: 'a goal', hint: '' }));
    const codes = [...JSON.stringify(begun.server.journal).matchAll(/"custom_id":"([^"]+)"/gu)];
    expect(codes.map(([, code = '']) => decodeAction(code))).toEqual([
      {
        kind: 'action',
        action: {
          command: 'npc edit',
          options: { npc: 'Kettle', field: 'goals', value: 'a goal' },
          asks: ['value', 'hint'],
        },
      },
    ]);
  });

  it('keeps what is too long for a button inside', async () => {
    await using begun = await begin({
      run: (_, stage) => stage.tell(notice('refusal', 'Too long.'), 'asker'),
    });
    const value = 'a goal of many words '.repeat(50).trim();
    await begun.interactions.take(submitted(edit, { value }));
    expect(begun.shelf).toMatchObject([
      { options: { npc: 'Kettle', field: 'goals', value }, asks: ['value'] },
    ]);
  });

  it('that did what it should offers nothing of the kind', async () => {
    await using begun = await begin({
      run: (_, stage) => stage.tell(notice('good', 'Changed.'), 'asker'),
    });
    await begun.interactions.take(submitted(edit, { value: 'a goal' }));
    expect(JSON.stringify(begun.server.journal)).not.toContain('custom_id');
  });
});

describe('a button', () => {
  const pressed = (code: string) =>
    interaction({
      type: InteractionType.MessageComponent,
      message: { flags: 0 },
      data: { component_type: ComponentType.Button, custom_id: code },
    });
  const asking = { label: 'Edit', command: 'npc edit', options: {}, asks: ['value'] };
  const never = () => new Promise<never>(() => {});
  const shown = (begun: Awaited<ReturnType<typeof begin>>) => JSON.stringify(begun.server.journal);

  it('whose action cannot be looked up is answered all the same', async () => {
    await using begun = await begin({ unshelve: () => Promise.reject(new Error('database is locked')) });
    await begun.interactions.take(pressed('1s|abc'));
    expect(begun.server.requests).toEqual([CALLBACK]);
    expect(shown(begun)).toContain('That did not work');
  });

  it('whose action and form take long together is answered in the time for both', async () => {
    await using begun = await begin({
      unshelve: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return asking;
      },
      form: never,
    });
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timers.mockRestore());
    await begun.interactions.take(pressed('1s|abc'));
    // The form has only what is left of them.
    expect(timers.mock.calls.filter(([, delayInMs]) => delayInMs === 1500)).toHaveLength(1);
    expect(shown(begun)).toContain('did not come in time');
  });

  it('whose look-up fails after it was announced leaves nobody waiting', async () => {
    const finding = Promise.withResolvers<undefined>();
    await using begun = await begin({ unshelve: () => finding.promise });
    const taking = begun.interactions.take(pressed('1s|abc'));
    await vi.waitFor(() => expect(begun.server.requests).toEqual([CALLBACK]), { timeout: 5000 });
    finding.reject(new Error('database is locked'));
    await taking;
    expect(shown(begun)).toContain('That did not work');
  });

  it('that asks for what there is not any more is an unknown one', async () => {
    await using begun = await begin({ unshelve: async () => asking });
    await begun.interactions.take(pressed('1s|abc'));
    expect(shown(begun)).toContain('does nothing any more');
  });

  it('that Discord delivers twice is pressed once', async () => {
    await using begun = await begin({
      unshelve: async () => ({ label: 'Keep', command: 'npc keep', options: {} }),
    });
    await begun.interactions.take(pressed('1s|abc'));
    const { length } = begun.server.requests;
    await begun.interactions.take(pressed('1s|abc'));
    expect(begun.server.requests).toHaveLength(length);
  });
});
