import { Client, GatewayIntentBits, Partials } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDiscordProcess } from '../../support/discord/discord-process.ts';
import { DiscordServer } from '../../support/discord/discord-server.ts';
import type { Person } from '../../support/discord/person.ts';
import type { ChannelRecord, GuildRecord } from '../../support/discord/records.ts';
import { specMissing } from '../../support/discord/spec-judge.ts';

let discord: DiscordServer;
let guild: GuildRecord;
let owner: Person;
let tavern: ChannelRecord;

beforeEach(async () => {
  discord = await DiscordServer.start();
  ({ guild, owner } = discord.guild());
  tavern = discord.channel(guild, 'tavern');
});
afterEach(() => discord.close());

const GUARDED = { allowed_mentions: { parse: [] } };

/** What the stand-in answers to one request with the bot's token. */
async function ask(method: string, path: string, body?: unknown, token = discord.token) {
  const response = await fetch(`${discord.apiUrl}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: { code?: number; id?: string; token?: string; retry_after?: number } =
    text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, ...answer };
}

const send = (body: object, channel = tavern) =>
  ask('POST', `/channels/${channel.id}/messages`, { ...GUARDED, ...body });
const button = (customId: string, label = 'Go') => ({ type: 2, style: 1, label, custom_id: customId });
const row = (...components: object[]) => ({ type: 1, components });
const V2 = 1 << 15;

describe('what it refuses of a message', () => {
  it.each<[string, object, number]>([
    ['2,001 characters', { content: 'x'.repeat(2001) }, 50035],
    ['nothing at all', { content: '   ' }, 50006],
    ['eleven embeds', { embeds: Array.from({ length: 11 }, () => ({ description: 'x' })) }, 50035],
    [
      'embeds of 6,001 characters',
      { embeds: [{ description: 'x'.repeat(3001) }, { description: 'x'.repeat(3000) }] },
      50035,
    ],
    [
      '41 components',
      { flags: V2, components: Array.from({ length: 41 }, () => ({ type: 10, content: 'x' })) },
      50035,
    ],
    [
      '4,001 characters in components',
      { flags: V2, components: [{ type: 10, content: 'x'.repeat(4001) }] },
      50035,
    ],
    [
      'components V2 with content',
      { flags: V2, content: 'x', components: [{ type: 10, content: 'x' }] },
      50035,
    ],
    ['text displays without components V2', { components: [{ type: 10, content: 'x' }] }, 50035],
    ['a custom_id of 101 characters', { content: 'x', components: [row(button('x'.repeat(101)))] }, 50035],
    ['one custom_id twice', { content: 'x', components: [row(button('a'), button('a'))] }, 50035],
    ['a label of 81 characters', { content: 'x', components: [row(button('a', 'x'.repeat(81)))] }, 50035],
    [
      'six buttons in a row',
      { content: 'x', components: [row(...'abcdef'.split('').map((id) => button(id)))] },
      50035,
    ],
    ['six rows', { content: 'x', components: 'abcdef'.split('').map((id) => row(button(id))) }, 50035],
    ['a reply to nothing', { content: 'x', message_reference: { message_id: '1573280847518236672' } }, 50035],
  ])('%s', async (_, body, code) => {
    expect(await send(body)).toMatchObject({ status: 400, code });
    expect(discord.findings.violations).toHaveLength(1);
    expect(discord.messages(tavern)).toEqual([]);
  });

  it('files of more than 10 MiB, and takes smaller ones', async () => {
    const upload = async (bytes: number) => {
      const form = new FormData();
      form.set('payload_json', JSON.stringify({ ...GUARDED, content: 'a map' }));
      form.set('files[0]', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'map.png');
      const headers = { authorization: `Bot ${discord.token}` };
      const path = `${discord.apiUrl}/v10/channels/${tavern.id}/messages`;
      return (await fetch(path, { method: 'POST', headers, body: form })).status;
    };
    expect(await upload(1000)).toBe(200);
    const { files } = discord.messages(tavern)[0] ?? {};
    expect(files).toMatchObject([{ name: 'map.png', type: 'image/png' }]);
    const url = `${discord.world.url}/attachments/${tavern.id}/${files?.[0]?.id}/map.png`;
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(1000);
    expect(await upload(10 * 1024 * 1024 + 1)).toBe(413);
  });

  it('takes what is just within the limits', async () => {
    expect(await send({ content: 'x'.repeat(2000) })).toMatchObject({ status: 200 });
    expect(
      await send({
        flags: V2,
        components: Array.from({ length: 40 }, () => ({ type: 10, content: 'x'.repeat(100) })),
      }),
    ).toMatchObject({ status: 200 });
    expect(discord.findings.violations).toEqual([]);
  });

  it.skipIf(specMissing)(
    `what the vendor's document has otherwise (${specMissing ?? 'judged'})`,
    async () => {
      await send({ content: 7 });
      await ask('GET', `/channels/${tavern.id}/messages?limit=many`);
      await ask('GET', `/channels/${tavern.id}/messages?around_here=1`);
      await ask('POST', '/channels/none/at/all');
      expect(discord.findings.violations.map(({ kind, why }) => [kind, why])).toEqual([
        ['spec', expect.stringContaining('/content')],
        ['spec', expect.stringContaining('limit')],
        ['spec', 'there is no query parameter "around_here"'],
        ['spec', 'there is no such route'],
      ]);
    },
  );
});

