import { App, webApi } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { type SlackServer, startSlackServer } from '../../support/slack/slack-server.ts';

/** The stand-in judges everything else here: so it is shown first that it refuses what Slack refuses. */
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options: Parameters<typeof startSlackServer>[0] = {}) {
  const slack = await startSlackServer(options);
  closing.push(() => slack.close());
  slack.settings.latencyInMs = 0;
  const team = slack.openTeam('Salt Docks');
  const mira = slack.person(team, 'Mira');
  const tom = slack.person(team, 'Tom');
  const tavern = slack.channel(team, 'tavern', { members: [mira, tom] });
  const client = new webApi.WebClient(team.token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  });
  /** Slack's word for what came of it. */
  const outcome = async (method: string, args: Record<string, unknown>): Promise<string> => {
    try {
      await client.apiCall(method, args);
      return 'ok';
    } catch (error) {
      if (error instanceof webApi.WebAPIPlatformError) return error.data.error;
      if (error instanceof webApi.WebAPIRateLimitedError) return `wait ${error.retryAfter}`;
      throw error;
    }
  };
  const post = (message: Record<string, unknown>) =>
    outcome('chat.postMessage', { channel: tavern.id, text: 'x', ...message });
  return { slack, team, mira, tom, tavern, client, outcome, post };
}

