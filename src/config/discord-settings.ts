import { httpAddress, keyText, read, Wrong, withoutEndSlash } from './reading.ts';

/** The part of all guilds that this process serves. */
export interface ShardRange {
  readonly ids: readonly number[];
  /** Of all processes together. */
  readonly count: number;
}

/** More than any bot has: Discord gives a shard at most 2,500 guilds. */
const MOST_SHARDS = 4096;
const WHERE_THE_TOKEN_IS = 'copy the token from the page Bot of your application';

export const discordToken = read((text) => {
  if (/^bot\s/i.test(text)) throw new Wrong('begins with "Bot ": write the token alone, without that word');
  const token = keyText(text, 'token');
  if (/^x(ox|app)/.test(token)) throw new Wrong(`is a token of Slack: ${WHERE_THE_TOKEN_IS}`);
  if (/^\d{15,20}$/.test(token)) throw new Wrong(`is an id, not a token: ${WHERE_THE_TOKEN_IS}`);
  if (/^[\da-f]{64}$/i.test(token)) throw new Wrong(`is the public key, not a token: ${WHERE_THE_TOKEN_IS}`);
  if (/^[\w-]{32}$/.test(token)) throw new Wrong(`is the client secret, not a token: ${WHERE_THE_TOKEN_IS}`);
  return token;
});

export const discordId = read((text) => {
  if (/^\d{15,20}$/.test(text)) return text;
  throw new Wrong(
    "is no id of a server (15 to 20 digits): turn on Developer Mode in Discord's settings under Advanced, right-click the server and choose Copy Server ID",
  );
});

/** The address below which versions lie: "https://discord.com/api". */
export const discordApi = read((text) =>
  withoutEndSlash(httpAddress(text, 'https://discord.com/api')).replace(/\/v\d+$/, ''),
);

export const discordShards = read((text): 'auto' | ShardRange => {
  if (text.toLowerCase() === 'auto') return 'auto';
  const all = /^(\d{1,5})$/.exec(text)?.[1];
  if (all !== undefined) return shards(0, Number(all) - 1, Number(all));
  const [, first, last = first, count] = /^(\d{1,5})(?:-(\d{1,5}))?\/(\d{1,5})$/.exec(text) ?? [];
  return shards(Number(first), Number(last), Number(count));
});

function shards(first: number, last: number, count: number): ShardRange {
  const isRange = count >= 1 && count <= MOST_SHARDS && first <= last && last < count;
  if (!isRange)
    throw new Wrong(
      `names no shards: write auto, how many there are (4), or which of how many this process has (0-1/4), counted from 0, at most ${MOST_SHARDS}`,
    );
  return { ids: Array.from({ length: last - first + 1 }, (_, index) => first + index), count };
}
