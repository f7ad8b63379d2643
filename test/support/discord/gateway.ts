import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { shardOf } from './snowflakes.ts';
import { INTENT, toGuildCreate, toMember, toUser } from './wire.ts';
import type { Dispatch, World } from './world.ts';

const HEARTBEAT_INTERVAL_IN_MS = 41_250;
/** Dispatches kept for one that resumes. */
const MAX_REPLAYED = 5000;
const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAcknowledged: 11,
} as const;
const CLOSE = {
  decode: 4002,
  notAuthenticated: 4003,
  wrongToken: 4004,
  alreadyAuthenticated: 4005,
  invalidShard: 4010,
  disallowedIntents: 4014,
} as const;
const MEMBERS_CHUNK = 'GUILD_MEMBERS_CHUNK';

interface Frame {
  readonly op: number;
  readonly d: unknown;
}

interface Identify {
  readonly token: string;
  readonly intents: number;
  readonly shard?: readonly [number, number];
}

interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  seq: number;
  readonly sent: { readonly seq: number; readonly frame: string }[];
  socket: WebSocket | undefined;
}

/** The gateway: identifies, tells, is resumed; keeps what it told so that one that comes back misses nothing. */
export class Gateway {
  readonly #world: World;
  readonly #server: WebSocketServer;
  readonly #sessions = new Map<string, Session>();
  /** Since the start. */
  readonly counts = { connections: 0, identifies: 0, resumes: 0, heartbeats: 0 };
  /** Recommended by `GET /gateway/bot`. */
  shards = 1;
  /** Tells dispatches of messages and interactions twice, as after a resume that overlaps. */
  isRepeating = false;

