import { type Migration, Migrator } from 'kysely/migration';
import { Refusal } from '#src/core/errors.ts';
import type { Database } from './tables.ts';

/**
 * Brings the schema up to the newest migration: all of them or, where one fails, none. Processes that start together
 * wait for each other here.
 *
 * @throws Refusal where the database has been used by a newer version, which knew migrations that this one does not.
 */
export async function migrate(db: Database, migrations: Readonly<Record<string, Migration>>): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const migrator = new Migrator({
      db: transaction,
      provider: { getMigrations: async () => ({ ...migrations }) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const executed = await transaction.selectFrom('kysely_migration').select('name').execute();
    if (executed.some(({ name }) => !Object.hasOwn(migrations, name)))
      throw new Refusal(
        'The database was last used by a newer version of Dramatis, and this one does not know its tables. Start the newer version again, or restore a backup from before the update.',
      );
    throw error;
  });
}