describe('what it answers where something is gone or not allowed', () => {
  it.each<[string, () => Promise<object>, number, number]>([
    ['an unknown channel', () => ask('GET', '/channels/1573280847518236672'), 404, 10003],
    [
      'an unknown message',
      () => ask('PATCH', `/channels/${tavern.id}/messages/1573280847518236672`, { content: 'x' }),
      404,
      10008,
    ],
    [
      'an unknown webhook',
      () => ask('POST', '/webhooks/1573280847518236672/abc', { content: 'x' }),
      404,
      10015,
    ],
    [
      'an unknown interaction',
      () => ask('POST', '/interactions/1573280847518236672/abc/callback', { type: 5 }),
      404,
      10062,
    ],
    [
      'a channel that it does not see',
      () => send({ content: 'x' }, discord.privateChannel(guild, 'gms', [], false)),
      403,
      50001,
    ],
    [
      "another one's message",
      () => ask('PATCH', `/channels/${tavern.id}/messages/${owner.says(tavern, 'hm').id}`, { content: 'x' }),
      403,
      50005,
    ],
    [
      'closed direct messages',
      () => {
        owner.user.isClosed = true;
        return send({ content: 'x' }, owner.directChannel);
      },
      403,
      50007,
    ],
    [
      'the members without their intent',
      () => ask('GET', `/guilds/${guild.id}/members?limit=10`),
      403,
      50001,
    ],
    ['a wrong token', () => ask('GET', '/users/@me', undefined, 'wrong'), 401, 0],
  ])('%s', async (_, request, status, code) => {
    expect(await request()).toMatchObject({ status, code });
  });

  it('a permission that the bot lacks', async () => {
    discord.setBotPermissions(guild, ['ViewChannel']);
    discord.overwrite(tavern, discord.world.bot, { deny: ['SendMessages'] });
    expect(await send({ content: 'x' })).toMatchObject({ status: 403, code: 50013 });
    expect(await ask('POST', `/channels/${tavern.id}/webhooks`, { name: 'NPC' })).toMatchObject({
      code: 50013,
    });
  });

  it('an answer to a message where it may not read what was said before', async () => {
    discord.overwrite(tavern, guild, { deny: ['ReadMessageHistory'] });
    const { id } = owner.says(tavern, 'hm');
    expect(await send({ content: 'x', message_reference: { message_id: id } })).toMatchObject({
      status: 400,
      code: 160002,
    });
  });

  it('a sixteenth webhook, and names that it does not take', async () => {
    for (const name of ['Clyde the Bold', 'discordant', ''])
      expect(await ask('POST', `/channels/${tavern.id}/webhooks`, { name })).toMatchObject({ code: 50035 });
    const { id: guildId } = guild;
    while (discord.webhooks(tavern).length < 15)
      discord.world.addWebhook({ channelId: tavern.id, guildId, name: 'x', applicationId: undefined });
    expect(await ask('POST', `/channels/${tavern.id}/webhooks`, { name: 'NPC' })).toMatchObject({
      code: 30007,
    });
  });
});