  constructor(world: World, server: Server) {
    this.#world = world;
    this.#server = new WebSocketServer({ server });
    this.#server.on('connection', (socket) => this.#connected(socket));
    world.onDispatch((dispatch) => this.#tell(dispatch));
  }

  /** Intents of the connections that stand, by shard. */
  get intents(): readonly number[] {
    return [...this.#sessions.values()]
      .filter(({ socket }) => socket !== undefined)
      .map(({ intents }) => intents);
  }

  get isConnected(): boolean {
    return this.intents.length > 0;
  }

  /** Cuts every socket without a word. What happens until it comes back is kept for it, unless it is forgotten. */
  drop(options: { readonly canResume?: boolean } = {}): void {
    for (const session of this.#sessions.values()) {
      session.socket?.terminate();
      session.socket = undefined;
    }
    if (options.canResume === false) this.#sessions.clear();
  }

  /** Asks every connection to come back, as the gateway does before it restarts. */
  askToReconnect(): void {
    for (const { socket } of this.#sessions.values())
      socket?.send(JSON.stringify({ op: OP.reconnect, d: null }));
  }

  /** The token is replaced: who connects with the old one is sent away for good. */
  forbid(): void {
    for (const { socket } of this.#sessions.values())
      socket?.close(CLOSE.wrongToken, 'Authentication failed.');
    this.#sessions.clear();
  }

  /** Ends every session: told so, they identify anew. */
  invalidate(): void {
    for (const { socket } of this.#sessions.values())
      socket?.send(JSON.stringify({ op: OP.invalidSession, d: false }));
    this.#sessions.clear();
  }

  close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #connected(socket: WebSocket): void {
    this.counts.connections += 1;
    let session: Session | undefined;
    socket.on('message', (data) => {
      let frame: Frame;
      try {
        frame = JSON.parse(String(data));
      } catch {
        this.#refuse(socket, CLOSE.decode, 'not JSON');
        return;
      }
      if (frame.op === OP.heartbeat) {
        this.counts.heartbeats += 1;
        socket.send(JSON.stringify({ op: OP.heartbeatAcknowledged, d: null }));
      } else if (frame.op === OP.identify) {
        if (session === undefined) session = this.#identify(socket, frame.d as Identify);
        else this.#refuse(socket, CLOSE.alreadyAuthenticated, 'already identified');
      } else if (frame.op === OP.resume) {
        session = this.#resume(socket, frame.d as { token: string; session_id: string; seq: number });
      } else if (session === undefined) {
        this.#refuse(socket, CLOSE.notAuthenticated, `op ${frame.op} before identifying`);
      } else if (frame.op === OP.requestMembers) {
        this.#tellMembers(
          session,
          frame.d as { guild_id: string; nonce?: string; user_ids?: string | string[] },
        );
      }
    });
    socket.on('close', () => {
      if (session?.socket === socket) session.socket = undefined;
      this.#world.changed();
    });
    socket.on('error', () => socket.terminate());
    socket.send(
      JSON.stringify({ op: OP.hello, d: { heartbeat_interval: HEARTBEAT_INTERVAL_IN_MS, _trace: [] } }),
    );
  }

  #refuse(socket: WebSocket, code: number, why: string): void {
    if (code !== CLOSE.wrongToken && code !== CLOSE.disallowedIntents)
      this.#world.findings.violations.push({ kind: 'gateway', request: `close ${code}`, why });
    socket.close(code, why);
  }

  #identify(socket: WebSocket, { token, intents, shard = [0, 1] }: Identify): Session | undefined {
    this.counts.identifies += 1;
    if (token !== this.#world.token) {
      this.#refuse(socket, CLOSE.wrongToken, 'Authentication failed.');
      return undefined;
    }
    const { messageContent, members, presences } = this.#world.privileged;
    const asks = (bit: number) => (intents & bit) !== 0;
    if (
      (asks(INTENT.messageContent) && !messageContent) ||
      (asks(INTENT.members) && !members) ||
      (asks(INTENT.presences) && !presences)
    ) {
      this.#refuse(socket, CLOSE.disallowedIntents, 'Disallowed intent(s).');
      return undefined;
    }
    if (shard[0] >= shard[1]) {
      this.#refuse(socket, CLOSE.invalidShard, 'Invalid shard.');
      return undefined;
    }
    const session: Session = {
      id: randomBytes(16).toString('hex'),
      intents,
      shard,
      seq: 0,
      sent: [],
      socket,
    };
    this.#sessions.set(session.id, session);
    const guilds = this.#guildsOf(session);
    this.#send(session, 'READY', {
      v: 10,
      user: { ...toUser(this.#world.bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      session_type: 'normal',
      resume_gateway_url: this.#world.url.replace('http', 'ws'),
      shard,
      application: { id: this.#world.applicationId, flags: messageContent ? 1 << 18 : 0 },
      private_channels: [],
      relationships: [],
    });
    if (asks(INTENT.guilds))
      for (const guild of guilds)
        this.#send(session, 'GUILD_CREATE', toGuildCreate(this.#world, guild, intents));
    this.#world.changed();
    return session;
  }

  #resume(
    socket: WebSocket,
    { token, session_id: id, seq }: { token: string; session_id: string; seq: number },
  ) {
    this.counts.resumes += 1;
    const session = this.#sessions.get(id);
    if (token !== this.#world.token) {
      this.#refuse(socket, CLOSE.wrongToken, 'Authentication failed.');
      return undefined;
    }
    if (session === undefined) {
      socket.send(JSON.stringify({ op: OP.invalidSession, d: false }));
      return undefined;
    }
    session.socket = socket;
    for (const each of session.sent) if (each.seq > seq) socket.send(each.frame);
    this.#send(session, 'RESUMED', { _trace: [] });
    this.#world.changed();
    return session;
  }

  #guildsOf({ shard: [index, count] }: Session) {
    return [...this.#world.guilds.values()].filter(({ id }) => shardOf(id, count) === index);
  }

  #tell({ t, guildId, intent, d }: Dispatch): void {
    for (const session of this.#sessions.values()) {
      const [index, count] = session.shard;
      // What belongs to no guild goes to the first shard.
      if ((guildId === undefined ? 0 : shardOf(guildId, count)) !== index) continue;
      if (intent !== 0 && (session.intents & intent) === 0) continue;
      const payload = d(session.intents);
      this.#send(session, t, payload);
      if (this.isRepeating && (t === 'MESSAGE_CREATE' || t === 'INTERACTION_CREATE'))
        this.#send(session, t, payload);
    }
  }

  #send(session: Session, t: string, d: object): void {
    session.seq += 1;
    const frame = JSON.stringify({ op: OP.dispatch, t, s: session.seq, d });
    session.sent.push({ seq: session.seq, frame });
    if (session.sent.length > MAX_REPLAYED) session.sent.shift();
    session.socket?.send(frame);
  }

  #tellMembers(
    session: Session,
    asked: { guild_id: string; nonce?: string; user_ids?: string | string[] },
  ): void {
    const wanted = asked.user_ids === undefined ? undefined : [asked.user_ids].flat();
    if (wanted === undefined && (session.intents & INTENT.members) === 0) {
      this.#world.findings.violations.push({
        kind: 'gateway',
        request: 'request guild members',
        why: 'all members without the intent',
      });
      return;
    }
    const members = [...(this.#world.guilds.get(asked.guild_id)?.members.values() ?? [])];
    const found = members.filter(({ user }) => wanted?.includes(user.id) ?? true);
    this.#send(session, MEMBERS_CHUNK, {
      guild_id: asked.guild_id,
      members: found.map((member) => toMember(member)),
      chunk_index: 0,
      chunk_count: 1,
      not_found: wanted?.filter((id) => !found.some(({ user }) => user.id === id)) ?? [],
      ...(asked.nonce === undefined ? {} : { nonce: asked.nonce }),
    });
  }
}
