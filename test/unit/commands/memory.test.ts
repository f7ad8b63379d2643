import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelError } from '#src/core/errors.ts';
import { ModelJudge } from '#src/jobs/model-judge.ts';
import { codeIn, codeOf, idsByCode } from '#src/memory/codes.ts';
import { newLine, TestClock } from '../../contract/store-samples.ts';
import { frontOf, player } from '../../support/front.ts';
import { ScriptedModel } from '../../support/scripted-model.ts';
import { openTable, type Table } from '../../support/table.ts';

const DAY_IN_MS = 24 * 60 * 60_000;
let table: Table;
let clock: TestClock;
let desk: ReturnType<typeof frontOf>;
let lines: number;

beforeEach(async () => {
  clock = new TestClock();
  table = await openTable({ clock });
  desk = frontOf(table, { model: new ScriptedModel([]), adminIds: ['admin'] });
  lines = 0;
  await table.addNpc('Hroon');
  await table.addNpc('Tilda');
});
afterEach(async () => {
  expect(desk.faults).toEqual([]);
  await table.close();
});

async function say(text: string, witnesses = ['npc-1']) {
  const scene = await table.campaign.scenes.open('table');
  lines += 1;
  clock.time += 60_000;
  await table.campaign.lines.append(newLine(`line-${lines}`, scene.id, { text, witnesses }));
  return codeOf(`line-${lines}`);
}

const hroon = { npc: 'Hroon' };

describe('/memory list', () => {
  it('shows what an NPC holds, tier by tier, page by page', async () => {
    expect(await desk.run('memory list', hroon)).toBe('Hroon remembers nothing yet.');
    for (let index = 1; index <= 23; index += 1) await say(`Line number ${index}.`);
    const first = await desk.run('memory list', hroon);
    expect(first).toContain('1 to 10 of 23 (working 15, short-term 8).');
    expect(first).toMatch(
      new RegExp(
        `^${codeOf('line-23')} · Wren: Line number 23\\. — .* · working memory · not weighed yet$`,
        'mu',
      ),
    );
    const third = await desk.run('memory list', { ...hroon, page: '3' });
    expect(third).toContain('21 to 23 of 23');
    expect(third).toContain('Line number 1.');
    expect(await desk.run('memory list', { ...hroon, page: '4' })).toBe('There is no page 4.');
    const short = await desk.run('memory list', { ...hroon, tier: 'short-term' });
    expect(short).toContain('1 to 8 of 8 in short-term memory.');
    expect(short).toContain('Line number 8.');
    expect(short).not.toContain('Line number 9.');
    expect(await desk.run('memory list', { ...hroon, tier: 'semantic' })).toBe(
      'Hroon remembers nothing in semantic memory yet.',
    );
    expect(await desk.run('memory list', { npc: 'Tilda' })).toContain('nothing yet');
    expect(table.stage.notices.at(-1)?.audience).toBe('asker');
  });

  it('shows all tiers together, newest first', async () => {
    for (let index = 1; index <= 115; index += 1) await say(`Line number ${index}.`);
    await table.campaign.memories.pin('npc-1', 'line-1', true);
    clock.time += 60_000;
    await desk.run('memory add', { ...hroon, text: 'The bell is cracked.' });
    const first = await desk.run('memory list', hroon);
    expect(first).toContain('1 to 10 of 116');
    const [word, newest] = first.split('\n').filter((row) => row.includes(' — '));
    expect(word).toMatch(/GM’s word: The bell is cracked\. — .*semantic memory · importance 0\.95/u);
    expect(newest).toMatch(/Line number 115\. — .*working memory · not weighed yet/u);
    const last = await desk.run('memory list', { ...hroon, page: '12' });
    expect(last).toContain('111 to 116 of 116');
    expect(last.split('\n').at(-1)).toMatch(/Line number 1\. — .*long-term memory .* pinned/u);
    expect(await desk.run('memory list', { ...hroon, tier: 'episodic', page: '2' })).toContain(
      '11 to 20 of 54 in episodic memory.',
    );
  });
});