const SILENT = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => 'error' as const,
  setName() {},
} as unknown as NonNullable<webApi.WebClientOptions['logger']>;

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (label: string, more: object = {}) => ({ type: 'button', text: plain(label), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const long = (length: number) => 'x'.repeat(length);

describe('what Slack refuses of blocks', () => {
  const FINE: Readonly<Record<string, readonly object[]>> = {
    'a section of 3,000': [section(long(3000))],
    'a header of 150': [{ type: 'header', text: plain(long(150)) }],
    '25 buttons': [actions(...Array.from({ length: 25 }, (_, index) => button(`b${index}`)))],
    '50 blocks': Array.from({ length: 50 }, () => ({ type: 'divider' })),
    '13,200 characters': [...Array.from({ length: 4 }, () => section(long(3000))), section(long(1200))],
    'an emoji button': [actions(button('x', { value: long(2000), action_id: long(255), style: 'danger' }))],
  };
  const REFUSED: Readonly<Record<string, readonly [string, readonly object[]]>> = {
    'a section of 3,001': ['invalid_blocks', [section(long(3001))]],
    'a section without text': ['invalid_blocks', [{ type: 'section' }]],
    'an empty text': ['invalid_blocks', [section('')]],
    'a header in mrkdwn': ['invalid_blocks', [{ type: 'header', text: mrkdwn('x') }]],
    'a header of 151': ['invalid_blocks', [{ type: 'header', text: plain(long(151)) }]],
    'eleven elements in a context': [
      'invalid_blocks',
      [{ type: 'context', elements: Array.from({ length: 11 }, () => mrkdwn('x')) }],
    ],
    '26 buttons': [
      'invalid_blocks',
      [actions(...Array.from({ length: 26 }, (_, index) => button(`b${index}`)))],
    ],
    'no buttons': ['invalid_blocks', [actions()]],
    'a label of 76': ['invalid_blocks', [actions(button(long(76)))]],
    'a value of 2,001': ['invalid_blocks', [actions(button('x', { value: long(2001) }))]],
    'an action_id of 256': ['invalid_blocks', [actions(button('x', { action_id: long(256) }))]],
    'one action_id twice': [
      'invalid_blocks',
      [actions(button('x', { action_id: 'a' }), button('y', { action_id: 'a' }))],
    ],
    'one block_id twice': [
      'invalid_blocks',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
    ],
    'an unknown block': ['invalid_blocks', [{ type: 'wheel' }]],
    'an unknown element': ['invalid_blocks', [actions({ type: 'wheel' })]],
    'an unknown property': ['invalid_blocks', [{ ...section('x'), colour: 'red' }]],
    'eleven fields': [
      'invalid_blocks',
      [{ type: 'section', fields: Array.from({ length: 11 }, () => mrkdwn('x')) }],
    ],
    'an option too many': [
      'invalid_blocks',
      [
        actions({
          type: 'overflow',
          options: Array.from({ length: 6 }, (_, index) => ({ text: plain('x'), value: `${index}` })),
        }),
      ],
    ],
    '51 blocks': ['invalid_blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    '13,201 characters': [
      'msg_blocks_too_long',
      [...Array.from({ length: 4 }, () => section(long(3000))), section(long(1201))],
    ],
  };

  it('takes what is within the limits', async () => {
    const { slack, outcome, tavern } = await open();
    for (const [what, blocks] of Object.entries(FINE)) {
      slack.clock.advance(5000);
      expect([what, await outcome('chat.postMessage', { channel: tavern.id, text: 'x', blocks })]).toEqual([
        what,
        'ok',
      ]);
    }
    expect(slack.journal.violations).toEqual([]);
  });

  it('refuses what is beyond them, and notes it', async () => {
    const { slack, post } = await open();
    for (const [what, [error, blocks]] of Object.entries(REFUSED)) {
      slack.clock.advance(5000);
      expect([what, await post({ blocks })]).toEqual([what, error]);
    }
    expect(slack.journal.violations).toHaveLength(Object.keys(REFUSED).length);
  });

  it('refuses modals that are too long, and one without a submit button', async () => {
    const { slack, mira, tavern, outcome } = await open();
    const input = { type: 'input', label: plain('Name'), element: { type: 'plain_text_input' } };
    const modal = { type: 'modal', title: plain('A form'), submit: plain('Go'), blocks: [input] };
    const asking = (more: object) => ({
      ...modal,
      blocks: [{ ...input, element: { type: 'file_input', ...more } }],
    });
    const views: readonly (readonly [object, string])[] = [
      [modal, 'ok'],
      [{ ...modal, title: plain(long(25)) }, 'invalid_arguments'],
      [{ ...modal, private_metadata: long(3001) }, 'invalid_arguments'],
      [{ type: 'modal', title: plain('A form'), blocks: [input] }, 'invalid_arguments'],
      [{ ...modal, blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) }, 'invalid_arguments'],
      [asking({ filetypes: ['md'], max_files: 10 }), 'ok'],
      [asking({ max_files: 11 }), 'invalid_arguments'],
      [asking({ max_files: 0 }), 'invalid_arguments'],
      [asking({ filetypes: [] }), 'invalid_arguments'],
      [asking({ initial_value: 'F1' }), 'invalid_arguments'],
    ];
    for (const [view, expected] of views) {
      const trigger = await triggerOf(slack, () => mira.slash(tavern, '/npc'));
      expect(await outcome('views.open', { trigger_id: trigger, view })).toBe(expected);
    }
  });
});

describe('files', () => {
  const fileInput = { type: 'file_input', filetypes: ['md'], max_files: 1 };
  const modal = {
    type: 'modal',
    title: plain('A form'),
    submit: plain('Go'),
    blocks: [{ type: 'input', label: plain('File'), element: fileInput }],
  };

  it('are asked for in modals alone, and with the scope', async () => {
    const { slack, team, mira, tavern, outcome, post } = await open();
    expect(await post({ blocks: modal.blocks })).toBe('invalid_blocks');
    team.scopes.delete('files:read');
    const trigger = await triggerOf(slack, () => mira.slash(tavern, '/npc'));
    expect(await outcome('views.open', { trigger_id: trigger, view: modal })).toBe('missing_scope');
  });

  it('are told of where the app is, or where they came to it', async () => {
    const { slack, team, mira, tavern, outcome } = await open();
    const info = (file: string) => outcome('files.info', { file });
    const file = mira.uploads({ name: 'a.md', bytes: '# A' });
    expect([await info(file.id), await info('F0NONE')]).toEqual(['file_not_found', 'file_not_found']);
    mira.says(tavern, 'Here', { files: [file] });
    expect(await info(file.id)).toBe('ok');
    file.isDeleted = true;
    expect(await info(file.id)).toBe('file_deleted');

    const given = mira.uploads({ name: 'b.md', bytes: '# B' });
    const trigger = await triggerOf(slack, () => mira.slash(tavern, '/npc'));
    await outcome('views.open', { trigger_id: trigger, view: modal });
    const view = mira.modal;
    if (view === undefined) throw new Error('no form');
    const other = mira.uploads({ name: 'b.exe', bytes: '' });
    await expect(mira.submits(view, { File: [other.id] })).rejects.toThrow('takes no .exe');
    await expect(mira.submits(view, { File: [given.id, given.id] })).rejects.toThrow('takes 1');
    await expect(mira.submits(view, { File: [] })).rejects.toThrow('is empty');
    await mira.submits(view, { File: [given.id] });
    expect(await info(given.id)).toBe('ok');
    team.scopes.delete('files:read');
    expect(await info(given.id)).toBe('missing_scope');
  });

  it('are handed out to the right token alone; all others are led to the login', async () => {
    const { slack, team, mira, tavern, client } = await open();
    const file = mira.uploads({ name: 'a.md', bytes: '# A' });
    mira.says(tavern, 'Here', { files: [file] });
    const { file: told } = await client.files.info({ file: file.id });
    const fetched = async (token: string | undefined, redirect: 'follow' | 'manual') => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const response = await fetch(told?.url_private_download ?? '', { headers, redirect });
      return [response.status, await response.text()];
    };
    expect(await fetched(team.token, 'manual')).toEqual([200, '# A']);
    const others = slack.openTeam('Elsewhere').token;
    for (const token of [undefined, 'xoxb-wrong', others])
      expect((await fetched(token, 'manual'))[0]).toBe(302);
    expect(slack.journal.violations).toEqual([]);
    expect((await fetched(others, 'follow'))[1]).toContain('Sign in');
    expect(slack.journal.violations).toMatchObject([{ kind: 'token' }]);
  });
});

