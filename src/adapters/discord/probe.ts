import { z } from 'zod';

/** What came of asking Discord who a token belongs to. */
export type DiscordProbe =
  | {
      readonly outcome: 'reached';
      readonly applicationId: string;
      /** The bot's name. */
      readonly name: string;
      /** “Message Content Intent” is on, or granted by Discord's review. */
      readonly readsMessages: boolean;
    }
  /** It does not know the token. */
  | { readonly outcome: 'turned away' }
  /** It answers with an error. */
  | { readonly outcome: 'unwilling'; readonly status: number }
  /** What answers there is not Discord. */
  | { readonly outcome: 'not discord' }
  /** No connection came about; `cause` has the system's code where it gave one. */
  | { readonly outcome: 'failed'; readonly cause: unknown };

const DISCORD = 'https://discord.com/api';
/** Flags of an application: the intent, and the intent as bots in fewer than 100 servers have it. */
const MESSAGE_CONTENT = (1 << 18) | (1 << 19);

const APPLICATION = z.object({ id: z.string(), flags: z.number().optional() });
const USER = z.object({ id: z.string(), username: z.string() });

/** Asks who we are. Never rejects for what Discord or the network does. */
export async function probeDiscord(options: {
  readonly token: string;
  /** Ends in /api; undefined: Discord itself. */
  readonly apiUrl: string | undefined;
  readonly timeoutInMs: number;
}): Promise<DiscordProbe> {
  const { token, apiUrl = DISCORD, timeoutInMs } = options;
  const signal = AbortSignal.timeout(timeoutInMs);
  const ask = (path: string) =>
    fetch(`${apiUrl}/v10${path}`, { headers: { authorization: `Bot ${token}` }, signal });
  try {
    const answers = await Promise.all([ask('/applications/@me'), ask('/users/@me')]);
    const failed = answers.find(({ ok }) => !ok);
    if (failed !== undefined) {
      for (const { body } of answers) await body?.cancel();
      return failed.status === 401
        ? { outcome: 'turned away' }
        : { outcome: 'unwilling', status: failed.status };
    }
    const [application, user] = await Promise.all(answers.map(jsonOf));
    const app = APPLICATION.safeParse(application);
    const bot = USER.safeParse(user);
    if (!app.success || !bot.success) return { outcome: 'not discord' };
    return {
      outcome: 'reached',
      applicationId: app.data.id,
      name: bot.data.username,
      readsMessages: ((app.data.flags ?? 0) & MESSAGE_CONTENT) !== 0,
    };
  } catch (error) {
    // fetch wraps what the system says.
    return { outcome: 'failed', cause: error instanceof Error ? (error.cause ?? error) : error };
  }
}

async function jsonOf(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