describe('/memory list and /admin memory', () => {
  it('count no line that was deleted', async () => {
    for (let index = 1; index <= 11; index += 1) await say(`Line number ${index}.`);
    await desk.run('memory pin', { ...hroon, memory: 'Line number 7' });
    for (const id of ['line-3', 'line-7']) await table.campaign.lines.retract(id);
    expect(await desk.run('memory list', hroon)).toContain('1 to 9 of 9 (working 9).');
    expect(await desk.run('memory list', { ...hroon, tier: 'long-term' })).toBe(
      'Hroon remembers nothing in long-term memory yet.',
    );
    const told = await desk.run('admin memory', {});
    expect(told).toContain('All NPCs together: 9 recent, 0 long-term, 0 semantic.');
    expect(told).toMatch(/Hroon \| 9 \| 0 \| 0 \| 0 \| 0$/mu);
    expect(told).toContain('Waiting for the next run: 13 lines said, changed or deleted.');
  });
});

describe('/admin memory', () => {
  it('says how many NPCs it does not name, and leaves out those that were discarded', async () => {
    for (let index = 3; index <= 29; index += 1) await table.addNpc(`Guard ${index}`);
    const ids = (await table.campaign.npcs.names()).map(({ id }) => id);
    await say('The bell is cracked.', ids);
    expect(ids).toHaveLength(29);
    await table.campaign.npcs.setStatus('npc-2', 'discarded');
    const told = await desk.run('admin memory', {});
    expect(told).toContain('All NPCs together: 28 recent,');
    expect(told.match(/ \| 1 \| 0 \| 0 \| 0 \| 0$/gmu)).toHaveLength(25);
    expect(told).toContain('3 more NPCs remember something; /memory list tells of each.');
    expect(told).toContain('Waiting for the next run: 1 line said, changed or deleted.');
    expect(await desk.run('memory recall', { query: 'who knows of the bell?' })).toContain(
      'Tilda (discarded)',
    );
    await table.campaign.npcs.setStatus('npc-3', 'discarded');
    await table.campaign.npcs.setStatus('npc-4', 'discarded');
    expect(await desk.run('admin memory', {})).toContain('1 more NPC remembers something;');
    await table.campaign.npcs.setStatus('npc-5', 'discarded');
    expect(await desk.run('admin memory', {})).not.toContain('more NPC');
  });
});

describe('/memory show', () => {
  it('shows a memory by its code, its beginning or its words', async () => {
    const code = await say('The tunnel begins under the mill.', ['npc-1', 'npc-2']);
    await table.campaign.memories.used('npc-1', ['line-1']);
    for (const memory of [code, code.slice(0, 4), `#${code.toUpperCase()}`, 'what of the tunnel?']) {
      const shown = await desk.run('memory show', { ...hroon, memory });
      expect(shown).toContain('The tunnel begins under the mill.');
      expect(shown).toMatch(/Wren said it.*played day 1.*working.*not weighed yet.*once, last.*Tilda/su);
    }
    expect(await desk.run('memory show', { ...hroon, memory: 'zeppelin' })).toBe(
      'Hroon has no such memory. /memory list npc:Hroon shows what there is, with codes.',
    );
    expect(await desk.run('memory show', { ...hroon, memory: code }, player)).toMatch(/for the game master/u);
  });

  it('shows what a summary was made of', async () => {
    await say('They say the cook puts too much pepper into it when it rains.');
    await say('The dog of the cook barks at everybody who comes late.');
    for (let evening = 0; evening < 8; evening += 1) {
      clock.time += DAY_IN_MS;
      for (let index = 0; index < 4; index += 1) {
        clock.time += 19 * 60_000;
        await say('Good evening. Another ale, please.', ['npc-2']);
      }
    }
    expect(await desk.run('admin consolidate', {})).toMatch(/2 folded into 1 summary.*it took \d+ ms\./u);
    const shown = await desk.run('memory show', { ...hroon, memory: 'pepper' });
    expect(shown).toContain('a summary of what was said');
    expect(shown).toMatch(/Made of\nWren: They say the cook.*\nWren: The dog of the cook/u);
    expect(await desk.run('memory recall', { ...hroon, query: 'pepper', why: 'true' })).toMatch(
      /Summary: .*They say.*known to Hroon.*a summary · semantic memory · [a-z]{5}$/mu,
    );
    const told = await desk.run('admin memory', {});
    expect(told).toMatch(/1 semantic/u);
    expect(told).toMatch(/Last run .*2 folded into 1 summary/u);
    expect(told).toMatch(/Nothing waits/u);
    expect(told).toMatch(/Hroon \| 0 \| 0 \| 0 \| 0 \| 1/u);
  });
});

