/**
 * Brings every server that the tests use and prints one line of JSON: for each its name and null, or the reason why
 * it cannot be brought. The test runner calls it once, before the tests.
 */
import { chromaMissing } from './chroma.ts';
import { redisMissing } from './redis.ts';

const [redis, chroma] = await Promise.all([redisMissing(), chromaMissing()]);
process.stdout.write(`${JSON.stringify({ redis: redis ?? null, chroma: chroma ?? null })}\n`);