describe('webhooks', () => {
  it('are held by channels, voice channels and forums, not by threads, and 1000 by a guild', async () => {
    const held = (id: string) => ask('GET', `/channels/${id}/webhooks`);
    expect(await held(discord.thread(tavern, 'cellar').id)).toMatchObject({ code: 50024 });
    for (const type of [2, 13, 15, 16]) {
      const { id } = discord.world.addChannel({ name: 'other', guildId: guild.id, type });
      expect(await ask('POST', `/channels/${id}/webhooks`, { name: 'NPC' })).toMatchObject({
        channel_id: id,
      });
    }
    const elsewhere = discord.channel(guild, 'feeds');
    for (let index = discord.world.webhooks.size; index < 1000; index += 1) {
      const hook = { channelId: elsewhere.id, guildId: guild.id, name: 'x', applicationId: undefined };
      discord.world.addWebhook(hook);
    }
    expect(await ask('POST', `/channels/${tavern.id}/webhooks`, { name: 'NPC' })).toMatchObject({
      code: 30058,
    });
  });

  it('that are moved post in their new channel, and change nothing in an archived thread', async () => {
    const hook = await ask('POST', `/channels/${tavern.id}/webhooks`, { name: 'NPC' });
    const address = `/webhooks/${hook.id}/${hook.token}`;
    const body = { ...GUARDED, content: 'Well met.', username: 'Griselda' };
    const thread = discord.thread(tavern, 'cellar');
    const said = await ask('POST', `${address}?wait=true&thread_id=${thread.id}`, body);
    const state = thread.thread;
    if (state !== undefined) state.isArchived = true;
    const edited = { ...GUARDED, content: 'x' };
    expect(await ask('PATCH', `${address}/messages/${said.id}?thread_id=${thread.id}`, edited)).toMatchObject(
      { code: 50083 },
    );
    const elsewhere = discord.channel(guild, 'offtopic');
    discord.moveWebhooks(tavern, elsewhere);
    expect(await ask('POST', `${address}?wait=true`, body)).toMatchObject({ channel_id: elsewhere.id });
    expect(await ask('POST', `${address}?thread_id=${thread.id}`, body)).toMatchObject({ code: 10003 });
  });

  it('speak under a name of each message, also in a thread, and are edited and deleted', async () => {
    const hook = await ask('POST', `/channels/${tavern.id}/webhooks`, { name: 'NPC' });
    const address = `/webhooks/${hook.id}/${hook.token}`;
    const thread = discord.thread(tavern, 'cellar');
    const body = { ...GUARDED, content: 'Well met.', username: 'Griselda' };
    const said = await ask('POST', `${address}?wait=true&thread_id=${thread.id}`, body);
    expect(owner.sees(thread)).toMatchObject([{ author: 'Griselda', text: 'Well met.' }]);
    expect(await ask('PATCH', `${address}/messages/${said.id}`, { ...GUARDED, content: 'x' })).toMatchObject({
      code: 10008,
    });
    await ask('PATCH', `${address}/messages/${said.id}?thread_id=${thread.id}`, {
      ...GUARDED,
      content: 'Farewell.',
    });
    expect(owner.sees(thread)).toMatchObject([{ text: 'Farewell.' }]);
    expect(owner.hasSeen(thread)).toBe('Well met.\nFarewell.');
    expect(await ask('POST', address, { ...body, username: 'Clyde' })).toMatchObject({ code: 50035 });
    discord.deleteWebhooks(tavern);
    expect(await ask('POST', address, body)).toMatchObject({ status: 404, code: 10015 });
  });
});

