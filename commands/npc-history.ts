import { isDeepStrictEqual } from 'node:util';
import type { NpcVersion } from '#src/core/entities.ts';
import { EDITABLE_FIELDS } from '#src/core/persona.ts';
import { wordOfField } from '#src/persona/field-words.ts';
import { defineCommand, npcOption } from './command.ts';
import { restoreAction, shown, timeText, undoAction } from './notices.ts';

/** Older versions are kept, and found by number. */
const VERSIONS_SHOWN = 20;

export const npcHistory = defineCommand({
  name: 'npc history',
  summary: "The versions of an NPC's sheet",
  permission: 'gm',
  answers: 'asker',
  example: '/npc history Tilda Marsh',
  options: { npc: npcOption('any', 'The NPC, also a discarded one') },
  async run({ roster, store, stage }, { npc: typed }) {
    const npc = await roster.findAny(store, typed);
    const versions = await store.npcs.versions(npc.id);
    const rows = versions
      .slice(0, VERSIONS_SHOWN)
      .map((version, at) => [
        String(version.version),
        timeText(version.createdAtInMs),
        version.by,
        version.reason,
        changesSince(versions[at + 1], version),
      ]);
    const titles = ['Version', 'When', 'By', 'Reason', 'Changed'] as const;
    const columns = titles.map(
      (title) => ({ title, align: title === 'Version' ? 'right' : 'left' }) as const,
    );
    const { name } = npc.persona;
    const undo = npc.version > 1 ? [undoAction(npc)] : [];
    const actions = npc.status === 'discarded' ? [restoreAction(name)] : undo;
    await stage.tell(
      shown(
        [
          { kind: 'heading', text: npc.status === 'discarded' ? `${name} (discarded)` : name },
          { kind: 'table', columns, rows },
        ],
        actions,
      ),
      'asker',
    );
  },
});

function changesSince(before: NpcVersion | undefined, after: NpcVersion): string {
  if (before === undefined) return '';
  return EDITABLE_FIELDS.filter((field) => !isDeepStrictEqual(before.persona[field], after.persona[field]))
    .map(wordOfField)
    .join(', ');
}
