import { describe, it } from 'vitest';
import { playStories } from '../support/stories.ts';

/** The full number belongs to the soak run; every test run does a slice of it. */
const CASES = process.env.SOAK === 'full' ? 20_000 : 2_000;

describe('the witness rule', () => {
  it(`holds over ${CASES} prompts and recalls of random stories`, { timeout: CASES * 60 }, () =>
    playStories(CASES),
  );
});