describe('mentions', () => {
  it.each(['@everyone', '@here', '<@42>', '<@!42>', '<@&42>'])(
    '%s calls unless it is switched off',
    async (form) => {
      await ask('POST', `/channels/${tavern.id}/messages`, { content: `hear, ${form}` });
      await ask('POST', `/channels/${tavern.id}/messages`, {
        flags: V2,
        components: [{ type: 17, components: [{ type: 10, content: form }] }],
      });
      await send({ content: form });
      expect(discord.findings.pings.map(({ forms }) => forms)).toEqual([[form], [form]]);
      expect(discord.findings.unguarded).toHaveLength(2);
    },
  );

  it('an edit calls again, and a reply calls whom it answers', async () => {
    const said = await send({ content: 'hm' });
    await ask('PATCH', `/channels/${tavern.id}/messages/${said.id}`, { content: '@here' });
    const line = owner.says(tavern, 'hello');
    await ask('POST', `/channels/${tavern.id}/messages`, {
      content: 'hi',
      message_reference: { message_id: line.id },
    });
    await send({ content: 'hi', message_reference: { message_id: line.id } });
    expect(discord.findings.pings.map(({ forms }) => forms)).toEqual([['@here'], ['reply']]);
  });
});

describe('rates', () => {
  it('says in its headers how many are left, and refuses what is too many', async () => {
    const answers = [];
    for (let index = 0; index < 6; index += 1) answers.push(await send({ content: 'x' }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[0]?.headers.get('x-ratelimit-remaining')).toBe('4');
    expect(answers[5]?.headers.get('retry-after')).toBe(String(answers[5]?.retry_after));
    expect(await send({ content: 'x' }, discord.channel(guild, 'other'))).toMatchObject({ status: 200 });
  });

  it('takes 50 requests a second over all', async () => {
    const channels = Array.from({ length: 30 }, (_, index) => discord.channel(guild, `c${index}`));
    const answers = await Promise.all([...channels, ...channels].map((each) => send({ content: 'x' }, each)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    expect(refused[0]?.headers.get('x-ratelimit-global')).toBe('true');
    expect(discord.http.invalidRequests).toBe(10);
  });

  it('puts in the way what a test asks for', async () => {
    discord.faults.inject({ on: /^GET/u, status: 500, every: 2, times: 1 });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await ask('GET', '/users/@me')).status);
    expect(statuses).toEqual([200, 500, 200, 200]);
  });

  it('notes two edits of one message at once', async () => {
    const { id } = await send({ content: 'hm' });
    discord.faults.inject({ on: /^PATCH/u, latencyInMs: 30 });
    const edit = (content: string) =>
      ask('PATCH', `/channels/${tavern.id}/messages/${id}`, { ...GUARDED, content });
    await edit('a');
    await edit('b');
    expect(discord.findings.overlaps).toEqual([]);
    await Promise.all([edit('c'), edit('d')]);
    expect(discord.findings.overlaps).toHaveLength(1);
  });
});

describe('interactions', () => {
  const register = () =>
    ask('PUT', `/applications/${discord.world.applicationId}/guilds/${guild.id}/commands`, [
      { name: 'npc', description: 'NPCs', options: [{ type: 1, name: 'talk', description: 'Talk' }] },
    ]);
  const answer = (record: { id: string; token: string }, body: object) =>
    ask('POST', `/interactions/${record.id}/${record.token}/callback`, body);
  const asked = async () => {
    await register();
    return owner.slash(tavern, 'npc talk').record;
  };

  it('are answered once, within three seconds', async () => {
    const once = await asked();
    expect(await answer(once, { type: 5 })).toMatchObject({ status: 204 });
    expect(await answer(once, { type: 5 })).toMatchObject({ status: 400, code: 40060 });
    const late = await asked();
    discord.clock.advance(3100);
    expect(await answer(late, { type: 5 })).toMatchObject({ status: 404, code: 10062 });
  });

  it('have an answer of one person alone, filled by the first follow-up, until the token expires', async () => {
    const record = await asked();
    const player = discord.person('Bob', guild);
    await answer(record, { type: 5, data: { flags: 64 } });
    const follow = `/webhooks/${discord.world.applicationId}/${record.token}`;
    await ask('POST', follow, { ...GUARDED, content: 'a secret' });
    await ask('POST', follow, { ...GUARDED, content: 'and more', flags: 64 });
    expect(owner.sees(tavern).map(({ text }) => text)).toEqual(['a secret', 'and more']);
    expect(player.sees(tavern)).toEqual([]);
    expect(player.hasSeen(tavern)).toBe('');
    discord.clock.advance(15 * 60_000 + 1);
    expect(await ask('PATCH', `${follow}/messages/@original`, { ...GUARDED, content: 'x' })).toMatchObject({
      status: 401,
      code: 50027,
    });
  });

  it.each<[string, object]>([
    ['a title of 46 characters', { title: 'x'.repeat(46) }],
    ['six fields', { components: Array.from({ length: 6 }, (_, id) => input(String(id))) }],
    ['a label of 46 characters', { components: [input('a', { label: 'x'.repeat(46) })] }],
    ['a value longer than it takes', { components: [input('a', {}, { value: 'long', max_length: 3 })] }],
    ['a length over 4,000', { components: [input('a', {}, { max_length: 4001 })] }],
  ])('take no modal with %s', async (_, change) => {
    const modal = { custom_id: 'm', title: 'Edit', components: [input('a')], ...change };
    expect(await answer(await asked(), { type: 9, data: modal })).toMatchObject({ code: 50035 });
  });

  it('that submit a modal take no modal, and fields are named by their labels', async () => {
    await register();
    const asking = owner.slash(tavern, 'npc talk');
    await answer(asking.record, {
      type: 9,
      data: { custom_id: 'm', title: 'Edit', components: [input('a', {}, { value: 'old' })] },
    });
    const modal = await asking.modal();
    expect(modal.fields).toEqual({ Name: 'old' });
    const sent = modal.submits({ Name: 'new' });
    expect(sent.record.data).toMatchObject({
      custom_id: 'm',
      components: [{ component: { custom_id: 'a', value: 'new' } }],
    });
    expect(
      await answer(sent.record, { type: 9, data: { custom_id: 'n', title: 'x', components: [input('a')] } }),
    ).toMatchObject({
      code: 50035,
    });
    expect(() => modal.submits({ Name: '' })).toThrow('has to be filled in');
  });

  function input(id: string, label: object = {}, more: object = {}) {
    return { type: 18, label: 'Name', ...label, component: { type: 4, custom_id: id, style: 1, ...more } };
  }
});

describe('commands', () => {
  const put = (commands: readonly object[]) =>
    ask('PUT', `/applications/${discord.world.applicationId}/guilds/${guild.id}/commands`, commands);
  const option = (change: object) => ({ type: 3, name: 'name', description: 'x', ...change });

  it.each<[string, object]>([
    ['a name in capitals', { name: 'Npc' }],
    ['a name with a space', { name: 'npc talk' }],
    ['a long description', { description: 'x'.repeat(101) }],
    ['required options after others', { options: [option({}), option({ name: 'b', required: true })] }],
    ['26 options', { options: Array.from({ length: 26 }, (_, index) => option({ name: `o${index}` })) }],
    ['options beside subcommands', { options: [option({}), { type: 1, name: 'talk', description: 'x' }] }],
    [
      'choices with completion',
      { options: [option({ autocomplete: true, choices: [{ name: 'a', value: 'a' }] })] },
    ],
  ])('take no %s', async (_, change) => {
    expect(await put([{ name: 'npc', description: 'NPCs', ...change }])).toMatchObject({
      status: 400,
      code: 50035,
    });
  });

  it('are offered to those who may, with what they take', async () => {
    await put([
      {
        name: 'roll',
        description: 'Roll',
        options: [{ type: 4, name: 'count', description: 'x', required: true, max_value: 5 }],
      },
      { name: 'rule', description: 'Rule', default_member_permissions: '32' },
    ]);
    const player = discord.person('Bob', guild);
    expect(player.offered(tavern)).toEqual(['roll']);
    expect(owner.offered(tavern)).toEqual(['roll', 'rule']);
    expect(player.offered(player.directChannel)).toEqual([]);
    expect(() => player.slash(tavern, 'roll', { count: 6 })).toThrow('out of range');
    expect(() => player.slash(tavern, 'roll')).toThrow('needs count');
    expect(() => player.slash(tavern, 'rule')).toThrow('not offered');
  });
});

describe('as a process of its own', () => {
  it('has people do what a benchmark orders, and gives the figures', async () => {
    await using apart = await startDiscordProcess({ channels: 2, people: 4 });
    const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: apart.apiUrl } });
    client.on('interactionCreate', (interaction) => {
      if (interaction.isChatInputCommand())
        void interaction.reply({ content: 'heard', allowedMentions: { parse: [] } });
    });
    try {
      const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
      await client.login(apart.token);
      await (await ready).application.commands.create({ name: 'npc', description: 'NPCs' }, apart.guildId);
      const { ackMs, failed } = await apart.order({
        do: 'burst',
        count: 4,
        overInMs: 20,
        command: 'npc',
        options: {},
      });
      expect([ackMs.length, failed]).toEqual([4, 0]);
      expect(await apart.order({ do: 'slash', channel: 0, command: 'npc', options: {} })).toEqual({
        text: 'heard',
      });
      expect((await apart.order({ do: 'figures' })).findings).toMatchObject({
        violations: [],
        unguarded: [],
      });
    } finally {
      await client.destroy();
    }
  });
});

