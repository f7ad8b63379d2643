import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../config.ts';
import type { Finding } from './finding.ts';

/** Whether our HTTP server could listen, and what must lead to it: whether it does cannot be seen from here. */
export async function checkHttp({
  http,
  publicUrl,
  ...config
}: Pick<Config, 'http' | 'publicUrl' | 'discord' | 'slack'>): Promise<readonly Finding[]> {
  const subject = 'HTTP server';
  const isOnline = config.discord !== undefined || config.slack !== undefined;
  if (http === undefined || !isOnline) return [{ state: 'ok', subject, what: 'nothing needs it' }];
  const where = `port ${http.port} of ${http.host}`;
  const code = await listeningFault(http);
  const own: Finding =
    code === undefined
      ? { state: 'ok', subject, what: `npm start can listen at ${where}` }
      : {
          state: 'warning',
          subject,
          what: `nothing can listen at ${where} now (${code})`,
          remedy:
            code === 'EADDRINUSE'
              ? 'All is well if the bot runs already; else set HTTP_PORT to another port'
              : 'Set HTTP_HOST to an address of this machine, and HTTP_PORT to a port above 1023',
        };
  const outside: readonly Finding[] =
    publicUrl === undefined
      ? []
      : [
          {
            state: 'ok',
            subject: 'PUBLIC_URL',
            what: `${publicUrl} must lead to ${where}, which cannot be seen from here`,
            remedy: `While npm start runs, open ${publicUrl}/healthz in a browser elsewhere: it says "alive"`,
          },
        ];
  return [own, ...outside];
}

/** The system's code for why nothing can listen there. */
async function listeningFault({ host, port }: NonNullable<Config['http']>): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}
