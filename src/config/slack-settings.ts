import { httpAddress, keyText, read, Wrong, withoutEndSlash } from './reading.ts';

const BOT_TOKEN_PAGE =
  'copy the Bot User OAuth Token, which begins with xoxb-, from the page OAuth & Permissions';
const APP_TOKEN_PAGE =
  'make an App-Level Token, which begins with xapp-, on the page Basic Information, with the scope connections:write';
const SIGNING_SECRET_PAGE = 'copy the Signing Secret from the page Basic Information';

export const slackBotToken = read((text) => {
  const token = keyText(text, 'token');
  if (token.startsWith('xoxb-')) return token;
  if (token.startsWith('xapp-'))
    throw new Wrong(`is the app token, which belongs into SLACK_APP_TOKEN: ${BOT_TOKEN_PAGE}`);
  if (token.startsWith('xoxp-')) throw new Wrong(`is the token of a person: ${BOT_TOKEN_PAGE}`);
  if (token.startsWith('xoxe'))
    throw new Wrong(
      'is a token that runs out, because token rotation is on, which cannot be turned off again: make a new app from the manifest, without rotation',
    );
  throw new Wrong(`does not begin with xoxb-: ${BOT_TOKEN_PAGE}`);
});

export const slackAppToken = read((text) => {
  const token = keyText(text, 'token');
  if (token.startsWith('xapp-')) return token;
  if (token.startsWith('xoxb-'))
    throw new Wrong(`is the bot token, which belongs into SLACK_BOT_TOKEN: ${APP_TOKEN_PAGE}`);
  throw new Wrong(`does not begin with xapp-: ${APP_TOKEN_PAGE}`);
});

export const slackSigningSecret = read((text) => {
  const secret = keyText(text, 'secret');
  if (isSlackToken(secret)) throw new Wrong(`is a token: ${SIGNING_SECRET_PAGE}`);
  if (/^\d+\.\d+$/.test(secret)) throw new Wrong(`is the client id: ${SIGNING_SECRET_PAGE}`);
  if (/^[A-Za-z\d]{24}$/.test(secret))
    throw new Wrong(`is the old verification token, which is not used any more: ${SIGNING_SECRET_PAGE}`);
  return secret;
});

export const slackClientId = read((text) => {
  const id = keyText(text, 'id');
  const page =
    'copy the Client ID, two numbers with a full stop between them, from the page Basic Information';
  if (/^A[\dA-Z]{8,}$/.test(id)) throw new Wrong(`is the id of the app: ${page}`);
  if (/^[\da-f]{32}$/.test(id)) throw new Wrong(`is a secret: ${page}`);
  if (isSlackToken(id)) throw new Wrong(`is a token: ${page}`);
  return id;
});

export const slackClientSecret = read((text) => {
  const secret = keyText(text, 'secret');
  const page = 'copy the Client Secret from the page Basic Information';
  if (isSlackToken(secret)) throw new Wrong(`is a token: ${page}`);
  if (/^\d+\.\d+$/.test(secret)) throw new Wrong(`is the client id: ${page}`);
  return secret;
});

/** Without a slash at its end: "https://slack.com/api". */
export const slackApi = read((text) => withoutEndSlash(httpAddress(text, 'https://slack.com/api')));

function isSlackToken(text: string): boolean {
  return /^x(ox|app)[a-z]?-/.test(text);
}
