import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '#commands/index.ts';
import { readCommand } from '#src/core/command-syntax.ts';
import { ModelError } from '#src/core/errors.ts';
import { MAX_NAME_IN_CHARACTERS } from '#src/core/names.ts';
import type { StatBlock } from '#src/core/persona.ts';
import { draftOf, planOf } from '../../support/answers.ts';
import { admin, frontOf, place, player, spoken } from '../../support/front.ts';
import { RecordingPlatform } from '../../support/recording-platform.ts';
import { ScriptedModel } from '../../support/scripted-model.ts';
import { mira, openTable, type Table } from '../../support/table.ts';

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

const open = (...scripts: ConstructorParameters<typeof ScriptedModel>[0]) =>
  frontOf(table, { model: new ScriptedModel(scripts) });
const names = async () => (await table.campaign.npcs.list()).map(({ persona }) => persona.name);

const stat: StatBlock = {
  system: '5e',
  size: 'medium',
  creature_type: 'humanoid',
  alignment: 'neutral',
  challenge_rating: 1,
  abilities: { str: 10, dex: 16, con: 12, int: 10, wis: 12, cha: 8 },
  armor_class: 13,
  hit_dice: { count: 4, sides: 8 },
  speed_in_feet: 30,
  saving_throws: [],
  skills: ['stealth'],
  languages: [],
  actions: [],
};

describe('every declaration', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s fits every platform',
    (_, command) => {
      expect(command.name).toMatch(/^[a-z]{1,32}( [a-z]{1,32}){0,2}$/u);
      expect(command.summary.length).toBeLessThanOrEqual(100);
      expect(Object.keys(command.options).length).toBeLessThanOrEqual(25);
      const needed = Object.values(command.options).map(({ required }) => required);
      // Discord wants the required ones first.
      expect(needed).toEqual(needed.toSorted((a, b) => Number(b) - Number(a)));
      for (const [name, spec] of Object.entries(command.options)) {
        expect(name).toMatch(/^[a-z][a-z-]{0,31}$/u);
        expect(spec.description.length).toBeLessThanOrEqual(100);
        if (spec.kind === 'choice') expect(spec.choices.length).toBeLessThanOrEqual(25);
      }
      const read = readCommand(command.example, COMMANDS);
      expect(read).toMatchObject({ command: command.name });
    },
  );

  it('has its name to itself', () => {
    expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
  });
});

describe('who may', () => {
  it('keeps GM commands from players and admin commands from GMs, saying so', async () => {
    const { run } = open();
    await table.addNpc('Tilda', { secrets: [{ text: 'cannot swim', until: '' }] });
    expect(await run('npc show', { npc: 'Tilda' }, player)).toMatch(/for the game master/u);
    expect(await run('admin stats', {}, { ...admin, permission: 'gm' })).toMatch(/for an admin/u);
    expect(await run('npc show', { npc: 'Tilda' })).toContain('cannot swim');
    expect(table.stage.notices.at(-1)?.audience).toBe('asker');
  });

  it('shows players in /help what they can do, and no more', async () => {
    const { run } = open();
    const text = await run('help', {}, player);
    expect(text).toContain('/roll');
    expect(text).not.toContain('/npc generate');
    expect(await run('help')).toContain('/npc generate');
  });
});

describe('help', () => {
  it('explains a command, and finds the nearest', async () => {
    const { run } = open();
    expect(await run('help', { command: '/npc generate' })).toMatch(/count: .*1-20/u);
    expect(await run('help', { command: 'npc generat' })).toContain(
      'Did you mean /help command:npc generate?',
    );
    const group = await run('help', { command: '/Memory' });
    expect(group).toMatch(/\/memory recall \|.*\/memory list \|.*\/memory pin \|/su);
    expect(group).not.toContain('/lore');
    expect(group).toContain('/help command:memory recall explains one.');
    expect(await run('help', { command: 'memory' }, player)).toMatch(/^There is no command “memory”\./u);
    expect(await run('help', { command: 'zzzzzzzz' })).toContain('Type /help');
  });
});

