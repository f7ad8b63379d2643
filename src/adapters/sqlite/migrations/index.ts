import type { Migration } from 'kysely/migration';
import { firstPlayable } from './0001-first-playable.ts';
import { memories } from './0002-memories.ts';
import { chatPlatforms } from './0003-chat-platforms.ts';
import { lore } from './0004-lore.ts';
import { tiers } from './0005-tiers.ts';
import { search } from './0006-search.ts';
import { worldTime } from './0007-world-time.ts';
import { locks } from './0008-locks.ts';
import { recentVectors } from './0009-recent-vectors.ts';
import { news } from './0010-news.ts';

/** Run in the order of their names. One that has been released is never changed: a new one follows it. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-playable': firstPlayable,
  '0002-memories': memories,
  '0003-chat-platforms': chatPlatforms,
  '0004-lore': lore,
  '0005-tiers': tiers,
  '0006-search': search,
  '0007-world-time': worldTime,
  '0008-locks': locks,
  '0009-recent-vectors': recentVectors,
  '0010-news': news,
};
