import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlitePeople } from '#src/adapters/sqlite/open-sqlite-people.ts';
import { forgetPerson } from '#src/archive/forget-person.ts';
import type { PeopleStore } from '#src/core/people.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { addNpc, newLine, newNpc } from '../../contract/store-samples.ts';
import { type ArchivePlace, openArchivePlace, silent } from '../../support/archives.ts';

const PERSON = 'person-7';
const OTHER = 'person-8';

let place: ArchivePlace;
let people: PeopleStore;
let campaign: CampaignStore;
beforeEach(async () => {
  place = await openArchivePlace();
  people = await openSqlitePeople(place);
  campaign = await place.campaign();
});
afterEach(async () => {
  await people.close();
  await place.remove();
});

const forget = (change: Partial<Parameters<typeof forgetPerson>[0]> = {}) =>
  forgetPerson({
    ...{ archive: place.archive, people, person: PERSON, isSure: true, progress: silent },
    ...{ signal: new AbortController().signal },
    ...change,
  });

/** Lines of both, of which the first ones are folded into a summary that Wren holds. */
async function remembered(): Promise<void> {
  await addNpc(campaign, newNpc('wren'));
  const scene = await campaign.scenes.open('tavern');
  const said = [
    ['one', PERSON, 'The heron flies at dusk.'],
    ['two', OTHER, 'Mind the stair.'],
    ['three', PERSON, 'My brother is a smuggler.'],
    ['four', OTHER, 'Which brother?'],
  ] as const;
  for (const [id, personId, text] of said)
    await campaign.lines.append(
      newLine(id, scene.id, {
        ...{ text, witnesses: ['wren'] },
        speaker: { kind: 'character', id: personId, name: personId === PERSON ? 'Mirabel' : 'Brum' },
      }),
    );
  await campaign.lines.append(
    newLine('aside', scene.id, {
      ...{ kind: 'ooc', text: 'I must run to the dentist.' },
      speaker: { kind: 'gm', id: PERSON, name: 'Mirabel' },
    }),
  );
  await campaign.characters.set(PERSON, 'Mirabel');
  await campaign.consolidation.settle('wren', {
    weighed: [
      { id: 'three', text: 'My brother is a smuggler.', importance: 1, isPromoted: true },
      { id: 'four', text: 'Which brother?', importance: 1, isPromoted: true },
    ],
    folded: [
      {
        ...{ memoryId: 'sum', text: 'The heron was spoken of.', importance: 1 },
        sources: [
          { id: 'one', text: 'The heron flies at dusk.' },
          { id: 'two', text: 'Mind the stair.' },
        ],
      },
    ],
    letGo: [],
  });
}

/** What the search is to be told, and what of it is there still. */
async function told(): Promise<Readonly<Record<string, boolean>>> {
  const changes = await place.store.searchOutbox.due({ limit: 100 });
  return Object.fromEntries(changes.map(({ key, entry }) => [key.id, entry !== undefined]));
}

/** Tells the search in the database all of that. */
async function tellAll(): Promise<void> {
  const changes = await place.store.searchOutbox.due({ limit: 100 });
  await place.store
    .searchIndex('none')
    .put(changes.flatMap(({ entry }) => (entry === undefined ? [] : [{ ...entry, vector: undefined }])));
  await place.store.searchOutbox.done(changes);
}

const found = async (word: string) => {
  const { campaignId } = campaign;
  const query = { campaignId, what: 'memories', npcId: 'wren', limit: 9 } as const;
  const hits = await place.store.searchIndex('none').find({ ...query, words: [word], vector: undefined });
  return hits.map(({ id }) => id);
};

describe('forgetting a person', () => {
  it('tells what there is, and changes nothing until it is told to', async () => {
    await remembered();
    expect(await forget({ isSure: false })).toMatch(
      /Kept of person-7:\n {2}“Main” of Salt Docks \(discord docks\): 3 lines, 1 other entry\nNothing is changed yet/u,
    );
    expect((await campaign.lines.byId('one'))?.text).toBe('The heron flies at dusk.');
    expect(await forget({ isSure: false, person: 'nobody' })).toContain('there is no such person');
  });

  it('takes back their lines and what was made of them, and leaves the others', async () => {
    await remembered();
    await tellAll();
    expect(await found('heron')).toEqual(['sum']);
    expect(await found('brother')).toEqual(expect.arrayContaining(['three', 'four']));

    expect(await forget()).toContain('“Main” of Salt Docks (discord docks): 3 lines, 1 other entry');
    expect(await campaign.consolidation.known(['sum'])).toEqual(new Map());
    const recent = await campaign.memories.of('wren', { limit: 9 });
    expect(recent.map(({ text }) => text)).toEqual(['Mind the stair.']);
    expect(await told()).toMatchObject({ sum: false, three: false });
    expect(await found('heron')).toEqual([]);
    expect(await found('brother')).toEqual(['four']);
    expect((await campaign.lines.byId('two'))?.text).toBe('Mind the stair.');
    expect(await campaign.lines.byId('one')).toMatchObject({
      ...{ state: 'retracted', text: '', speaker: { id: 'forgotten', name: 'somebody' } },
    });
    expect(await people.traces(PERSON)).toEqual([]);
    expect(await forget()).toContain('Nothing was kept');
  });

  it('leaves nothing of it in the file', async () => {
    await remembered();
    await tellAll();
    const { campaignId } = campaign;
    await campaign.lines.append(
      newLine('npc', (await campaign.scenes.open('tavern')).id, {
        ...{ text: 'Who is Mirabella?', speaker: { kind: 'npc', id: PERSON, name: 'Wren' } },
      }),
    );
    await forget();
    await people.close();
    await place.archive.close();
    await place.store.close();
    const file = (await readFile(place.file, 'latin1')).toLowerCase();
    const words = ['heron', 'smuggler', 'dentist', 'mirabel"', 'mind the stair', 'who is mirabella'];
    expect(words.filter((word) => file.includes(word))).toEqual(['mind the stair', 'who is mirabella']);
    expect(file).toContain(campaignId);
  });

  it('goes on where it was ended', async () => {
    await remembered();
    const ending = new AbortController();
    const reached: number[] = [];
    const progress = {
      ...silent,
      reach: (done: number) => {
        reached.push(done);
        ending.abort();
      },
    };
    expect(await forget({ progress, signal: ending.signal })).toContain('Run the same again to go on');
    expect(reached).toEqual([1]);
    expect((await campaign.lines.byId('one'))?.text).toBe('');
    expect((await campaign.lines.byId('three'))?.text).toBe('My brother is a smuggler.');
    await forget();
    expect((await campaign.lines.byId('three'))?.text).toBe('');
    expect(await people.traces(PERSON)).toEqual([]);
  });

  it('is refused while the bot runs, or an import would bring more', async () => {
    await remembered();
    await place.store.keepAlive();
    await expect(forget()).rejects.toThrow('Stop the bot first');
    expect(await forget({ isSure: false })).toContain('3 lines');
    const isPlayed = async () => false;
    await expect(forget({ archive: { campaigns: async () => [], isPlayed } })).rejects.toThrow(
      'half-done import',
    );
    expect((await campaign.lines.byId('one'))?.text).toBe('The heron flies at dusk.');
  });
});
