import { CannotBring } from './debian-packages.ts';

/** Set by the test runner, which looks for the servers once for all test files: `{"chroma": "no network", …}`. */
const KNOWN = 'SERVERS_MISSING';

/**
 * Why a server cannot be had here, or undefined where it can. Looks (and fetches, the first time) through `locate`,
 * unless the test runner has looked already and found nothing.
 */
export async function whyMissing(name: string, locate: () => Promise<unknown>): Promise<string | undefined> {
  const known: unknown = JSON.parse(process.env[KNOWN] ?? '{}');
  if (typeof known === 'object' && known !== null) {
    const reason = Object.entries(known).find(([server]) => server === name)?.[1];
    if (typeof reason === 'string') return reason;
  }
  try {
    await locate();
    return undefined;
  } catch (error) {
    if (error instanceof CannotBring) return error.message;
    throw error;
  }
}
