import type { PlatformName } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { InstallationStore } from '#src/core/store.ts';
import { isTexts, readJson } from './json.ts';
import { Seal } from './sealing.ts';
import type { Database } from './tables.ts';

/** @param secretKey seals the tokens; without it none is kept, and none that is there can be read. */
export function installationStore(db: Database, secretKey: string | undefined): InstallationStore {
  const seal = secretKey === undefined ? undefined : new Seal(secretKey);

  return {
    save: async ({ platform, teamId, botToken, ...rest }) => {
      if (seal === undefined)
        throw new Refusal(
          'The app cannot be installed here, because its token would lie unsealed. Set SECRET_KEY to a long random text, start again, and install it once more.',
        );
      const row = {
        team_name: rest.teamName,
        sealed_bot_token: await seal.seal(botToken, useOf(platform, teamId)),
        bot_id: rest.botId,
        bot_user_id: rest.botUserId,
        scopes: JSON.stringify(rest.scopes),
        installed_at_ms: rest.installedAtInMs,
      };
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('installations')
          .values({ platform, team_id: teamId, ...row })
          .onConflict((conflict) => conflict.columns(['platform', 'team_id']).doUpdateSet(row))
          .execute();
      });
    },

    byTeam: async (platform, teamId) => {
      const row = await db
        .selectFrom('installations')
        .selectAll()
        .where('platform', '=', platform)
        .where('team_id', '=', teamId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const botToken = await seal?.open(row.sealed_bot_token, useOf(platform, teamId));
      if (botToken === undefined)
        throw new Refusal(
          `The token of the workspace ${teamId} cannot be read with ${seal === undefined ? 'no SECRET_KEY' : 'this SECRET_KEY'}. Set the SECRET_KEY that it was sealed with, or install the app in that workspace again.`,
        );
      return {
        platform,
        teamId,
        teamName: row.team_name,
        botToken,
        botId: row.bot_id,
        botUserId: row.bot_user_id,
        scopes: readJson(row.scopes, isTexts, 'installations', teamId),
        installedAtInMs: row.installed_at_ms,
      };
    },

    remove: async (platform, teamId) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('installations')
          .where('platform', '=', platform)
          .where('team_id', '=', teamId)
          .execute();
      }),

    teams: async (platform) => {
      const rows = await db
        .selectFrom('installations')
        .select('team_id')
        .where('platform', '=', platform)
        .orderBy('team_id')
        .execute();
      return rows.map((row) => row.team_id);
    },
  };
}

/** A token that is moved to another workspace's row cannot be read there. */
function useOf(platform: PlatformName, teamId: string): string {
  return JSON.stringify([platform, teamId]);
}
