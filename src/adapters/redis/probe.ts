/** What came of asking a Redis server whether it is there. */
export type RedisProbe =
  | { readonly outcome: 'reached' }
  /** It wants another name or password, or none was given. */
  | { readonly outcome: 'turned away' }
  /** It answers with an error; `code` is the word with which Redis begins it. */
  | { readonly outcome: 'unwilling'; readonly code: string }
  /** What listens there hangs up, or does not speak Redis's protocol. */
  | { readonly outcome: 'not redis' }
  /** No connection came about; `cause` has the system's code. */
  | { readonly outcome: 'failed'; readonly cause: NodeJS.ErrnoException };

const WRONG_LOGIN = new Set(['NOAUTH', 'WRONGPASS', 'NOPERM']);

/** Connects, pings and hangs up. Never rejects for what the server or the network does. */
export async function probeRedis(url: string, timeoutInMs: number): Promise<RedisProbe> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<RedisProbe>((resolve) => {
      timer = setTimeout(() => resolve({ outcome: 'failed', cause: timedOut() }), timeoutInMs);
      // The event carries the cause; the rejection that follows only says that the connection is closed.
      client.on('error', (error: NodeJS.ErrnoException) => resolve(outcomeOf(error)));
      client
        .connect()
        .then(() => client.ping())
        .then(
          () => resolve({ outcome: 'reached' }),
          (error: NodeJS.ErrnoException) => resolve(outcomeOf(error)),
        );
    });
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
}

function outcomeOf(error: NodeJS.ErrnoException): RedisProbe {
  if (error.code !== undefined) return { outcome: 'failed', cause: error };
  // Redis begins an error with its code, in capitals: "WRONGPASS invalid username-password pair".
  const code = error.name === 'ReplyError' ? /^[A-Z]+/.exec(error.message)?.[0] : undefined;
  if (code === undefined) return { outcome: 'not redis' };
  return WRONG_LOGIN.has(code) ? { outcome: 'turned away' } : { outcome: 'unwilling', code };
}

function timedOut(): NodeJS.ErrnoException {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}
