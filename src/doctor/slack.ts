import type { SlackProbe } from '../adapters/slack/probe.ts';
import { HOW_TO_ADD_SCOPES, withoutScope } from '../adapters/slack/scopes.ts';
import type { Config } from '../config.ts';
import { type Finding, untilItIsBack } from './finding.ts';
import { transportFault } from './transport-fault.ts';

type SlackConfig = NonNullable<Config['slack']>;

const SUBJECT = 'Slack';
const MANIFEST =
  'A new app is made from the manifest in docs/slack-manifest.yaml, which "npm run -s doctor -- slack-manifest" prints for your settings; docs/slack.md goes through it';

/** Whose tokens these are, what they lack, and how Slack reaches us. */
export async function checkSlack(
  { slack, publicUrl }: Pick<Config, 'slack' | 'publicUrl'>,
  probe: (tokens: {
    readonly botToken: string;
    readonly appToken: string | undefined;
  }) => Promise<SlackProbe>,
): Promise<readonly Finding[]> {
  if (slack === undefined)
    return [
      {
        state: 'ok',
        subject: SUBJECT,
        what: 'SLACK_BOT_TOKEN is not set, and we do not join',
        remedy: MANIFEST,
      },
    ];
  const { botToken, appToken } = slack;
  const tokens: readonly Finding[] =
    botToken === undefined
      ? [
          {
            state: 'ok',
            subject: SUBJECT,
            what: `workspaces install us at ${publicUrl ?? ''}/slack/install, and each gives its own token`,
          },
        ]
      : tokenFindings(await probe({ botToken, appToken }), slack);
  return [
    ...tokens,
    { state: 'ok', subject: 'Slack app', what: hearing(slack, publicUrl), remedy: MANIFEST },
  ];
}

function tokenFindings(result: SlackProbe, { apiUrl }: SlackConfig): readonly Finding[] {
  switch (result.outcome) {
    case 'turned away':
      return [{ state: 'problem', subject: SUBJECT, what: result.why.replace(/\.$/, '') }];
    case 'failed': {
      const address = apiUrl ?? 'https://slack.com/api';
      const { what, remedy } = transportFault(result.cause, { variable: 'SLACK_API_URL', address });
      return [{ state: 'problem', subject: SUBJECT, what, remedy: untilItIsBack(remedy) }];
    }
    case 'reached':
      return [
        {
          state: 'ok',
          subject: SUBJECT,
          what: `SLACK_BOT_TOKEN is taken: we are ${result.user} in ${result.team}`,
        },
        ...result.missingScopes.map(
          (scope): Finding => ({
            state: 'warning',
            subject: SUBJECT,
            what: withoutScope(scope).replace(/\.$/, ''),
            remedy: HOW_TO_ADD_SCOPES.replace(/\.$/, ''),
          }),
        ),
      ];
  }
}

function hearing({ appToken }: SlackConfig, publicUrl: string | undefined): string {
  if (appToken !== undefined) return 'what is said comes over Socket Mode, which must be on in the app';
  return `what is said comes over HTTP, so the app's request URLs must be ${publicUrl ?? 'PUBLIC_URL'}/slack/events`;
}
