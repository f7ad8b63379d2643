import { describe, expect, it } from 'vitest';
import { transportFault } from '#src/doctor/transport-fault.ts';

const place = { variable: 'REDIS_URL', address: 'game.example:6379' };
const withCode = (code: string) => Object.assign(new Error('hush'), { code });

describe('transportFault', () => {
  it.each([
    ['EAI_AGAIN', 'no server is known by the name'],
    ['EHOSTUNREACH', 'no way leads'],
    ['ENETUNREACH', 'no way leads'],
    ['ETIMEDOUT', 'did not answer in time'],
    ['UND_ERR_CONNECT_TIMEOUT', 'did not answer in time'],
    ['ECONNRESET', 'hung up'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'is not signed by anybody'],
    ['CERT_HAS_EXPIRED', 'has expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'was issued for another name'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'no encrypted connection'],
    ['EPROTO', 'no encrypted connection'],
    ['HPE_INVALID_VERSION', 'does not speak HTTP'],
  ])('has words for %s', (code, words) => {
    const { what, remedy } = transportFault(withCode(code), place);
    expect(what).toContain(words);
    expect(what).toContain(place.address);
    expect(remedy).toMatch(/^[A-Z].*[^.]$/);
  });

  it('finds the code where it was wrapped', () => {
    const wrapped = new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') });
    expect(transportFault(wrapped, place).what).toBe('nothing listens at game.example:6379');
  });

  it('knows a time-out by its name', () => {
    const late = AbortSignal.abort(new DOMException('hush', 'TimeoutError')).reason;
    expect(transportFault(late, place).what).toContain('did not answer in time');
  });

  it('tells the code of what it has no words for, and nothing of its message', () => {
    expect(transportFault(withCode('EODD'), place).what).toBe(
      'the connection to game.example:6379 failed (EODD)',
    );
    for (const odd of [new Error('hush'), 'hush', undefined])
      expect(transportFault(odd, place).what).toContain('(the system gives no reason)');
  });
});
