import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { selfSigned } from './self-signed.ts';

/** Starts a server for the test that runs. @returns its "HOST:PORT". */
async function start(server: Server, closeAll: () => void): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    closeAll();
    server.close();
  });
  const address = server.address();
  if (!isPort(address)) throw new Error('The server has no port.');
  return `127.0.0.1:${address.port}`;
}

function isPort(address: ReturnType<Server['address']>): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

export function httpServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  return start(server, () => server.closeAllConnections());
}

export function tlsServer(listener: RequestListener): Promise<string> {
  const server = createTlsServer(selfSigned, listener);
  return start(server, () => server.closeAllConnections());
}

/** @param hear called with each piece of what a client sends. */
export function socketServer(
  connected: (socket: Socket) => void,
  hear: (socket: Socket, text: string) => void = () => {},
): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => hear(socket, chunk.toString()));
    connected(socket);
  });
  return start(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** "HOST:PORT" where nobody listens: it was somebody's until now. */
export async function deadAddress(): Promise<string> {
  const server = createSocketServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (!isPort(address)) throw new Error('The server has no port.');
  return `127.0.0.1:${address.port}`;
}
