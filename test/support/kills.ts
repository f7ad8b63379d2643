import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { systemClock } from '#src/core/clock.ts';
import { playSession, type Session } from './session.ts';

/** An NPC's line that was shown, to its end or to where the process was killed. */
interface ShownLine {
  readonly speaker: string;
  readonly text: string;
  /** Something came after it: it was whole. */
  readonly isWhole: boolean;
}

/**
 * Kills a session with SIGKILL at random moments, again and again on the same data, and after each restart holds what
 * was shown before against what is stored: nothing lost, nothing doubled, nothing left half.
 * @param kills how often.
 */
export async function killSessions(kills: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dramatis-kill-'));
  const cast = '/npc generate count:4 prompt:the crew of a salt barge';
  try {
    await playSession(['/npc talk Hroon'], { dataDir });
    const shown: ShownLine[] = [];
    const drafted = new Set<string>();
    for (let kill = 0; kill < kills; kill += 1) {
      const talk = Array.from({ length: 12 }, (_, index) => `Hroon, what of matter ${kill}-${index}?`);
      const lines = [...talk.slice(0, 3), cast, ...talk.slice(3), `/npc quick guard seed:${kill}`];
      const session = await playSession(lines, { dataDir, killAfterInMs: Math.random() * 2500 });
      collect(session, shown, drafted);
      const after = await playSession(['/npc list'], { dataDir });
      expect(after).toMatchObject({ code: 0, stderr: '' });
      await holdAgainstStore(dataDir, shown, drafted);
    }
    expect(shown.length + drafted.size).toBeGreaterThan(kills / 2);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function collect({ stdout }: Session, shown: ShownLine[], drafted: Set<string>): void {
  // What the greeting repeats of the last evening was collected then.
  const play = stdout.slice(stdout.indexOf('\nGM: '));
  const rows = play.split('\n');
  for (const [index, row] of rows.entries()) {
    const spoken = /^Hroon: (.*)$/u.exec(row);
    if (spoken !== null) {
      shown.push({ speaker: 'Hroon', text: spoken[1]?.trim() ?? '', isWhole: index < rows.length - 1 });
    }
    const card = /^\[\d of \d\] (.+?) — /u.exec(row);
    // A row that was cut may hold half a name.
    if (card !== null && index < rows.length - 1) drafted.add(card[1] ?? '');
  }
}

async function holdAgainstStore(
  dataDir: string,
  shown: readonly ShownLine[],
  drafted: ReadonlySet<string>,
): Promise<void> {
  const store = await openSqliteStore({ file: join(dataDir, 'dramatis.db'), clock: systemClock });
  try {
    const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Local' });
    const campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
    const scene = await campaign.scenes.current('table');
    const lines = scene === undefined ? [] : await campaign.lines.recent(scene.id, 100_000);
    expect(lines.filter(({ state }) => state === 'speaking')).toEqual([]);
    const replies = lines.filter(({ speaker }) => speaker.kind === 'npc');
    for (const { text, isWhole } of shown) {
      const kept = replies.filter((line) => (isWhole ? line.text === text : line.text.startsWith(text)));
      expect(kept.length, `a line that was shown: ${text}`).toBeGreaterThanOrEqual(1);
    }
    // What a person said is unique in this session, and so is the answer to it.
    const said = lines.filter(({ speaker, text }) => speaker.kind === 'gm' && text.includes('matter'));
    expect(new Set(said.map(({ text }) => text)).size).toBe(said.length);
    const answered = replies.map(({ replyTo }) => replyTo).filter((id) => id !== undefined);
    expect(new Set(answered).size).toBe(answered.length);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map(({ seq }) => seq).toSorted((a, b) => a - b));
    const hroon = await campaign.npcs.byName('Hroon');
    const remembered = (await campaign.memories.of(hroon?.id ?? '', { limit: 100_000 })).map(({ id }) => id);
    expect(new Set(remembered).size).toBe(remembered.length);
    const ownWords = replies.filter(({ text }) => text !== '').map(({ id }) => id);
    expect(remembered, 'what it said itself, as far as it was shown').toEqual(
      expect.arrayContaining(ownWords),
    );
    const names = (await campaign.npcs.list()).map(({ persona }) => persona.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of drafted) expect(names, 'an NPC whose card was shown').toContain(name);
  } finally {
    await store.close();
  }
}
