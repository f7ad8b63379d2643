/**
 * Writes lines into a store and prints the id of each once its commit was promised. Eight at a time; some are spoken in
 * two steps as a reply is, some changed or taken back as players do. Arguments: file, prefix of the ids, how many lines,
 * and `rest` where memories are to be consolidated at the same time, over and over.
 */
import { writeSync } from 'node:fs';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { systemClock } from '#src/core/clock.ts';
import { Consolidator } from '#src/memory/consolidate.ts';
import { addNpc, newLine, newNpc } from '../contract/store-samples.ts';
import { fateOf, REVISED, SMALL_BOUNDS } from './store-kill-fates.ts';

const [file = '', prefix = '', count = '0', rest = ''] = process.argv.slice(2);

const store = await openSqliteStore({ file, clock: systemClock });
const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
const campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
const scene = await campaign.scenes.open('table');
await addNpc(campaign, newNpc(`npc of ${prefix}`));

let next = 0;
async function write(): Promise<void> {
  while (next < Number(count)) {
    const id = `${prefix}-${++next}`;
    const fate = fateOf(id);
    const line = newLine(id, scene.id, { witnesses: [`npc of ${prefix}`] });
    await campaign.lines.append(fate === 'spoken' ? { ...line, text: '', state: 'speaking' } : line);
    if (fate === 'spoken') await campaign.lines.update(id, { text: line.text, state: 'said' });
    if (fate === 'revised') await campaign.lines.revise(id, REVISED);
    if (fate === 'retracted') await campaign.lines.retract(id);
    writeSync(1, `${id}\n`);
  }
}
async function consolidate(): Promise<void> {
  const consolidator = new Consolidator({ clock: systemClock, judge: undefined, bounds: SMALL_BOUNDS });
  const origin = { workspaceId: workspace.id, campaignId: campaign.campaignId };
  while (next < Number(count)) await consolidator.run(campaign, origin, new AbortController().signal);
}

const writing = Array.from({ length: 8 }, write);
await Promise.all(rest === 'rest' ? [...writing, consolidate()] : writing);
await store.close();