describe('/admin consolidate', () => {
  it('says where the model failed and rules did its work, and /admin memory says so later', async () => {
    const gone = [new ModelError('unreachable', 'scripted', 'gone')];
    const model = new ScriptedModel([gone, gone]);
    const faults: unknown[] = [];
    const judge = new ModelJudge({ model, onFault: (error) => faults.push(error) });
    desk = frontOf(table, { model, judge, adminIds: ['admin'] });
    await say('They say the cook puts too much pepper into it when it rains.');
    clock.time += DAY_IN_MS;
    for (let index = 0; index < 3; index += 1) {
      await say('Good evening. Another ale, please.', ['npc-2']);
      clock.time += 29 * 60_000;
    }
    await say('Good evening. Another ale, please.', ['npc-2']);
    const what = /The model failed, so rules weighed \d+ memor(?:y|ies) in its place; the log says why\./u;
    expect(await desk.run('admin consolidate', {})).toMatch(what);
    expect(await desk.run('admin memory', {})).toMatch(what);
    expect(faults).not.toEqual([]);
    expect(await desk.run('admin consolidate', {})).not.toContain('model');
    expect(await desk.run('admin memory', {})).not.toContain('model');
  });
});

describe('the game master’s word', () => {
  it('is added, and pinned where that is wished', async () => {
    const answer = await desk.run('memory add', { ...hroon, text: 'Mira paid the toll.', pinned: 'yes' });
    expect(answer).toMatch(/^Hroon remembers that now, as [a-z]{5}\. It is pinned\.$/u);
    const shown = await desk.run('memory show', { ...hroon, memory: 'toll' });
    expect(shown).toMatch(/the game master’s word.*semantic, pinned.*0\.95.*nobody.*The word of /su);
  });

  it('takes the place of a line, which stays in the transcript', async () => {
    await say('Mira paid two coppers.', ['npc-1', 'npc-2']);
    const answer = await desk.run('memory edit', { ...hroon, memory: 'coppers', text: 'Mira paid nothing.' });
    expect(answer).toMatch(
      /^Hroon remembers it as you say now, as [a-z]{5}\. Before, it was: Wren said: Mira paid two coppers\.\nWhat was said stays in the transcript\.$/u,
    );
    expect(await desk.run('memory recall', { ...hroon, query: 'Mira paid' })).not.toContain('two coppers');
    expect(await desk.run('memory recall', { npc: 'Tilda', query: 'Mira paid' })).toContain('two coppers');
    expect((await table.campaign.lines.byId('line-1'))?.text).toBe('Mira paid two coppers.');
    expect(await desk.run('memory show', { ...hroon, memory: 'Mira paid' })).toMatch(
      /Mira paid nothing\..*Made of\nWren: Mira paid two coppers\..*\nThe word of /su,
    );
  });

  it('makes forget, and pins', async () => {
    const code = await say('Mira paid two coppers.', ['npc-1', 'npc-2']);
    const of = { ...hroon, memory: code };
    expect(await desk.run('memory pin', of)).toBe(
      'Hroon never loses this by itself: Wren: Mira paid two coppers.',
    );
    expect(await desk.run('memory show', of)).toContain('pinned: it never leaves');
    expect(await desk.run('memory pin', { ...of, pinned: 'false' })).toContain('may lose this again');
    expect(await desk.run('memory forget', of)).toBe(
      'Hroon has forgotten this: Wren: Mira paid two coppers. Others remember it as before.\nTo put it back: /memory add npc:Hroon text:Wren said: Mira paid two coppers.',
    );
    expect(await desk.run('memory forget', of)).toContain('has no such memory');
    expect(await desk.run('memory recall', { query: 'coppers' })).toMatch(
      /^Tilda knows of it; Hroon does not\.\n.*known to Tilda ·/u,
    );
  });
});