describe('the gateway', () => {
  const heard: string[] = [];
  let client: Client;
  const connect = async (intents: readonly GatewayIntentBits[]) => {
    heard.length = 0;
    client = new Client({
      intents: [...intents],
      partials: [Partials.Channel],
      rest: { api: discord.apiUrl },
    });
    client.on('messageCreate', ({ content }) => heard.push(content));
    // A connection that is cut is what these tests are about.
    client.on('error', () => {});
    const ready = new Promise<void>((resolve) => client.once('clientReady', () => resolve()));
    await client.login(discord.token);
    await ready;
  };
  afterEach(() => client.destroy());
  const { Guilds, GuildMessages, MessageContent, DirectMessages } = GatewayIntentBits;

  it('tells what happened meanwhile to one that resumes, and lets one that is forgotten begin anew', async () => {
    await connect([Guilds, GuildMessages, MessageContent]);
    discord.gateway.drop();
    owner.says(tavern, 'while you were away');
    await expect.poll(() => heard).toEqual(['while you were away']);
    expect(discord.gateway.counts).toMatchObject({ identifies: 1, resumes: 1 });
    discord.gateway.drop({ canResume: false });
    await expect.poll(() => discord.gateway.counts.identifies, { timeout: 20_000 }).toBe(2);
    owner.says(tavern, 'back');
    await expect.poll(() => heard.at(-1)).toBe('back');
  });

  it('withholds what is written unless it is for the bot', async () => {
    discord.world.privileged.messageContent = false;
    await connect([Guilds, GuildMessages, DirectMessages]);
    owner.says(tavern, 'among us');
    owner.says(tavern, `<@${discord.world.bot.id}> to you`);
    owner.says(owner.directChannel, 'in private');
    const own = await send({ content: 'own words' });
    owner.says(tavern, 'in reply', { replyTo: own.id ?? '' });
    await expect.poll(() => heard).toHaveLength(5);
    expect(heard).toEqual(['', `<@${discord.world.bot.id}> to you`, 'in private', 'own words', 'in reply']);
  });

  it('closes on intents that are not switched on, and on wrong tokens', async () => {
    discord.world.privileged.messageContent = false;
    client = new Client({ intents: [Guilds, MessageContent], rest: { api: discord.apiUrl } });
    await expect(client.login(discord.token)).rejects.toThrow('disallowed intents');
    client = new Client({ intents: [Guilds], rest: { api: discord.apiUrl } });
    await expect(client.login('wrong')).rejects.toThrow('invalid token');
  });
});
