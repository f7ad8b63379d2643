import { createHash } from 'node:crypto';
import type { Clock } from '#src/core/clock.ts';
import type { ActionShelf } from '#src/core/store.ts';
import type { Action } from '#src/core/view.ts';
import { isAction, isRecord, readJson } from './json.ts';
import type { Database } from './tables.ts';

/** Six bits each: enough that no two actions ever share a code. */
const CODE_IN_CHARACTERS = 24;

export function actionShelf(db: Database, clock: Clock): ActionShelf {
  return {
    put: async (workspaceId, action) => {
      const json = canonicalJson(action);
      const code = codeOf(workspaceId, json);
      const put_at_ms = clock.now();
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('shelved_actions')
          .values({ workspace_id: workspaceId, code, action: json, put_at_ms })
          .onConflict((conflict) => conflict.columns(['workspace_id', 'code']).doUpdateSet({ put_at_ms }))
          .execute();
      });
      return code;
    },

    get: async (workspaceId, code) => {
      const row = await db
        .selectFrom('shelved_actions')
        .select('action')
        .where('workspace_id', '=', workspaceId)
        .where('code', '=', code)
        .executeTakeFirst();
      return row && readJson(row.action, isAction, 'shelved_actions', code);
    },

    expire: async (beforeInMs) =>
      db.transaction().execute(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('shelved_actions')
          .where('put_at_ms', '<', beforeInMs)
          .executeTakeFirstOrThrow();
        return Number(numDeletedRows);
      }),
  };
}

function codeOf(workspaceId: string, json: string): string {
  const hash = createHash('sha256').update(JSON.stringify(workspaceId)).update(json);
  return hash.digest('base64url').slice(0, CODE_IN_CHARACTERS);
}

/** The same for the same action, in whatever order its parts were given. */
function canonicalJson(action: Action): string {
  return JSON.stringify(action, (_, value: unknown) => (isRecord(value) ? sorted(value) : value));
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