describe('a cast by command', () => {
  it('is drafted, kept, discarded, restored', async () => {
    const { run } = open(planOf('Ada', 'Bo'), draftOf(), draftOf());
    await run('npc generate', { count: '2', prompt: 'smugglers' });
    expect(await names()).toEqual(['Ada', 'Bo']);
    expect(await run('npc list')).toMatch(/Ada \| .* \| draft/u);
    expect(await run('npc keep', { npc: 'ada' })).toBe('Ada is kept.');
    expect(await run('npc keep', { npc: 'ada' })).toBe('Ada is kept already.');
    expect(await run('npc discard', { npc: 'bo' })).toBe('Bo is discarded.');
    expect(await names()).toEqual(['Ada']);
    expect(await run('npc reroll', { npc: 'Bo' })).toContain('/npc restore npc:Bo');
    expect(table.stage.notices.at(-1)?.notice.actions).toEqual([
      { label: 'Restore', command: 'npc restore', options: { npc: 'Bo' } },
    ]);
    expect(await run('npc restore', { npc: 'Bo' })).toBe('Bo is back among the NPCs, not on stage.');
    expect(table.stage.notices.at(-1)?.notice.actions.map(({ label }) => label)).toEqual(['Talk', 'Show']);
    expect(await names()).toEqual(['Ada', 'Bo']);
    expect(await run('npc restore', { npc: 'Bo' })).toContain('Say which version');
  });

  it('has a failed member drafted again by reroll', async () => {
    const { run } = open(planOf('Ada'), [new ModelError('timeout', 'm', 'slow')], draftOf());
    await run('npc generate', { count: '1', prompt: 'one' });
    expect(await names()).toEqual([]);
    expect(await run('npc reroll', { npc: 'ada', hint: 'older' })).toContain('Ada is drafted.');
    expect(await names()).toEqual(['Ada']);
  });

  it('has a failed member drafted again under a name that another had meanwhile, once it is free', async () => {
    const { run } = open(planOf('Ada'), [new ModelError('timeout', 'm', 'slow')], draftOf(), draftOf());
    await run('npc generate', { count: '1', prompt: 'one' });
    const other = await table.addNpc('Ada', { role: 'spy' });
    // The name means whoever has it.
    expect(await run('npc reroll', { npc: 'Ada' })).toContain('Ada is drafted again.');
    await run('npc edit', { npc: 'Ada', field: 'name', value: 'Ida' });
    expect(await run('npc reroll', { npc: 'Ada' })).toContain('Ada is drafted.');
    expect(await names()).toEqual(['Ada', 'Ida']);
    expect((await table.campaign.npcs.byId(other.id))?.persona.name).toBe('Ida');
  });

  it('has each button of a card work when it is pressed', async () => {
    const { run } = open(planOf('Ada'), draftOf(), draftOf());
    await run('npc generate', { count: '1', prompt: 'one' });
    const [slot] = table.stage.boards[0]?.at(-1)?.slots ?? [];
    if (slot?.state !== 'finished') throw new Error('Ada is drafted');
    expect(slot.actions.map(({ label }) => label)).toEqual([
      'Keep',
      'Talk',
      'Reroll',
      'Lock',
      'Edit',
      'Discard',
    ]);
    for (const { command, options } of slot.actions) {
      await run(command, options);
      expect(table.stage.notices.at(-1)?.notice.tone).not.toBe('refusal');
    }
  });

  it.each([
    [{ count: '0', prompt: 'x' }, /whole number from 1 to 20/u],
    [{ count: '21', prompt: 'x' }, /whole number from 1 to 20/u],
    [{ count: 'many', prompt: 'x' }, /whole number/u],
    [{ count: '3' }, /needs prompt/u],
    [{ prompt: '   ' }, /prompt is empty/u],
    [{ prompt: 'x'.repeat(10_000) }, /10,000 characters long and may have 4,000/u],
    [{ prompt: 'a\u001b[2Jb' }, /control characters/u],
    [{ prompt: 'x', colour: 'red' }, /colour/u],
  ])('refuses %j in one sentence and changes nothing', async (given, reason) => {
    const { run, faults } = open();
    const told = await run('npc generate', given as Readonly<Record<string, string>>);
    expect(told).toMatch(reason);
    expect(told).not.toContain('\u001b');
    expect(table.stage.boards).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe('one NPC', () => {
  it('is made from notes, and at once from the tables', async () => {
    const { run } = open(draftOf(), draftOf({ name: 'Oda' }));
    expect(await run('npc create', { notes: 'Wen keeps the ferry' })).toContain(
      'Wen is drafted. Your notes stay on the sheet.',
    );
    expect(await run('npc quick', { role: 'barkeep' })).toContain(
      'Oda is ready, and only you see this. Talk brings them on stage.',
    );
    expect(table.stage.notices.at(-1)?.notice.actions.map(({ label }) => label)).toEqual([
      'Talk',
      'Show',
      'Keep',
      'Reroll',
      'Lock',
      'Edit',
      'Discard',
      'Deepen',
    ]);
    expect(await names()).toEqual(['Oda', 'Wen']);
  });

  it('is edited, looked at in its versions, and brought back', async () => {
    const { run } = open();
    await table.addNpc('Tilda', { goals: ['a boat'] });
    expect(await run('npc edit', { npc: 'tilda', field: 'goals', value: '+see the sea' })).toContain(
      'version 2',
    );
    expect((await table.campaign.npcs.byName('Tilda'))?.persona.goals).toEqual(['a boat', 'see the sea']);
    expect(await run('npc history', { npc: 'tilda' })).toMatch(/2 \| .* \| GM \| edited \| goals/u);
    expect(await run('npc restore', { npc: 'tilda', version: '1' })).toContain('now version 3');
    expect((await table.campaign.npcs.byName('Tilda'))?.persona.goals).toEqual(['a boat']);
    expect(await run('npc restore', { npc: 'tilda', version: '9' })).toContain('no version 9');
  });

  it('shows what can be edited, and what it holds', async () => {
    const { run } = open();
    await table.addNpc('Tilda', { goals: ['a boat', 'the sea'], description: 'x'.repeat(300) });
    const all = await run('npc edit', { npc: 'tilda' });
    expect(all).toContain('goals: a boat; the sea\n');
    expect(all).toContain('fears: (empty)\n');
    expect(all).toContain(`looks: ${'x'.repeat(79)}…\n`);
    expect(all).toContain('talkativeness: joins in now and then (0.5 of 1)\n');
    // What is changed most often stands first, what is empty last.
    expect(all.indexOf('goals:')).toBeLessThan(all.indexOf('name:'));
    expect(all.indexOf('name:')).toBeLessThan(all.indexOf('fears:'));
    expect(all).not.toContain('/npc');
    expect(table.stage.notices.at(-1)?.audience).toBe('asker');
    expect(await run('npc edit', { npc: 'tilda', field: 'description' })).toContain('x'.repeat(300));
    expect(await run('npc edit', { npc: 'tilda', value: 'lost' })).toContain('Say which field');
    expect((await table.campaign.npcs.byName('Tilda'))?.version).toBe(1);
  });

  it('loses no edit that is made at the same time as another', async () => {
    const { run } = open();
    await table.addNpc('Tilda');
    const edits = ['+a boat', '+the sea', '+a dry bed'].map((value) =>
      run('npc edit', { npc: 'Tilda', field: 'goals', value }),
    );
    await Promise.all(edits);
    const goals = (await table.campaign.npcs.byName('Tilda'))?.persona.goals;
    expect(goals?.toSorted()).toEqual(['a boat', 'a dry bed', 'the sea']);
  });

  it('is looked at and brought back after it was discarded, and only as it can be', async () => {
    const { run } = open();
    const { id } = await table.addNpc('Ada', { role: 'scribe' });
    await run('npc edit', { npc: 'Ada', field: 'role', value: 'spy' });
    await run('npc discard', { npc: 'Ada' });
    expect(await run('npc show', { npc: 'Ada' })).toContain('Ada was discarded. /npc restore npc:Ada');
    expect(await run('npc history', { npc: 'Ada' })).toMatch(/^Ada \(discarded\)/u);
    expect(await run('npc restore', { npc: 'Ada', version: '9' })).toContain('Ada has no version 9');
    expect((await table.campaign.npcs.byId(id))?.status).toBe('discarded');
    expect(await run('npc restore', { npc: 'Ada', version: '1' })).toContain('now version 3');
    expect(await table.campaign.npcs.byId(id)).toMatchObject({ status: 'kept', persona: { role: 'scribe' } });
  });

  it('stays discarded where the name of its version is taken', async () => {
    const { run } = open();
    const { id } = await table.addNpc('Ada');
    await run('npc edit', { npc: 'Ada', field: 'name', value: 'Ida' });
    await run('npc discard', { npc: 'Ida' });
    await table.addNpc('Ada');
    expect(await run('npc restore', { npc: 'Ida', version: '1' })).toContain('another NPC called Ada');
    expect((await table.campaign.npcs.byId(id))?.status).toBe('discarded');
  });

  it('is on no stage any more once it was discarded, wherever it stood', async () => {
    const { run } = open();
    const { id } = await table.addNpc('Ada');
    const den = await table.campaign.scenes.open('den');
    await table.campaign.scenes.enter(den.id, id);
    await run('npc talk', { npc: 'Ada' });
    await run('npc discard', { npc: 'Ada' });
    await run('npc restore', { npc: 'Ada' });
    expect(await table.campaign.scenes.cast(den.id)).toEqual([]);
    expect(await run('scene')).toContain('Nobody is on stage.');
  });

  it('cannot take the name of another', async () => {
    const { run } = open();
    await table.addNpc('Tilda');
    await table.addNpc('Bram');
    expect(await run('npc edit', { npc: 'Bram', field: 'name', value: 'TILDA' })).toContain('already');
    expect(await names()).toEqual(['Bram', 'Tilda']);
  });

  it('does not take the name of somebody in the folder', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'personas-'));
    try {
      await writeFile(join(directory, 'odile.yaml'), 'name: Odile Crane\nrole: lamplighter');
      const { run } = frontOf(table, { model: new ScriptedModel([]), personasDirectory: directory });
      await table.addNpc('Bram');
      const wish = { npc: 'Bram', field: 'name', value: 'odile crane' };
      expect(await run('npc edit', wish)).toContain('Odile Crane waits in the personas folder (odile.yaml)');
      expect(await names()).toEqual(['Bram']);
      expect(await run('npc list')).toContain('Odile Crane | lamplighter | waiting in the personas folder');
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('is deepened, which says what was filled or that there was nothing to add', async () => {
    const filled = { goals: ['a boat'], fears: ['the deep'] };
    const { run } = open(draftOf({ name: 'Tilda', ...filled }), draftOf({ name: 'Tilda', ...filled }));
    await table.addNpc('Tilda');
    const first = await run('npc reroll', { npc: 'Tilda', deepen: 'true' });
    expect(first).toMatch(/^Tilda is deepened: .*goals, fears.* are filled now\./u);
    expect(table.stage.notices.at(-1)?.notice.actions.map(({ label }) => label)).toContain('Undo');
    const second = await run('npc reroll', { npc: 'Tilda', deepen: 'true' });
    expect(second).toContain('There was nothing to add to Tilda');
    expect(table.stage.notices.at(-1)?.notice.actions.map(({ label }) => label)).not.toContain('Undo');
  });

  it('has fields locked and unlocked', async () => {
    const { run } = open();
    const { id } = await table.addNpc('Tilda');
    expect(await run('npc lock', { npc: 'Tilda', fields: 'voice, Goals' })).toBe(
      'The voice and goals of Tilda are locked: a reroll leaves that alone.',
    );
    expect((await table.campaign.npcs.byId(id))?.locks).toEqual(['voice', 'goals']);
    expect(await run('npc show', { npc: 'Tilda' })).toContain('Locked: voice, goals');
    expect(await run('npc lock', { npc: 'Tilda', fields: 'goal' })).toContain('Did you mean goals?');
    const shown = await run('npc lock', { npc: 'Tilda' });
    expect(shown).toContain('The voice and goals of Tilda are locked');
    expect(table.stage.notices.at(-1)?.notice.actions).toHaveLength(16);
    const press = async (label: string) => {
      const action = table.stage.notices.at(-1)?.notice.actions.find((each) => each.label === label);
      return run('npc lock', action?.options ?? {});
    };
    expect(await press('Unlock voice')).toContain('The goals of Tilda are locked');
    expect(await press('Lock voice')).toContain('The goals and voice of Tilda are locked');
    expect(await run('npc lock', { npc: 'Tilda', fields: '-goals, voice' })).toContain('Nothing of Tilda');
    await run('npc lock', { npc: 'Tilda', fields: 'fears' });
    await run('npc lock', { npc: 'Tilda', fields: 'none' });
    expect(await run('npc lock', { npc: 'Tilda' })).toContain('Nothing of Tilda is locked');
    expect((await table.campaign.npcs.byId(id))?.locks).toEqual([]);
  });

  it('enters, is there already, leaves, is not there', async () => {
    const { run } = open();
    await table.addNpc('Tilda', { first_mes: 'Mind the nets.' });
    await run('npc talk', { npc: 'Tilda' });
    expect(table.stage.speeches.map(({ text }) => text)).toEqual(['Mind the nets.']);
    expect(await run('npc talk', { npc: 'Tilda' })).toContain('on stage already');
    expect(await run('scene', {}, player)).toContain('Tilda: Mind the nets.');
    expect(await run('npc list')).toContain('on stage');
    expect(await run('npc dismiss', { npc: 'Tilda' })).toBe('Tilda leaves.');
    expect(await run('npc dismiss', { npc: 'Tilda' })).toContain('not on stage');
    await table.addNpc('Mute');
    expect(await run('npc talk', { npc: 'Mute' })).toBe('Mute enters.');
    expect(await run('npc discard', { npc: 'Mute' })).toBe('Mute is discarded.\nMute leaves.');
    expect(table.stage.notices.at(-1)?.audience).toBe('everyone');
    expect(await run('scene')).toContain('Nobody is on stage.');
  });

  it('leaves with all the others at the end of an evening, or with those who are named', async () => {
    const { run } = open();
    for (const name of ['Ada', 'Bo', 'Cy', 'Di']) await table.addNpc(name);
    for (const name of ['Ada', 'Bo', 'Cy']) await run('npc talk', { npc: name });
    expect(await run('npc dismiss', { npc: 'ada, Di' })).toBe('Ada leaves.\nDi is not on stage here.');
    expect(table.stage.notices.slice(-2).map(({ audience }) => audience)).toEqual(['everyone', 'asker']);
    // One who is nobody: nobody leaves.
    expect(await run('npc dismiss', { npc: 'Bo, Cyy' })).toMatch(/^There is no NPC called “Cyy” here\./u);
    await run('npc talk', { npc: 'Ada' });
    expect(await run('npc dismiss', { npc: 'ALL' })).toBe('Bo, Cy and Ada leave.');
    expect(table.stage.notices.at(-1)?.audience).toBe('everyone');
    expect(await run('scene')).toContain('Nobody is on stage.');
    expect(await run('npc dismiss', { npc: 'everyone' })).toBe('Nobody is on stage here.');
    expect(table.stage.notices.at(-1)?.audience).toBe('asker');
    expect(await run('npc dismiss', { npc: ' , ' })).toMatch(/^Name 1 to 40 NPCs/u);
  });

  it('leaves alone where its name is the word for all, or has a comma in it', async () => {
    const { run } = open();
    for (const name of ['All', 'Wenna, the Younger', 'Bo']) {
      await table.addNpc(name);
      await run('npc talk', { npc: name });
    }
    expect(await run('npc dismiss', { npc: 'all' })).toBe('All leaves.');
    expect(await run('npc dismiss', { npc: 'Wenna, the Younger' })).toBe('Wenna, the Younger leaves.');
    expect(await run('scene')).toContain('On stage: Bo.');
  });

  it('leaves one channel, and no other', async () => {
    const { run } = open();
    const { id } = await table.addNpc('Ada');
    const den = await table.campaign.scenes.open('den');
    await table.campaign.scenes.enter(den.id, id);
    await run('npc talk', { npc: 'Ada' });
    expect(await run('npc dismiss', { npc: 'all' })).toBe('Ada leaves.');
    expect(await table.campaign.scenes.cast(den.id)).toHaveLength(1);
  });

  it('is kept with all the other drafts', async () => {
    const members = Array.from({ length: 14 }, (_, index) => `Npc ${String.fromCharCode(65 + index)}`);
    const { run } = open(planOf(...members), ...members.map(() => draftOf()));
    expect(await run('npc keep', { npc: 'all' })).toBe('There is no draft to keep.');
    await run('npc generate', { count: '14', prompt: 'smugglers' });
    expect(await run('npc keep', { npc: 'npc a, Npc B' })).toBe('Npc A and Npc B are kept.');
    expect(await run('npc keep', { npc: 'npc b; Npc C' })).toBe('Npc C is kept. Npc B is kept already.');
    expect(table.stage.notices.at(-1)?.notice.actions).toEqual([]);
    await run('npc discard', { npc: 'Npc D' });
    expect(await run('npc keep', { npc: 'everybody' })).toMatch(
      /^Npc E, Npc F, .*, Npc M and Npc N are kept\.$/u,
    );
    expect((await table.campaign.npcs.list(['kept'])).length).toBe(13);
    expect((await table.campaign.npcs.list(['discarded'])).length).toBe(1);
    // A list may be longer than a name, and tells no more than a sentence holds.
    const named = members.filter((name) => name !== 'Npc D').join(',');
    expect(named.length).toBeGreaterThan(MAX_NAME_IN_CHARACTERS);
    expect(await run('npc keep', { npc: named })).toMatch(/, Npc M and 1 more are kept already\.$/u);
  });

  it('that nobody knows is refused with the nearest name', async () => {
    const { run } = open();
    await table.addNpc('Tilda Marsh');
    for (const command of ['npc show', 'npc keep', 'npc reroll', 'npc discard', 'npc talk', 'npc history']) {
      expect(await run(command, { npc: 'Tidla' })).toContain('Did you mean Tilda Marsh?');
    }
  });
});

describe('a persona of the folder', () => {
  it('keeps its old name where the new one is taken, which the list says', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'personas-'));
    const write = (name: string) =>
      writeFile(join(directory, 'odile.yaml'), `role: lamplighter\nname: ${name}`);
    try {
      const { run } = frontOf(table, { model: new ScriptedModel([]), personasDirectory: directory });
      await table.addNpc('Bram');
      await write('Odile');
      expect(await run('npc show', { npc: 'odile' })).toContain('lamplighter');
      expect(await names()).toEqual(['Bram']);
      await run('npc talk', { npc: 'Odile' });
      await write('Bram');
      const list = await run('npc list');
      expect(list).toMatch(/Odile \| lamplighter \| on stage/u);
      expect(list).toContain('personas/odile.yaml, line 2: Another NPC of this campaign is called Bram');
      await write('Ottilie');
      expect(await run('npc show', { npc: 'Ottilie' })).toContain('lamplighter');
      expect(await names()).toEqual(['Bram', 'Ottilie']);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('roll', () => {
  it('rolls dice for everyone to see', async () => {
    const { run } = open();
    expect(await run('roll', { dice: '2d6+3' }, player)).toMatch(/^GM rolls 2d6\+3: \[\d, \d\]\+3 = \d+$/u);
    expect(table.stage.notices.at(-1)?.audience).toBe('everyone');
  });

  it('uses the modifiers of a sheet, in secret where asked', async () => {
    const { run } = open();
    await table.addNpc('Shade', { stat_block: stat });
    // Dexterity +3 and proficiency +2.
    expect(await run('roll', { npc: 'Shade', check: 'stealth', secret: 'true' })).toMatch(
      /^Shade rolls in secret stealth \(1d20\+5\): \[\d+\]\+5 = \d+$/u,
    );
    expect(table.stage.notices.at(-1)?.audience).toBe('asker');
    expect(await run('roll', { npc: 'Shade', check: 'cha' })).toMatch(/1d20-1/u);
  });

  it("keeps a player's secret roll for the GMs", async () => {
    const { front, run } = open();
    const platform = new RecordingPlatform('terminal');
    platform.privateChannels.add('table');
    await front.join(platform);
    const told = await run('roll', { dice: '1d20', secret: 'yes' }, player);
    expect(told).toBe('Rolled. Only the GM sees it.');
    expect(platform.toldIn('table')).toEqual([expect.stringMatching(/rolls in secret 1d20/u)]);
  });

  it.each([
    [{ dice: 'banana' }, /Write 2d6\+3/u],
    [{ dice: '5/0' }, /cannot be rolled/u],
    [{ dice: '100d6!>0' }, /20 dice/u],
    [{ dice: '999999d6' }, /200 dice/u],
    [{ dice: '100d6+150d6' }, /200 dice/u],
    [{ dice: '1d99999' }, /10000 sides|10,000 sides/u],
    [{ check: 'stealth' }, /needs an NPC/u],
    [{ npc: 'Plain', check: 'stealth' }, /no stat block/u],
    [{ npc: 'Plain' }, /Which check/u],
  ])('refuses %j', async (given, reason) => {
    const { run, faults } = open();
    await table.addNpc('Plain');
    expect(await run('roll', given as Readonly<Record<string, string>>)).toMatch(reason);
    expect(faults).toEqual([]);
  });

  it("does not let players roll from an NPC's sheet", async () => {
    const { run } = open();
    await table.addNpc('Shade', { stat_block: stat });
    expect(await run('roll', { npc: 'Shade', check: 'stealth' }, player)).toContain('Only the GM');
  });
});

describe('campaigns', () => {
  it('begin, are shown and changed between, each with NPCs of its own', async () => {
    const { run } = open();
    await table.addNpc('Tilda');
    expect(await run('campaign create', { name: 'The Drowned Bell' })).toContain('The Drowned Bell begins');
    expect(await run('npc list')).toContain('Nobody yet');
    expect(await run('campaign show')).toMatch(/Campaign: The Drowned Bell\nNPCs: 0 kept, 0 drafts/u);
    expect(await run('campaign create', { name: 'the drowned bell' })).toContain('already');
    expect(await run('campaign use', { name: 'the drowned bel' })).toContain(
      'Did you mean The Drowned Bell?',
    );
    const all = await table.store.campaigns(
      (await table.store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Local' })).id,
    );
    const first = all.find(({ isDefault }) => isDefault)?.name ?? '';
    await run('campaign use', { name: first });
    expect(await run('npc list')).toContain('Tilda');
    expect(await run('campaign show', {}, player)).not.toContain('NPCs');
  });

  it('let improv speak for failing models only where the GM chose it', async () => {
    const { run } = open();
    expect((await table.campaign.settings()).improvFallback).toBe(false);
    await run('campaign improv', { allowed: 'on' });
    expect((await table.campaign.settings()).improvFallback).toBe(true);
    await run('campaign improv', { allowed: 'off' });
    expect((await table.campaign.settings()).improvFallback).toBe(false);
  });
});

describe('stop, retry and stats', () => {
  it('say so where there is nothing', async () => {
    const { run } = open();
    expect(await run('stop')).toContain('Nothing is under way');
    expect(await run('retry')).toContain('Nothing waits');
  });

  it('show figures, and what the campaign has cost', async () => {
    const { run, stats } = open();
    stats.record('first token', 400);
    await table.campaign.usage.add({
      model: 'gpt-x',
      purpose: 'speak',
      inputTokens: 1000,
      cachedInputTokens: 800,
      outputTokens: 50,
      costInMicroUsd: 12_300,
    });
    const text = await run('admin stats');
    expect(text).toMatch(/first token \| 1 \| 40\d ms/u);
    expect(text).toMatch(/gpt-x \| 1 \| 1,000 \| 800 \| 50 \| \$0\.0123/u);
  });
});

describe('memory recall', () => {
  it('shows a GM who knows what, from where, and why it was found', async () => {
    const { run, front } = open(['Aye.'], ['Hm.']);
    await table.addNpc('Tilda');
    await table.addNpc('Bram');
    await run('npc talk', { npc: 'Tilda' });
    const hear = (messageId: string, text: string) =>
      front.hear({ ...spoken, place, messageId, person: admin, speaker: mira, text }, table.stage);
    await hear('m1', 'Tilda, the tunnel begins under the mill.');
    await run('npc talk', { npc: 'Bram' });
    await hear('m2', 'Bram, what of the lantern?');
    expect(await run('memory recall', { query: 'who knows of the tunnel?' })).toMatch(
      /^Tilda knows of it; Bram does not\.\nMira: Tilda, the tunnel begins under the mill\. — [\d-]+ [\d:]+ · known to Tilda · [a-z]{5}$/u,
    );
    expect(await run('memory recall', { query: 'tunnel', why: 'yes' })).toMatch(
      / · known to Tilda · score [\d.]+ · words: tunnel · [a-z]{5}$/u,
    );
    expect(table.stage.notices.at(-1)?.audience).toBe('asker');
    expect(await run('memory recall', { query: 'lantern' })).toContain('heard by Tilda, Bram');
    expect(await run('memory recall', { query: 'lantern', npc: 'bram' })).toMatch(
      /^What Bram remembers\n(?:.*\n)?Mira: Bram, what of the lantern\?/u,
    );
    expect(await run('memory recall', { query: 'tunnel', npc: 'Bram' })).not.toContain('mill');
    await table.addNpc('Ysolde');
    expect(await run('memory recall', { query: 'tunnel', npc: 'Ysolde' })).toBe(
      'Ysolde remembers nothing of the kind. Try other words, as they were said.',
    );
    expect(await run('memory recall', { query: 'zeppelin' })).toMatch(/^Nobody remembers anything/u);
    expect(await run('memory recall', { query: 'tunnel', npc: 'Nobody' })).toContain('no NPC called');
    expect(await run('memory recall', { query: 'tunnel' }, player)).toMatch(/for the game master/u);
  });
});