/** Takes the trigger out of what is sent to nobody. */
async function triggerOf(slack: SlackServer, act: () => Promise<unknown>): Promise<string> {
  let trigger = '';
  const interact = slack.deliveries.interact.bind(slack.deliveries);
  slack.deliveries.interact = async (_type, payload) => {
    trigger = String(payload.trigger_id);
    return { answer: undefined, tookInMs: 0 };
  };
  await act();
  slack.deliveries.interact = interact;
  return trigger;
}

describe('what Slack refuses of messages', () => {
  it('knows the errors of channels, tokens and scopes', async () => {
    const { slack, team, mira, tavern, outcome, post } = await open();
    const vault = slack.channel(team, 'vault', { members: [mira], kind: 'private', withoutBot: true });
    const attic = slack.channel(team, 'attic', { members: [mira], withoutBot: true });
    expect(await post({ channel: 'C0NOWHERE' })).toBe('channel_not_found');
    expect(await post({ channel: vault.id })).toBe('channel_not_found');
    expect(await post({ channel: attic.id })).toBe('not_in_channel');
    expect(await post({ text: '' })).toBe('no_text');
    expect(await post({ thread_ts: '1.000001' })).toBe('thread_not_found');
    expect(await outcome('chat.update', { channel: tavern.id, ts: '1.000001', text: 'x' })).toBe(
      'message_not_found',
    );
    const said = mira.says(tavern, 'mine');
    expect(await outcome('chat.update', { channel: tavern.id, ts: said.ts, text: 'x' })).toBe(
      'cant_update_message',
    );
    tavern.isArchived = true;
    expect(await post({})).toBe('is_archived');
    tavern.isArchived = false;
    team.scopes.delete('chat:write.customize');
    expect(await post({ username: 'Hroon' })).toBe('missing_scope');
    team.tokenFault = 'token_revoked';
    expect(await post({})).toBe('token_revoked');
  });

  it('refuses edits over 4,000 characters, and notes a new message that it would split', async () => {
    const { slack, client, tavern, outcome } = await open();
    const { ts } = await client.chat.postMessage({ channel: tavern.id, text: long(4001) });
    expect(slack.journal.violations).toMatchObject([{ kind: 'limit' }]);
    expect(await outcome('chat.update', { channel: tavern.id, ts, text: long(4001) })).toBe('msg_too_long');
    expect(await outcome('chat.update', { channel: tavern.id, ts, text: long(4000) })).toBe('ok');
  });

  it('keeps the blocks of an edit that names none', async () => {
    const { client, tavern, mira } = await open();
    const blocks = [section('first'), actions(button('Stop'))];
    const { ts = '' } = await client.chat.postMessage({ channel: tavern.id, text: 'x', blocks });
    await client.chat.update({ channel: tavern.id, ts, text: 'second' });
    expect(mira.sees(tavern)[0]).toMatchObject({ text: 'first', buttons: ['Stop'] });
    await client.chat.update({ channel: tavern.id, ts, text: 'second', blocks: [] });
    expect(mira.sees(tavern)[0]).toMatchObject({ text: 'second', buttons: [] });
  });

  it('limits posts in a channel and edits in a workspace, and says how long to wait', async () => {
    const { slack, client, tavern, outcome, post } = await open();
    for (let index = 0; index < 5; index += 1) expect(await post({})).toBe('ok');
    expect(await post({})).toBe('wait 1');
    slack.clock.advance(1000);
    expect(await post({})).toBe('ok');
    slack.clock.advance(1000);
    const { ts } = await client.chat.postMessage({ channel: tavern.id, text: 'x' });
    const edit = () => outcome('chat.update', { channel: tavern.id, ts, text: 'y' });
    for (let index = 0; index < 50; index += 1) expect(await edit()).toBe('ok');
    expect(await edit()).toMatch(/^wait (59|60)$/);
    slack.clock.advance(60_000);
    expect(await edit()).toBe('ok');
    expect(slack.journal.violations.map(({ kind }) => kind)).toEqual(['rate', 'rate']);
  });

  it('notes two edits of one message under way at once', async () => {
    const { slack, client, tavern, outcome } = await open();
    const { ts } = await client.chat.postMessage({ channel: tavern.id, text: 'x' });
    slack.settings.latencyInMs = 30;
    const edit = (text: string) => outcome('chat.update', { channel: tavern.id, ts, text });
    await Promise.all([edit('one'), edit('two')]);
    expect(slack.journal.violations).toMatchObject([{ kind: 'overlap' }]);
  });

  it('hears every way to call somebody', async () => {
    const { slack, mira, post } = await open();
    const calls = [
      { text: '<!channel>' },
      { text: `hear, ${mira.mention}` },
      { text: '<!subteam^S012|@all>' },
      {
        text: 'x',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '<!here|here>', verbatim: true } }],
      },
      { text: 'x', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'hey @channel' } }] },
      { text: '@mira', link_names: true },
      { text: '@everyone', parse: 'full' },
      {
        text: 'x',
        blocks: [
          {
            type: 'rich_text',
            elements: [{ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'here' }] }],
          },
        ],
      },
    ];
    for (const call of calls) {
      slack.clock.advance(5000);
      slack.journal.forget();
      await post(call);
      expect([call, slack.journal.pings.length]).toEqual([call, 1]);
    }
    slack.journal.forget();
    await post({ text: '&lt;!channel&gt; @mira &lt;@U1&gt;', blocks: [section('@here &lt;!here&gt;')] });
    expect(slack.journal.pings).toEqual([]);
  });
});

