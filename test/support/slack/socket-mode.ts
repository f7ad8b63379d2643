import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { fieldsOf, textOf } from './fields.ts';
import { ACK_WITHIN_IN_MS, type Outcome, type Parcel, type Transport } from './transport.ts';

const PING_EVERY_IN_MS = 5000;
/** Slack takes no more sockets of one app. */
const SOCKETS = 10;

interface Waiting {
  readonly socket: WebSocket;
  readonly settle: (outcome: Outcome) => void;
}

/** The WebSocket side of Socket Mode: envelopes go to one of the open sockets, in turn. */
export class SocketMode implements Transport {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #waiting = new Map<string, Waiting>();
  readonly #tickets = new Set<string>();
  readonly #appId: string;
  readonly #changed: () => void;
  #turn = 0;
  #isClosed = false;
  #opened = 0;

  constructor(appId: string, changed: () => void) {
    this.#appId = appId;
    this.#changed = changed;
  }

  attach(http: Server): void {
    http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** The part of the address that lets one socket in, once. */
  ticket(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `ticket=${ticket}&app_id=${this.#appId}`;
  }

  get openCount(): number {
    return this.#open().length;
  }

  /** Sockets opened so far. */
  get openedCount(): number {
    return this.#opened;
  }

  /** As Slack does every few hours: asks for a new connection, and closes this one once that was said. */
  refresh(reason: 'warning' | 'refresh_requested' | 'link_disabled' = 'refresh_requested'): void {
    for (const socket of this.#open())
      socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'stand-in' } }));
  }

  /** The line goes dead without a word. */
  drop(): void {
    for (const socket of this.#open()) socket.terminate();
  }

  send(parcel: Parcel): Promise<Outcome> {
    const open = this.#open();
    const socket = open[this.#turn % Math.max(1, open.length)];
    this.#turn += 1;
    if (socket === undefined) return Promise.resolve('unreachable');
    const id = randomUUID();
    return new Promise((resolve) => {
      const settle = (outcome: Outcome) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(outcome);
      };
      const timer = setTimeout(() => settle('late'), ACK_WITHIN_IN_MS);
      this.#waiting.set(id, { socket, settle });
      socket.send(
        JSON.stringify({
          envelope_id: id,
          type: parcel.type,
          payload: parcel.payload,
          accepts_response_payload: parcel.type !== 'events_api',
          ...(parcel.type === 'events_api'
            ? { retry_attempt: parcel.retry?.number ?? 0, retry_reason: parcel.retry?.reason ?? '' }
            : {}),
        }),
      );
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #open(): WebSocket[] {
    return [...this.#server.clients].filter((socket) => socket.readyState === socket.OPEN);
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://stand-in').searchParams.get('ticket') ?? '';
    if (this.#isClosed || !this.#tickets.delete(ticket) || this.openCount >= SOCKETS) {
      stream.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#welcome(socket));
  }

  #welcome(socket: WebSocket): void {
    this.#opened += 1;
    const pings = setInterval(() => socket.ping('ping'), PING_EVERY_IN_MS);
    pings.unref();
    socket.on('error', () => {});
    socket.on('message', (data) => this.#acknowledged(String(data)));
    socket.on('close', () => {
      clearInterval(pings);
      for (const waiting of [...this.#waiting.values()])
        if (waiting.socket === socket) waiting.settle('unreachable');
      this.#changed();
    });
    socket.send(
      JSON.stringify({
        type: 'hello',
        connection_info: { app_id: this.#appId },
        num_connections: this.openCount,
        debug_info: { host: 'stand-in', build_number: 1, approximate_connection_time: 18_060 },
      }),
    );
    this.#changed();
  }

  #acknowledged(data: string): void {
    const message = fieldsOf(JSON.parse(data));
    const body = fieldsOf(message.payload);
    this.#waiting.get(textOf(message.envelope_id))?.settle({ isOk: true, body, isLast: false });
  }
}
