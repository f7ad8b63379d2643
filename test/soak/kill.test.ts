import { describe, it } from 'vitest';
import { killSessions } from '../support/kills.ts';

/** The full number belongs to the soak run; every test run does a slice of it. */
const KILLS = process.env.SOAK === 'full' ? 50 : 5;

describe('kill -9', () => {
  it(`at ${KILLS} random moments loses and doubles nothing`, { timeout: KILLS * 20_000 }, () =>
    killSessions(KILLS),
  );
});
