import { GatewayCloseCodes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { DiscordApi } from '#src/adapters/discord/discord-api.ts';
import { ClosedAtStart, refusalOf } from '#src/adapters/discord/gateway-words.ts';
import { PlatformAway, Refusal } from '#src/core/errors.ts';
import { deadAddress, httpServer } from '../../doctor/loopback.ts';

/** Why we are not let in where somebody answers like this, or nobody does. */
async function whyFrom(address: string): Promise<Refusal> {
  const api = new DiscordApi({ token: 'a.b.c', apiUrl: `http://${address}/api` });
  try {
    await api.identify();
  } catch (error) {
    return refusalOf(error);
  } finally {
    api.close();
  }
  throw new Error('It was let in.');
}

const answering = (status: number) =>
  httpServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"message": "no", "code": 0}');
  });

describe('what keeps us out of Discord', () => {
  it('passes where nobody answers, and where Discord is in trouble', async () => {
    for (const address of [await deadAddress(), await answering(503)])
      expect(await whyFrom(address)).toBeInstanceOf(PlatformAway);
  });

  it('does not pass where our token or our address is wrong', async () => {
    const wrongToken = await whyFrom(await answering(401));
    expect(wrongToken.message).toContain('does not know this token');
    for (const why of [wrongToken, await whyFrom(await answering(404))]) {
      expect(why).toBeInstanceOf(Refusal);
      expect(why).not.toBeInstanceOf(PlatformAway);
    }
  });

  it('passes where the gateway closed, but not for what we are', () => {
    const closed = (code: number) => refusalOf(new ClosedAtStart(code, {}));
    expect(closed(GatewayCloseCodes.UnknownError)).toBeInstanceOf(PlatformAway);
    expect(closed(1006)).toBeInstanceOf(PlatformAway);
    for (const code of [GatewayCloseCodes.AuthenticationFailed, GatewayCloseCodes.ShardingRequired])
      expect(closed(code)).not.toBeInstanceOf(PlatformAway);
  });
});