describe('streams', () => {
  it('wants a recipient in channels, ends after five minutes, and can be stopped or switched off', async () => {
    const { slack, mira, tavern, client, outcome } = await open();
    const root = mira.says(tavern, 'speak').ts;
    const start = { channel: tavern.id, thread_ts: root, markdown_text: 'Aye' };
    const recipient = { recipient_user_id: mira.id, recipient_team_id: mira.member.team.id };
    expect(await outcome('chat.startStream', start)).toBe('missing_recipient_user_id');
    const { ts } = await client.chat.startStream({ ...start, ...recipient });
    const more = { channel: tavern.id, ts, markdown_text: ', well' };
    expect(await outcome('chat.appendStream', more)).toBe('ok');
    expect(mira.sees(tavern).at(-1)).toMatchObject({ text: 'Aye, well', isStreaming: true });
    slack.clock.advance(5 * 60_000);
    expect(await outcome('chat.appendStream', more)).toBe('message_not_in_streaming_state');
    const second = await client.chat.startStream({ ...start, ...recipient });
    const seen = mira.sees(tavern).at(-1);
    if (seen !== undefined) mira.stopsStream(seen.message);
    expect(await outcome('chat.appendStream', { ...more, ts: second.ts })).toBe('stopped_by_user');
    slack.settings.streaming = 'off';
    expect(await outcome('chat.startStream', { ...start, ...recipient })).toBe('unknown_method');
  });
});