describe('words', () => {
  it('name the memory that has them, and no other', async () => {
    const boat = await say('We want to hire a boat to the lighthouse.');
    await say('Brine ran down the café wall, and the whale slept.');
    await say('The fish lies in brine.');
    const several = await desk.run('memory forget', { ...hroon, memory: 'brine' });
    expect(several).toMatch(
      /^“brine” is in several memories of Hroon: [a-z]{9} \(The fish lies in brine\.\), [a-z]{9} \(Brine ran .*\)\. Give the code/u,
    );
    const none = await desk.run('memory edit', { ...hroon, memory: 'the ship', text: 'none' });
    expect(none).toMatch(
      new RegExp(
        `^Hroon has no memory with the words “the ship”\\. Did you mean .*${boat}[a-z]{4} \\(We want`,
        'u',
      ),
    );
    expect(await desk.run('memory list', hroon)).toContain('1 to 3 of 3');
    for (const memory of ['“WHALE” slept!', 'wall, cafe?', 'the brine of the whale'])
      expect(await desk.run('memory show', { ...hroon, memory })).toMatch(
        /^What Hroon remembers\n.*Brine ran down/u,
      );
    expect(await desk.run('memory show', { ...hroon, memory: 'lies in brine' })).toMatch(
      /^What Hroon remembers\n.*The fish/u,
    );
    expect(await desk.run('memory show', { ...hroon, memory: '…' })).toContain('has no such memory');
  });

  it('are found in a row before they are found apart, and alone before that', async () => {
    await say('The bell rang.');
    await say('The bell rang. It was a cracked bell.');
    await say('A man rang the great bell.');
    expect(await desk.run('memory show', { ...hroon, memory: 'the bell rang' })).toMatch(
      /\nThe bell rang\.\n/u,
    );
    expect(await desk.run('memory show', { ...hroon, memory: 'rang it' })).toMatch(
      /^What Hroon remembers\n.*cracked/u,
    );
    expect(await desk.run('memory show', { ...hroon, memory: 'man bell' })).toMatch(
      /^What Hroon remembers\n.*A man rang/u,
    );
  });

  it('are looked for on every shelf, however much there is', async () => {
    await say('Once there was a zeppelin.');
    const scene = await table.campaign.scenes.open('table');
    for (let index = 0; index < 500; index += 1)
      await table.campaign.lines.append(
        newLine(`more-${index}`, scene.id, { text: 'Ale!', witnesses: ['npc-1'] }),
      );
    await desk.run('memory add', { ...hroon, text: 'The moon is hollow.' });
    expect(await desk.run('memory show', { ...hroon, memory: 'zeppelin' })).toMatch(
      /^What Hroon remembers\n.*Once there was/u,
    );
    expect(await desk.run('memory show', { ...hroon, memory: 'hollow moon' })).toMatch(
      /^What Hroon remembers\n.*The moon is/u,
    );
    expect(await desk.run('memory show', { ...hroon, memory: 'ale' })).toMatch(
      /(?:[a-z]{9} \(Ale!\),? ){5}and others\./u,
    );
  });
});

