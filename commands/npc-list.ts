import type { Block } from '#src/core/view.ts';
import { defineCommand } from './command.ts';
import { shown } from './notices.ts';

export const npcList = defineCommand({
  name: 'npc list',
  summary: 'All NPCs of this campaign, and who waits in the personas folder',
  permission: 'gm',
  answers: 'asker',
  example: '/npc list',
  options: {},
  async run(context) {
    const { roster, store, scenes, stage } = context;
    const { npcs, personas, faults } = await roster.waiting(store);
    const onStage = new Set((await scenes.onStage(context)).map(({ id }) => id));
    const rows = npcs.map((npc) => [
      npc.persona.name,
      npc.persona.role,
      onStage.has(npc.id) ? 'on stage' : npc.status === 'draft' ? 'draft (leaves after a day)' : 'kept',
    ]);
    const waiting = personas.map(({ persona }) => [
      persona.name,
      persona.role,
      'waiting in the personas folder',
    ]);
    const columns = ['Name', 'Role', ''].map((title) => ({ title, align: 'left' as const }));
    const blocks: Block[] = [];
    if (rows.length + waiting.length > 0)
      blocks.push({ kind: 'table', columns, rows: [...rows, ...waiting] });
    else
      blocks.push({ kind: 'text', text: 'Nobody yet. /npc generate drafts a cast, /npc quick one person.' });
    if (faults.length > 0) {
      const items = faults.map(({ file, line, reason }) => `personas/${file}, line ${line}: ${reason}`);
      blocks.push({ kind: 'text', text: 'Something is wrong with these files:' }, { kind: 'list', items });
    }
    await stage.tell(shown(blocks), 'asker');
  },
});
