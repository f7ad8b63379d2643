import { httpAddress, read, Wrong } from './reading.ts';

const SHORTEST_KEY = 32;
const MOST_ADMINS = 100;
/** Names of this machine, as URL has them. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Seals tokens of workspaces in the database. */
export const secretKey = read((text) => {
  if (/^["'`]|["'`]$/.test(text))
    throw new Wrong('has a quotation mark at its end: write the key without quotes');
  if (text.length < SHORTEST_KEY)
    throw new Wrong(
      `is shorter than ${SHORTEST_KEY} characters: make one with "openssl rand -base64 32", and keep it, for what it has sealed nothing else opens`,
    );
  if (new Set(text).size < 8)
    throw new Wrong('repeats itself and is easily guessed: make one with "openssl rand -base64 32"');
  return text;
});

/** Scheme, name and port. */
export const publicUrl = read((text) => {
  const url = httpAddress(text, 'https://dramatis.example');
  if (url.protocol !== 'https:' && !isLoopback(url))
    throw new Wrong(
      'begins with http://, over which Slack sends nothing: put a reverse proxy with a certificate in front of this machine, and write its address with https://',
    );
  if (url.pathname !== '/')
    throw new Wrong(
      'has a path, and Slack and the pictures need paths of their own: give us a name of our own, such as https://dramatis.example',
    );
  return url.origin;
});

/** Whether only this machine can be reached under it. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

/** Ids of people as Discord (17 to 19 digits) and Slack (U012ABCDEF) have them. */
export const adminIds = read((text): readonly string[] => {
  const ids = [...new Set(text.split(/[\s,;]+/).filter((id) => id !== ''))];
  const odd = ids.find((id) => !/^(\d{15,20}|[UW][A-Z\d]{2,20})$/.test(id));
  if (odd !== undefined)
    throw new Wrong(
      `holds something that is no id of a person: on Discord turn on Developer Mode and choose Copy User ID, on Slack open the profile and choose Copy member ID; write commas between them`,
    );
  if (ids.length > MOST_ADMINS) throw new Wrong(`names more than ${MOST_ADMINS} people: name fewer`);
  return ids;
});

/** What a server listens at: a name or an address of this machine. */
export const host = read((text) => {
  const name = text.replace(/^\[(.*)\]$/, '$1');
  if (!/^[A-Za-z\d.:_-]{1,253}$/.test(name) || /^[a-z]+:\/\//i.test(text) || /^[^:]+:\d+$/.test(name))
    throw new Wrong(
      'is no name or address of this machine: write 127.0.0.1 for this machine alone, or 0.0.0.0 for every network',
    );
  return name;
});