describe('what else says so', () => {
  it('is named when a memory is changed or forgotten', async () => {
    const first = await say('Aldo the smith is dead.');
    const second = await say('They say Aldo is dead, poor man.');
    await say('Aldo owes me a nail.');
    const edited = await desk.run('memory edit', {
      ...hroon,
      memory: first,
      text: 'Aldo the smith is alive.',
    });
    expect(edited).toMatch(
      new RegExp(`transcript\\. Also: ${second}[a-z]{4} \\(They say Aldo is dead, poor man\\.\\)\\.$`, 'u'),
    );
    const third = await say('Aldo is dead?');
    expect(await desk.run('memory forget', { ...hroon, memory: second })).toMatch(
      new RegExp(`as before\\. Also: ${third}[a-z]{4} \\(Aldo is dead\\?\\)\\.\nTo put it back: `, 'u'),
    );
  });
});

describe('who knows', () => {
  beforeEach(async () => {
    await table.addNpc('Sabeth');
  });
  const ask = (query: string) => desk.run('memory recall', { query });

  it('is told first, by what tells of it and not by who asked', async () => {
    await say('I only know Tam, and Tam knows nobody.', ['npc-1', 'npc-2', 'npc-3']);
    await say('The dragon sleeps in the quarry.', ['npc-1']);
    await say('Good evening. What of the dragon?', ['npc-3']);
    await say('Aye.', ['npc-2']);
    for (const query of ['who knows of the dragon?', 'Who of them has heard about the dragon?', 'dragon']) {
      const told = await ask(query);
      expect(told).toMatch(/^Hroon knows of it; Sabeth and Tilda do not\.\n/u);
      expect(told).not.toMatch(/Tam|Aye/u);
      expect(told).not.toContain('score');
    }
    await say('The dragon has flown.', ['npc-2']);
    expect(await ask('who else remembers the dragon?')).toMatch(
      /^(?:Tilda and Hroon|Hroon and Tilda) know of it; Sabeth does not\.\n/u,
    );
    await say('A dragon!', ['npc-3']);
    expect(await ask('who here knows that dragon')).toMatch(/^[^;\n]* know of it\.\n/u);
  });

  it('is nobody where it was only asked for', async () => {
    await say('What of the dragon, Hroon? Do you know?');
    expect(await ask('who knows of the dragon?')).toMatch(
      /^No memory tells of it plainly\. This comes nearest:\nWren: What of the dragon/u,
    );
    expect(await ask('who knows of the zeppelin?')).toMatch(/^Nobody remembers anything of the kind/u);
    expect(await ask('who knows?')).not.toContain('dragon sleeps');
  });

  it('is nobody who says that they do not know, and what tells of it is shown first', async () => {
    await say('I know nothing of the dragon.', ['npc-1', 'npc-2']);
    expect(await ask('who knows of the dragon?')).toMatch(
      /^No memory tells of it plainly\. This comes nearest:\nWren: I know nothing of the dragon\. — .* · heard by (?:Hroon, Tilda|Tilda, Hroon) · /u,
    );
    await say('The dragon of the old quarry sleeps by day and flies by night.', ['npc-2']);
    await say('The dragon? I never heard of the dragon!', ['npc-3']);
    expect(await ask('who knows of the dragon?')).toMatch(
      /^Tilda knows of it; Hroon and Sabeth do not\.\nWren: The dragon of the old quarry.*\n.*I (?:never|know)/u,
    );
  });

  it.each([
    'does anybody know about the dragon?',
    'has anyone heard of the dragon?',
    'does Tilda know about the dragon',
    'which of them was told about the dragon?',
  ])('is told however it is asked: “%s”', async (query) => {
    await say('The dragon sleeps in the quarry.', ['npc-1']);
    expect(await ask(query)).toMatch(
      /^Hroon knows of it; (?:Sabeth and Tilda|Tilda and Sabeth) do not\.\nWren: The dragon sleeps/u,
    );
  });

  it('is nobody’s to say where the question has no word for it', async () => {
    await say('Something fell over.', ['npc-1']);
    expect(await ask('who was promised something?')).toMatch(/^No memory tells of it plainly\./u);
  });

  it('needs half of the words', async () => {
    await say('The silver is gone.', ['npc-1']);
    await say('The silver key lies in the quarry.', ['npc-2']);
    expect(await ask('who knows of the silver key in the quarry?')).toMatch(
      /^Tilda knows of it; Hroon and Sabeth do not\./u,
    );
  });
});

