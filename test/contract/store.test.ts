import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { storeContract } from './store.ts';

storeContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-store-'));
  return {
    open: (clock, secretKey) => openSqliteStore({ file: join(folder, 'dramatis.db'), clock, secretKey }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});
