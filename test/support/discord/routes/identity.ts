import { fault } from '../errors.ts';
import { CHANNEL } from '../records.ts';
import { channelsOf, toChannel, toGuild, toMember, toRole, toUser } from '../wire.ts';
import type { World } from '../world.ts';
import { NOTHING, ok, type Route, route } from './route.ts';

const IDENTIFIES_A_DAY = 1000;
const DAY_IN_MS = 86_400_000;
/** Flags of an application: the content of messages, the members of guilds (both without review). */
const APPLICATION_FLAG = { members: 1 << 15, messageContent: 1 << 19 } as const;

/** Who the bot is, where it is, who is there. */
export function identityRoutes(shards: () => number): readonly Route[] {
  return [
    route('GET', '/gateway', ({ world }) => ok({ url: gatewayUrl(world) }), 'path'),
    route('GET', '/gateway/bot', ({ world }) =>
      ok({
        url: gatewayUrl(world),
        shards: shards(),
        session_start_limit: {
          total: IDENTIFIES_A_DAY,
          remaining: IDENTIFIES_A_DAY,
          reset_after: DAY_IN_MS,
          max_concurrency: 1,
        },
      }),
    ),
    route('GET', '/users/@me', ({ world }) => ok(toUser(world.bot))),
    route('GET', '/users/@me/guilds', ({ world }) =>
      ok(
        [...world.guilds.values()].map(({ id, name }) => ({
          id,
          name,
          icon: null,
          owner: false,
          permissions: '0',
          features: [],
        })),
      ),
    ),
    route('POST', '/users/@me/channels', ({ world, body }) => {
      const { recipient_id: id } = body as { readonly recipient_id: string };
      const user = world.users.get(id);
      if (user === undefined) throw fault.unknownUser();
      return ok(toChannel(world, world.directChannel(user)));
    }),
    route('GET', '/users/{user_id}', ({ world, param }) => {
      const user = world.users.get(param('user_id'));
      if (user === undefined) throw fault.unknownUser();
      return ok(toUser(user));
    }),
    route('GET', '/applications/@me', ({ world }) => ok(toApplication(world))),
    route('GET', '/oauth2/applications/@me', ({ world }) => ok(toApplication(world))),
    route('GET', '/guilds/{guild_id}', ({ world, param }) => ok(toGuild(world.guild(param('guild_id'))))),
    route('GET', '/guilds/{guild_id}/channels', ({ world, param }) =>
      ok(
        channelsOf(world, world.guild(param('guild_id')))
          .filter(({ thread }) => thread === undefined)
          .map((channel) => toChannel(world, channel)),
      ),
    ),
    route('GET', '/guilds/{guild_id}/threads/active', ({ world, param }) =>
      ok({
        threads: channelsOf(world, world.guild(param('guild_id')))
          .filter(({ thread }) => thread?.isArchived === false)
          .map((channel) => toChannel(world, channel)),
        members: [],
      }),
    ),
    route('GET', '/guilds/{guild_id}/roles', ({ world, param }) =>
      ok([...world.guild(param('guild_id')).roles.values()].map(toRole)),
    ),
    route('GET', '/guilds/{guild_id}/members', ({ world, param, query }) => {
      // Listing members is what the privileged intent is for.
      if (!world.privileged.members) throw fault.missingAccess();
      const after = BigInt(query.get('after') ?? '0');
      const members = [...world.guild(param('guild_id')).members.values()]
        .filter(({ user }) => BigInt(user.id) > after)
        .toSorted((a, b) => (BigInt(a.user.id) < BigInt(b.user.id) ? -1 : 1));
      return ok(members.slice(0, Number(query.get('limit') ?? '1')).map((member) => toMember(member)));
    }),
    route('GET', '/guilds/{guild_id}/members/search', ({ world, param, query }) => {
      const text = (query.get('query') ?? '').toLowerCase();
      const found = [...world.guild(param('guild_id')).members.values()].filter(({ user, nickname }) =>
        [user.name, nickname ?? ''].some((name) => name.toLowerCase().startsWith(text)),
      );
      return ok(found.slice(0, Number(query.get('limit') ?? '1')).map((member) => toMember(member)));
    }),
    route('GET', '/guilds/{guild_id}/members/{user_id}', ({ world, param }) => {
      const member = world.guild(param('guild_id')).members.get(param('user_id'));
      if (member === undefined) throw fault.unknownMember();
      return ok(toMember(member));
    }),
    route('GET', '/channels/{channel_id}/thread-members', ({ world, param }) => {
      if (!world.privileged.members) throw fault.missingAccess();
      const { thread } = world.channel(param('channel_id'));
      if (thread === undefined) throw fault.wrongChannelType();
      return ok(
        [...thread.members].map((id) => ({
          user_id: id,
          flags: 0,
          join_timestamp: '2026-01-01T00:00:00.000Z',
        })),
      );
    }),
    route('GET', '/channels/{channel_id}/thread-members/{user_id}', ({ world, param }) => {
      const { thread, id } = world.channel(param('channel_id'));
      if (thread?.members.has(param('user_id')) !== true) throw fault.unknownMember();
      return ok({ id, user_id: param('user_id'), flags: 0, join_timestamp: '2026-01-01T00:00:00.000Z' });
    }),
    route('PUT', '/channels/{channel_id}/thread-members/{user_id}', ({ world, param }) => {
      const channel = world.channel(param('channel_id'));
      if (channel.type !== CHANNEL.publicThread && channel.type !== CHANNEL.privateThread)
        throw fault.wrongChannelType();
      const user = param('user_id');
      channel.thread?.members.add(user === '@me' ? world.bot.id : user);
      return NOTHING;
    }),
  ];
}

function gatewayUrl(world: World): string {
  return world.url.replace('http', 'ws');
}

function toApplication(world: World): object {
  const { members, messageContent } = world.privileged;
  return {
    id: world.applicationId,
    name: world.bot.name,
    icon: null,
    description: '',
    summary: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: (members ? APPLICATION_FLAG.members : 0) | (messageContent ? APPLICATION_FLAG.messageContent : 0),
    bot: toUser(world.bot),
    owner: toUser(world.bot),
    team: null,
    install_params: null,
    interactions_endpoint_url: null,
  };
}