describe('a question about what was said', () => {
  it('finds what has other words for it, and whom it means by what they are', async () => {
    await table.addNpc('Berrit', { role: 'blacksmith of the lower town' });
    for (const line of [
      'The river is high today, and it will be higher.',
      'I promise nothing before breakfast.',
      'Berrit, we swear: forty crowns are yours if you mend the bell.',
      'Done. Bring me the bell tomorrow.',
      'Another ale over here!',
    ])
      await say(line);
    for (const query of ['What did the party promise the smith?', 'What did we promise Berrit?'])
      expect(await desk.run('memory recall', { query })).toMatch(/^[^\n]*\nWren: Berrit, we swear/u);
  });
});

describe('/memory add', () => {
  it('refuses what it was told already', async () => {
    await say('Mira paid the toll.');
    const added = await desk.run('memory add', { ...hroon, text: 'Mira paid the toll.' });
    const [, code = ''] = /as ([a-z]{5})\./u.exec(added) ?? [];
    expect(code).not.toBe('');
    expect(await desk.run('memory add', { ...hroon, text: 'mira PAID the toll!' })).toBe(
      `Hroon remembers that already, as ${code}.`,
    );
    for (const text of ['†', '‡']) expect(await desk.run('memory add', { ...hroon, text })).toContain('now');
    expect(await desk.run('memory add', { npc: 'Tilda', text: 'Mira paid the toll.' })).toContain('now');
  });
});

describe('/memory add for several', () => {
  const text = 'Mira paid the toll.';

  it('tells each its own, so that one may forget it', async () => {
    const told = await desk.run('memory add', { npc: 'Hroon, tilda', text, pinned: 'yes' });
    expect(told).toMatch(/^Hroon and Tilda remember that now, as [a-z]{5} and [a-z]{5}\. It is pinned\.$/u);
    expect(new Set(/as ([a-z]{5}) and ([a-z]{5})/u.exec(told)?.slice(1)).size).toBe(2);
    await desk.run('memory forget', { npc: 'Tilda', memory: 'Mira toll' });
    expect(await desk.run('memory list', { npc: 'Tilda' })).toBe('Tilda remembers nothing yet.');
    expect(await desk.run('memory list', hroon)).toMatch(/GM’s word: Mira paid the toll\. — .* · pinned/u);
  });

  it('says who did remember it, and refuses where all of them do', async () => {
    await desk.run('memory add', { ...hroon, text });
    expect(await desk.run('memory add', { npc: 'Tilda,Hroon', text })).toMatch(
      /^Tilda remembers that now, as [a-z]{5}\. Hroon remembers that already, as [a-z]{5}\.$/u,
    );
    expect(await desk.run('memory add', { npc: 'Tilda,Hroon', text })).toMatch(
      /^Tilda and Hroon remember that already, as [a-z]{5} and [a-z]{5}\.$/u,
    );
    expect((await table.campaign.memories.counts('npc-2')).semantic).toBe(1);
  });

  it('tells nobody where one of them is nobody', async () => {
    expect(await desk.run('memory add', { npc: 'Hroon, Nobody', text })).toContain('no NPC called “Nobody”');
    expect(await desk.run('memory list', hroon)).toBe('Hroon remembers nothing yet.');
    // Everybody of a campaign is never meant by one word.
    expect(await desk.run('memory add', { npc: 'all', text })).toContain('no NPC called “all”');
  });
});

