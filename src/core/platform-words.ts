import type { PlatformName } from './entities.ts';

/** What people of a platform call the place that a workspace is, and those who share a role. */
export interface PlatformWords {
  readonly workspace: string;
  readonly role: string;
  /** Before the name of a role. */
  readonly allOfRole: string;
}

const TABLE_WORDS = { workspace: 'table', role: 'role', allOfRole: 'everybody with the role' };

const WORDS: Readonly<Record<PlatformName, PlatformWords>> = {
  terminal: TABLE_WORDS,
  discord: { ...TABLE_WORDS, workspace: 'server' },
  slack: { workspace: 'workspace', role: 'user group', allOfRole: 'everybody in the user group' },
};

export function platformWords(platform: PlatformName): PlatformWords {
  return WORDS[platform];
}