describe('deliveries', () => {
  it('sends events that nobody acknowledges again at once, after a minute and after five', async () => {
    const { slack, mira, tavern } = await open();
    await mira.says(tavern, 'anybody?').delivered;
    const attempts = () => slack.journal.acks.map(({ attempt }) => attempt);
    await slack.until(() => attempts().length === 2, 'a second try');
    slack.clock.advance(60_000);
    await slack.until(() => attempts().length === 3, 'a third try');
    slack.clock.advance(5 * 60_000);
    await slack.until(() => attempts().length === 4, 'a last try');
    slack.clock.advance(60 * 60_000);
    expect(attempts()).toEqual([0, 1, 2, 3]);
  });

  it('shows what is said for one person to nobody else, and takes a response_url five times', async () => {
    const { slack, mira, tom, tavern, client } = await open();
    await client.chat.postEphemeral({ channel: tavern.id, user: mira.id, text: 'only you' });
    expect(mira.sees(tavern).map(({ text }) => text)).toEqual(['only you']);
    expect([tom.sees(tavern), tom.everSaw]).toEqual([[], '']);
    let url = '';
    const interact = slack.deliveries.interact.bind(slack.deliveries);
    slack.deliveries.interact = async (type, payload) => {
      url = String(payload.response_url);
      return await interact(type, payload);
    };
    await mira.slash(tavern, '/npc', 'list');
    const answer = () => fetch(url, { method: 'POST', body: JSON.stringify({ text: 'here' }) });
    const statuses = [];
    for (let index = 0; index < 6; index += 1) statuses.push((await answer()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.journal.violations).toMatchObject([{ kind: 'response-url' }]);
  });

  it('takes a trigger once, within three seconds', async () => {
    const { slack, mira, tavern, outcome } = await open();
    const view = { type: 'modal', title: plain('A form'), blocks: [] };
    const fresh = () => triggerOf(slack, () => mira.slash(tavern, '/npc'));
    const used = await fresh();
    expect(await outcome('views.open', { trigger_id: used, view })).toBe('ok');
    expect(await outcome('views.open', { trigger_id: used, view })).toBe('exchanged_trigger_id');
    const old = await fresh();
    slack.clock.advance(3001);
    expect(await outcome('views.open', { trigger_id: old, view })).toBe('expired_trigger_id');
  });

  it('speaks Socket Mode with a real Bolt app, and refuses commands inside threads', async () => {
    const { slack, team, mira, tavern } = await open();
    const app = new App({
      socketMode: true,
      appToken: slack.app.appToken,
      token: team.token,
      clientOptions: { slackApiUrl: slack.apiUrl },
      logger: SILENT,
    });
    const heard: string[] = [];
    app.event('app_mention', async ({ event }) => {
      heard.push(`mention ${event.text}`);
    });
    app.event('message', async ({ event }) => {
      if ('text' in event) heard.push(`message ${event.text}`);
    });
    app.command('/npc', async ({ ack, command }) => {
      heard.push(`command ${command.text}`);
      await ack();
    });
    await app.start();
    closing.push(() => app.stop());
    const said = mira.says(tavern, `<@${team.bot.id}> a < b`);
    const deliveries = await said.delivered;
    expect(deliveries.map(({ answer }) => answer?.isOk)).toEqual([true, true]);
    await mira.slash(tavern, '/npc', 'list');
    expect(heard.toSorted()).toEqual([
      'command list',
      `mention <@${team.bot.id}> a &lt; b`,
      `message <@${team.bot.id}> a &lt; b`,
    ]);
    await expect(mira.slash(tavern, '/npc', 'list', { thread: said.ts })).rejects.toThrow(
      /not supported in threads/,
    );
  });
});

describe('several sockets, and OAuth', () => {
  it('gives each envelope to one socket, in turn, and what a socket leaves unanswered to the next', async () => {
    const { slack, team, mira, tavern } = await open();
    const heard: string[] = [];
    for (const name of ['first', 'second']) {
      const app = new App({
        socketMode: true,
        appToken: slack.app.appToken,
        token: team.token,
        clientOptions: { slackApiUrl: slack.apiUrl },
        logger: SILENT,
      });
      app.event('message', async () => {
        heard.push(name);
      });
      await app.start();
      closing.push(() => app.stop());
    }
    expect(slack.sockets.openCount).toBe(2);
    for (let index = 0; index < 4; index += 1) await mira.says(tavern, `Number ${index}.`).delivered;
    expect(heard).toEqual(['first', 'second', 'first', 'second']);
    expect(slack.journal.acks.every(({ attempt }) => attempt === 0)).toBe(true);
  });

  it('gives a token for a code once, to whoever holds the secret, and only back to where it was asked for', async () => {
    const { slack, outcome } = await open();
    const shore = slack.openTeam('Other Shore', { isInstalled: false });
    const gale = slack.person(shore, 'Gale', { isAdmin: true });
    const redirect = 'https://dramatis.example/back';
    const asked = new URL('https://slack.example/oauth/v2/authorize');
    asked.searchParams.set('client_id', slack.app.clientId);
    asked.searchParams.set('scope', 'chat:write');
    asked.searchParams.set('redirect_uri', redirect);
    asked.searchParams.set('state', 'of the app');
    const grant = () => new URL(slack.authorize(asked.href, gale)).searchParams;
    expect(grant().get('state')).toBe('of the app');
    const exchange = (more: object) =>
      outcome('oauth.v2.access', {
        client_id: slack.app.clientId,
        client_secret: slack.app.clientSecret,
        code: grant().get('code'),
        redirect_uri: redirect,
        ...more,
      });
    expect(await exchange({ client_secret: 'guessed' })).toBe('bad_client_secret');
    expect(await exchange({ redirect_uri: 'https://elsewhere.example' })).toBe('bad_redirect_uri');
    expect(await exchange({ code: 'guessed' })).toBe('invalid_code');
    const code = grant().get('code');
    expect(await exchange({ code })).toBe('ok');
    expect(await exchange({ code })).toBe('invalid_code');
    asked.searchParams.set('scope', 'chat:write,admin.everything');
    expect(() => slack.authorize(asked.href, gale)).toThrow(/Invalid permissions/);
  });
});