describe('/memory timeline', () => {
  it('shows days in their order, and goes further back', async () => {
    expect(await desk.run('memory timeline', hroon)).toBe('Hroon remembers nothing yet.');
    await say('The first day.');
    clock.time += DAY_IN_MS;
    await say('The second day.');
    const told = await desk.run('memory timeline', hroon);
    expect(told).toMatch(/\(played day 1\)\n.*The first day\..*\n.*\(played day 2\)\n.*The second day\./su);
    for (let index = 0; index < 20; index += 1) await say(`Line number ${index}.`);
    expect(await desk.run('memory timeline', hroon)).not.toContain('The first day.');
    expect(await desk.run('memory timeline', { ...hroon, page: '2' })).toContain('The first day.');
    expect(await desk.run('memory timeline', { ...hroon, page: '3' })).toContain('nothing so far back');
  });
});

describe('/memory timeline in a world with days', () => {
  const dayIs = (when: string) => desk.run('campaign time', { set: when });

  it('begins with what was said before they were kept, where it was said first', async () => {
    await say('Nobody counted days.');
    await dayIs('day 3, morning');
    await say('On the third day.');
    const told = await desk.run('memory timeline', hroon);
    expect(told).toMatch(
      /^[\d-]+ \(played day 1\)\n.*Nobody counted days\..*\nDay 3\n.*On the third day\./su,
    );
    expect(told).not.toContain('first page');
  });

  it('says how its pages are ordered, where a scene was played out of its order', async () => {
    await dayIs('day 9, evening');
    for (let index = 0; index < 20; index += 1) await say(`On the ninth day, ${index}.`);
    await dayIs('day 2, evening');
    await say('Long before, on the second day.');
    const first = await desk.run('memory timeline', hroon);
    expect(first).toMatch(
      /^What was said last comes on the first page; each page is in the order of the world’s days\.\nDay 2\n.*\nDay 9\n/su,
    );
    expect(await desk.run('memory timeline', { ...hroon, page: '2' })).toMatch(
      /^What was said last .*\nDay 9\n.*On the ninth day, 0\./su,
    );
  });
});

describe('a code', () => {
  it('is short, the same each time, and found again', async () => {
    await say('One.');
    await say('Two.');
    const code = codeOf('line-2');
    expect(code).toMatch(/^[bcdfghjklmnpqrstvwxz]{5}$/u);
    expect(codeOf('line-2', 9).startsWith(code)).toBe(true);
    expect(await idsByCode(table.campaign, 'npc-1', code)).toEqual(['line-2']);
    expect(await idsByCode(table.campaign, 'npc-2', code)).toEqual([]);
    expect([codeIn(` #${code} `), codeIn('tunnel'), codeIn('bcd')]).toEqual([code, undefined, undefined]);
  });

  it('that fits several memories is asked about', async () => {
    // Two that begin alike are found by trying.
    const ids = new Map<string, string>();
    let pair: readonly [string, string] | undefined;
    for (let index = 0; pair === undefined; index += 1) {
      const [id, short] = [`try-${index}`, codeOf(`try-${index}`, 4)];
      const other = ids.get(short);
      if (other !== undefined) pair = [other, id];
      ids.set(short, id);
    }
    const scene = await table.campaign.scenes.open('table');
    for (const id of pair) await table.campaign.lines.append(newLine(id, scene.id, { witnesses: ['npc-1'] }));
    const typed = codeOf(pair[0], 4);
    const answer = await desk.run('memory show', { ...hroon, memory: typed });
    expect(answer).toMatch(new RegExp(`^${typed} fits several memories of Hroon: ${typed}[a-z]{5} \\(`, 'u'));
    expect(await desk.run('memory show', { ...hroon, memory: codeOf(pair[1], 9) })).toContain(
      `What ${pair[1]} says.`,
    );
  });
});
