import { it } from 'vitest';
import { playStories } from '../../support/stories.ts';

/** The full number belongs to the soak run; every test run does a slice of it. */
const CASES = 1_000;

it(`shows no NPC what it did not witness, over ${CASES} prompts and recalls`, { timeout: 120_000 }, () =>
  playStories(CASES),
);
