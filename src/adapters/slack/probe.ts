import { appTokenWords, botTokenWords, lackingScopes, testAppToken, testBotToken } from './auth-test.ts';

/** What came of asking Slack about the tokens. */
export type SlackProbe =
  | {
      readonly outcome: 'reached';
      readonly team: string;
      /** The app's user there. */
      readonly user: string;
      readonly missingScopes: readonly string[];
    }
  /** Slack does not accept a token: one sentence for the person who set it. */
  | { readonly outcome: 'turned away'; readonly why: string }
  /** No answer that makes sense; `cause` has the system's code where there is one. */
  | { readonly outcome: 'failed'; readonly cause: unknown };

/** Asks Slack whose tokens these are and what they may do; posts nothing. Never rejects for what Slack does. */
export async function probeSlack(options: {
  readonly botToken: string;
  readonly appToken: string | undefined;
  readonly apiUrl: string | undefined;
  readonly timeoutInMs: number;
}): Promise<SlackProbe> {
  const { botToken, appToken, ...rest } = options;
  const bot = await testBotToken({ token: botToken, ...rest });
  if (bot.outcome === 'unreachable') return { outcome: 'failed', cause: bot.cause };
  if (bot.outcome === 'refused') return { outcome: 'turned away', why: botTokenWords(bot.code) };
  const socket = appToken === undefined ? undefined : await testAppToken({ token: appToken, ...rest });
  if (socket?.outcome === 'unreachable') return { outcome: 'failed', cause: socket.cause };
  if (socket?.outcome === 'refused') return { outcome: 'turned away', why: appTokenWords(socket.code) };
  const { owner } = bot;
  return {
    outcome: 'reached',
    team: owner.teamName,
    user: owner.botName,
    missingScopes: lackingScopes(owner),
  };
}
