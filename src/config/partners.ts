import type { SettingName, WrittenSettings } from './settings.ts';

/** A variable that does nothing, or nothing good, without another: what is wrong with it, and what to do. */
export interface MissingPartner {
  readonly name: SettingName;
  readonly complaint: string;
}

/** Settings that need others, each with what is missing. What stands in them is checked elsewhere. */
export function missingPartners(written: WrittenSettings): readonly MissingPartner[] {
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET } =
    written;
  const hears = SLACK_APP_TOKEN !== undefined || SLACK_SIGNING_SECRET !== undefined;
  const missing: MissingPartner[] = [];
  if (written.CACHE_BACKEND?.toLowerCase() === 'redis' && written.REDIS_URL === undefined)
    missing.push({
      name: 'CACHE_BACKEND',
      complaint: 'needs a server: set REDIS_URL too, such as redis://localhost:6379, or write memory',
    });
  if (SLACK_BOT_TOKEN !== undefined && !hears)
    missing.push({
      name: 'SLACK_BOT_TOKEN',
      complaint:
        'lets us speak in Slack but not hear: set SLACK_APP_TOKEN too, which needs no public address, or SLACK_SIGNING_SECRET where Slack can reach this machine',
    });
  if (SLACK_SIGNING_SECRET !== undefined && SLACK_SIGNING_SECRET === SLACK_CLIENT_SECRET)
    missing.push({
      name: 'SLACK_SIGNING_SECRET',
      complaint:
        'is the same as SLACK_CLIENT_SECRET: copy the Signing Secret, which stands below the Client Secret on the page Basic Information',
    });
  if (SLACK_CLIENT_ID !== undefined && SLACK_CLIENT_SECRET === undefined)
    missing.push({
      name: 'SLACK_CLIENT_ID',
      complaint:
        'needs SLACK_CLIENT_SECRET beside it: copy that from the page Basic Information, or leave both out where one workspace is enough',
    });
  if (SLACK_CLIENT_SECRET !== undefined && SLACK_CLIENT_ID === undefined)
    missing.push({
      name: 'SLACK_CLIENT_SECRET',
      complaint:
        'needs SLACK_CLIENT_ID beside it: copy that from the page Basic Information, or leave both out where one workspace is enough',
    });
  // A bot token serves its own workspace, and nobody installs us.
  if (SLACK_BOT_TOKEN !== undefined) return missing;
  if (SLACK_CLIENT_ID === undefined || SLACK_CLIENT_SECRET === undefined) return missing;
  const lacks = (complaint: string) => missing.push({ name: 'SLACK_CLIENT_ID', complaint });
  if (!hears)
    lacks(
      'lets workspaces install us, but not us hear them: set SLACK_SIGNING_SECRET or SLACK_APP_TOKEN too',
    );
  else if (written.PUBLIC_URL === undefined)
    lacks(
      'lets workspaces install us, which needs an address that they can reach: set PUBLIC_URL, such as https://dramatis.example',
    );
  else if (written.SECRET_KEY === undefined)
    lacks(
      'lets workspaces install us, and their tokens must be sealed: set SECRET_KEY, made with "openssl rand -base64 32"',
    );
  return missing;
}
