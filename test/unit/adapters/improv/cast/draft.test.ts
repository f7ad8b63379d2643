import { describe, expect, test } from 'vitest';
import { tradeOfRole } from '#src/adapters/improv/cast/role.ts';
import { ABILITIES, type Persona } from '#src/core/persona.ts';
import { draftSchema, personaOfDraft } from '#src/persona/draft-schema.ts';
import { statBlockSchema } from '#src/persona/stat-block-schema.ts';
import { book, cast, draft, faultsIn, plan, proseOf, tables } from './support.ts';

const PROMPTS = [
  'dwarven smugglers of the salt docks',
  'tavern regulars',
  'court intrigue in the Winter Palace',
  'goblin market',
  'the monastery of Saint Brede',
  'outlaws hiding in the Thornwood',
  'hackers of the neon docks',
  'desert caravan',
  'the crew of the Cormorant',
  'villagers',
];

/** Fields in which two people are alike. */
function alike(one: Persona, other: Persona): string[] {
  const fields = [
    'name',
    'aliases',
    'pronouns',
    'role',
    'description',
    'personality',
    'voice',
    'mes_example',
    'first_mes',
    'goals',
    'fears',
    'bonds',
    'knowledge',
    'secrets',
    'talkativeness',
    'stat_block',
  ] as const;
  return fields.filter(
    (field) => one[field] !== undefined && JSON.stringify(one[field]) === JSON.stringify(other[field]),
  );
}

function expectDistinct(people: readonly Persona[]): void {
  for (const [index, one] of people.entries())
    for (const other of people.slice(index + 1)) {
      const shared = alike(one, other);
      expect(shared).not.toContain('name');
      expect(shared.length, `${one.name} and ${other.name}: ${shared.join(', ')}`).toBeLessThanOrEqual(2);
    }
}

describe('a drafted person', () => {
  test.each(PROMPTS)('of "%s" is whole and reads well', (prompt) => {
    for (const persona of cast(prompt, 10)) {
      expect(proseOf(persona).flatMap(faultsIn)).toEqual([]);
      expect(proseOf(persona).every((text) => text.trim() !== '')).toBe(true);
      expect(persona.goals.length).toBe(3);
      for (const list of [persona.fears, persona.secrets, persona.bonds, persona.aliases])
        expect(list.length).toBeGreaterThan(0);
      expect(persona.mes_example.length).toBeGreaterThanOrEqual(3);
      expect(persona.knowledge.length).toBeGreaterThanOrEqual(4);
      expect(persona.secrets[0]?.until).toMatch(/^when /u);
      expect(persona.talkativeness).toBeGreaterThanOrEqual(0);
      expect(persona.talkativeness).toBeLessThanOrEqual(1);
    }
  });

  test('is what the plan says', () => {
    const members = plan('dwarven smugglers of the salt docks', 4);
    for (const member of members) {
      const persona = draft({
        prompt: 'dwarven smugglers of the salt docks',
        member,
        others: members.filter((other) => other !== member),
      });
      expect(persona.name).toBe(member.name);
      expect(persona.role).toBe(member.role);
      expect(persona.personality).toContain(member.hook);
      expect(persona.bonds).toEqual(expect.arrayContaining([...member.ties]));
      const hookThread = tables.threads.findIndex((thread) =>
        thread.moods.every((mood) => persona.tags.includes(mood)),
      );
      expect(hookThread).toBeGreaterThanOrEqual(0);
      expect(
        members.some(
          ({ name }) =>
            name !== member.name && persona.knowledge.join(' ').includes(name.split(' ')[0] ?? ''),
        ),
      ).toBe(true);
    }
  });

  test('passes for a draft of any model, unchanged in what counts', () => {
    for (const persona of cast('court intrigue', 5, { system: '5e', level: 6 })) {
      const sheet = personaOfDraft(draftSchema.parse(JSON.parse(JSON.stringify(persona))), {
        keep: {},
        member: undefined,
      });
      const { tags: _tags, creator_notes: _notes, ...same } = persona;
      expect(sheet).toMatchObject(JSON.parse(JSON.stringify(same)));
    }
  });

  test('tells its goal, fear and secret out of one story', () => {
    for (const persona of cast('villagers', 12)) {
      const told = (patterns: readonly string[], text: string) =>
        patterns.some((pattern) => text.toLowerCase().includes(longest(pattern)));
      const whole = tables.threads.filter(
        (thread) =>
          told(thread.goals, persona.goals.join()) &&
          told(thread.fears, persona.fears.join()) &&
          told(
            thread.secrets.map(({ text }) => text),
            persona.secrets[0]?.text ?? '',
          ),
      );
      expect(whole.length).toBeGreaterThan(0);
    }
  });
});

const longest = (pattern: string) =>
  pattern
    .split(/\[[^[\]]*\]|\{[^{}]*\}/u)
    .map((run) => run.trim().toLowerCase())
    .reduce((best, run) => (run.length > best.length ? run : best), '');

describe('no two alike', () => {
  test.each(['a', 'b', 'c'])('of 50 drafted in casts (seed %s)', (seed) => {
    const takenNames: string[] = [];
    const people = PROMPTS.flatMap((prompt) => {
      const members = plan(prompt, 5, { seed: seed + prompt, takenNames });
      takenNames.push(...members.map(({ name }) => name));
      return members.map((member) =>
        draft({ prompt, member, others: members.filter((other) => other !== member), seed }),
      );
    });
    expect(people.length).toBe(50);
    expectDistinct(people);
  });

  test('of 20 in one cast, in any voice, temper, trait, look or story', () => {
    for (const seed of ['a', 'b', 'c']) {
      const people = cast('villagers of Crooked Ford', 20, { seed });
      expectDistinct(people);
      const voices = people.map(({ extensions }) => JSON.stringify(extensions.dramatis).split('"')[3]);
      expect(new Set(voices).size).toBe(20);
      for (const table of [
        tables.characters.quirks.map(({ text }) => text),
        tables.characters.temperaments.map(({ text }) => text),
        tables.characters.soft,
        tables.characters.pressure,
      ])
        for (const pattern of table.filter((each) => longest(each).length > 14))
          expect(
            people.filter(({ personality }) => personality.toLowerCase().includes(longest(pattern))).length,
            pattern,
          ).toBeLessThanOrEqual(1);
    }
  });

  test('of 20 in one cast by the moulds of their sentences', () => {
    for (const seed of ['a', 'b', 'c']) {
      const people = cast('a tavern crowd', 20, { seed });
      const commonest = (moulds: readonly string[]) =>
        Math.max(...moulds.map((mould) => moulds.filter((each) => each === mould).length));
      const opening = (text: string) => text.split(' ').slice(0, 3).join(' ');
      expect(commonest(people.map(({ description }) => opening(description)))).toBeLessThanOrEqual(3);
      expect(commonest(people.map(({ voice }) => opening(voice)))).toBeLessThanOrEqual(2);
      expect(people.filter(({ voice }) => /^An? .*?voice/u.test(voice)).length).toBeLessThanOrEqual(3);
      // The wish is one of the sample lines of some, not of all.
      const wishing = people.filter(({ goals, mes_example }) =>
        mes_example.some((line) => line.toLowerCase().includes((goals[0] ?? '').toLowerCase().slice(0, 25))),
      );
      expect(wishing.length).toBeLessThanOrEqual(12);
    }
  });

  test('of 50 barkeeps made one after another', () => {
    const people: Persona[] = [];
    for (let index = 0; index < 50; index += 1)
      people.push(
        draft({
          prompt: 'barkeep',
          depth: 'full',
          seed: `${index}`,
          takenNames: people.map(({ name }) => name),
        }),
      );
    expectDistinct(people);
    expect(people.every(({ role }) => role.startsWith('barkeep at the '))).toBe(true);
  });

  test('every thread, trade, voice and temperament comes up', () => {
    const tags = new Set<string>();
    const voices = new Set<string>();
    const personalities: string[] = [];
    for (let index = 0; index < 900; index += 1) {
      const persona = draft({ seed: `${index}`, depth: 'lean' });
      for (const tag of persona.tags) tags.add(tag);
      voices.add(JSON.stringify(persona.extensions.dramatis).split('"')[3] ?? '');
      personalities.push(persona.personality);
    }
    expect(tables.trades.filter(({ id }) => !tags.has(id))).toEqual([]);
    expect(book.ids.filter((id) => !voices.has(id))).toEqual([]);
    const all = personalities.join('\n').toLowerCase();
    const hooks = tables.threads.filter(
      (thread) => !thread.hooks.some((hook) => all.includes(longest(hook))),
    );
    expect(hooks.map(({ id }) => id)).toEqual([]);
    expect(tables.characters.temperaments.filter(({ text }) => !all.includes(longest(text)))).toEqual([]);
    expect(tables.characters.quirks.filter(({ text }) => !all.includes(longest(text)))).toEqual([]);
  });
});

describe('what stands', () => {
  test('the same task gives the same person', () => {
    expect(draft({ prompt: 'barkeep' })).toEqual(draft({ prompt: 'barkeep' }));
    expect(draft({ prompt: 'barkeep', seed: 'other' })).not.toEqual(draft({ prompt: 'barkeep' }));
  });

  test('kept fields are kept to the letter', () => {
    const keep = {
      name: 'Old Nan Tucker',
      role: 'ferry thief',
      goals: ['Drink the lake'],
      pronouns: 'xe/xem',
      talkativeness: 0.01,
    };
    const persona = draft({ prompt: 'barkeep', keep });
    expect(persona).toMatchObject(keep);
    expect(persona.aliases).toContain('Nan');
    expect(persona.description).not.toMatch(/\b(?:She|He) /u);
  });

  test('a lean person is a person at once, and deepened stays the same one', () => {
    for (const seed of ['1', '2', '3', '4', '5', '6']) {
      const lean = draft({ prompt: 'barkeep', depth: 'lean', seed });
      expect(lean).toMatchObject({ goals: [], fears: [], bonds: [], knowledge: [], secrets: [] });
      expect(proseOf(lean).flatMap(faultsIn)).toEqual([]);
      const {
        name,
        aliases,
        pronouns,
        role,
        description,
        personality,
        voice,
        mes_example,
        first_mes,
        talkativeness,
      } = lean;
      const keep = {
        name,
        aliases,
        pronouns,
        role,
        description,
        personality,
        voice,
        mes_example,
        first_mes,
        talkativeness,
      };
      const full = draft({
        prompt: 'barkeep',
        keep,
        previous: lean,
        seed: `${seed} again`,
        takenNames: [name],
      });
      expect(full).toMatchObject(keep);
      expect(full.extensions.dramatis).toEqual(lean.extensions.dramatis);
      expect(full.goals.length).toBe(3);
      const thread = tables.threads.find(({ hooks }) =>
        hooks.some((hook) => personality.toLowerCase().includes(longest(hook))),
      );
      expect(thread?.fears.some((fear) => full.fears[0]?.toLowerCase().includes(longest(fear)))).toBe(true);
    }
  });

  test('a reroll is somebody else in the same place', () => {
    const [member, ...others] = plan('tavern regulars', 4);
    if (member === undefined) throw new Error('no plan');
    const first = draft({ prompt: 'tavern regulars', member, others });
    const second = draft({
      prompt: 'tavern regulars',
      member,
      others,
      previous: first,
      takenNames: [first.name],
    });
    expect(second.name).toBe(member.name);
    expect(second.bonds.slice(0, member.ties.length)).toEqual(first.bonds.slice(0, member.ties.length));
    for (const field of ['description', 'personality', 'voice', 'first_mes', 'goals', 'secrets'] as const)
      expect(second[field], field).not.toEqual(first[field]);
  });

  test('a reroll keeps neither temper nor trait of the last one', () => {
    const { temperaments, soft, pressure, quirks } = tables.characters;
    const patterns = [...temperaments, ...quirks].map(({ text }) => text);
    const known = [...patterns, ...soft, ...pressure].map(longest).filter((part) => part.length > 14);
    const traitsOf = ({ personality }: Persona) =>
      known.filter((part) => personality.toLowerCase().includes(part));
    for (let index = 0; index < 40; index += 1) {
      const first = draft({ prompt: 'barkeep', seed: `${index}` });
      const second = draft({ prompt: 'barkeep', previous: first, seed: `${index}` });
      expect(traitsOf(first).length).toBeGreaterThan(0);
      expect(traitsOf(second).filter((part) => traitsOf(first).includes(part))).toEqual([]);
    }
  });

  test('a reroll without a plan has another name and story', () => {
    const first = draft({ prompt: 'barkeep' });
    const second = draft({ prompt: 'barkeep', previous: first });
    expect(alike(first, second).filter((field) => field !== 'pronouns' && field !== 'role')).toEqual([]);
  });

  test.each([
    ['younger', 'old', 'middle'],
    ['older please', 'young', 'grown'],
    ['a very old man', 'young', 'old'],
  ])('the hint "%s" makes %s %s', (hint, was, is) => {
    const previous: Persona = {
      ...draft({ prompt: 'barkeep' }),
      extensions: { dramatis: { age: was, voice: 'gone' } },
    };
    expect(draft({ prompt: 'barkeep', previous, hint }).extensions.dramatis).toMatchObject({ age: is });
  });

  test.each([
    ['a woman', 'she/her'],
    ['make him a man', 'he/him'],
    ['nonbinary', 'they/them'],
  ])('the hint "%s" gives %s', (hint, pronouns) => {
    for (const seed of ['1', '2', '3', '4'])
      expect(draft({ prompt: 'barkeep', hint, seed }).pronouns).toBe(pronouns);
  });

  test('hints change trade, temper, talk, folk and name', () => {
    expect(draft({ prompt: 'barkeep', hint: 'make her a blacksmith' }).role).toMatch(/^blacksmith /u);
    const mean = tables.characters.temperaments
      .filter(({ wish }) => wish.includes('meaner'))
      .map(({ text }) => longest(text));
    for (const seed of ['1', '2', '3', '4', '5'])
      expect(
        mean.some((text) =>
          draft({ prompt: 'barkeep', hint: 'meaner', seed }).personality.toLowerCase().includes(text),
        ),
      ).toBe(true);
    expect(draft({ prompt: 'barkeep', hint: 'very quiet' }).talkativeness).toBeLessThan(0.3);
    expect(draft({ prompt: 'barkeep', hint: 'chatty' }).talkativeness).toBeGreaterThan(0.7);
    expect(draft({ prompt: 'barkeep', hint: 'dwarven' }).tags).toContain('undermark');
    expect(draft({ prompt: 'barkeep', hint: 'called Ulla Brand' }).name).toBe('Ulla Brand');
  });
});

describe('notes', () => {
  const MIRA =
    'Mira Halloway is a retired pirate who runs the Gull, a tavern in Port Sallow. She is 62, has one eye and short grey hair. She wants to find her old ship. She secretly sold out her crew to the navy. Her brother Tam works the docks. She waters the rum on Tuesdays.';

  test('pasted prose is read, kept and not contradicted', () => {
    const persona = draft({ notes: MIRA });
    expect(persona).toMatchObject({
      name: 'Mira Halloway',
      pronouns: 'she/her',
      role: 'retired pirate',
      goals: ['Find her old ship'],
    });
    expect(persona.aliases).toEqual(['Mira']);
    expect(persona.description).toContain('has one eye and short grey hair');
    expect(persona.knowledge).toEqual(
      expect.arrayContaining(['She waters the rum on Tuesdays.', 'Her brother Tam works the docks.']),
    );
    expect(persona.secrets).toEqual([
      { text: 'She secretly sold out her crew to the navy.', until: expect.any(String) },
    ]);
    expect(persona.bonds).toEqual([{ to: 'Tam', tie: 'Her brother Tam works the docks' }]);
    const added = persona.description.split('hair.')[1] ?? '';
    expect(added).not.toMatch(/hair|beard|eyes|bald/u);
    expect(persona.description + persona.personality + persona.knowledge.join()).not.toContain('sold out');
  });

  test('labelled lines fill their fields', () => {
    const persona = draft({
      notes:
        'Name: Brother Osk\nRace: half-orc\nRole: infirmarian at Saint Brede\nGender: he/him\nPersonality: gentle, slow to speak\nVoice: whispers\n- **Wants:** a proper herb garden; peace\nFears: bees\nSecret: He poisoned the last abbot until confronted with the vial\nNickname: the Bear\nThe abbey has a plague ward nobody enters.',
    });
    expect(persona).toMatchObject({
      name: 'Brother Osk',
      pronouns: 'he/him',
      role: 'infirmarian at Saint Brede',
      voice: 'Whispers.',
      goals: ['a proper herb garden', 'peace'],
      fears: ['bees'],
      secrets: [{ text: 'He poisoned the last abbot.', until: 'confronted with the vial' }],
    });
    expect(persona.aliases).toEqual(['the Bear', 'Osk']);
    expect(persona.description).toMatch(/^Race: half-orc\./u);
    expect(persona.personality).toMatch(/^Gentle, slow to speak\./u);
    expect(persona.knowledge).toContain('The abbey has a plague ward nobody enters.');
    expect(persona.tags).toContain('healer');
  });

  test('labels on one line are told apart, and prose behind them is prose', () => {
    const notes = 'Name: Berta. Role: witch of the marsh. She lost her cat.';
    const persona = draft({ notes });
    expect(persona).toMatchObject({ name: 'Berta', role: 'witch of the marsh', pronouns: 'she/her' });
    expect(persona.aliases).toEqual([]);
    expect(persona.knowledge).toContain('She lost her cat.');
    expect(persona.tags).toContain('witch');
    expect(
      draft({ notes: 'Name: Dr. Ott Vell, Role: surgeon; Fears: bees. Wants: a quiet room' }),
    ).toMatchObject({
      name: 'Dr. Ott Vell',
      role: 'surgeon',
      fears: ['bees'],
      goals: ['a quiet room'],
    });
  });

  test('notes that say little still make somebody', () => {
    for (const notes of [
      'a sneaky goblin cook, always cheerful',
      '???',
      'x',
      'She knows. He knows. It rains.',
    ]) {
      const persona = draft({ notes });
      expect(proseOf(persona).flatMap(faultsIn)).toEqual([]);
      expect(persona.name).not.toBe('');
    }
    expect(draft({ notes: 'a sneaky goblin cook, always cheerful' })).toMatchObject({
      role: 'sneaky goblin cook',
    });
  });
});

describe('a role that no table has', () => {
  test.each([
    ['fishwife', 'fishwife', 'fisher', 'she/her'],
    ['captain of the guard', 'captain of the guard', 'guard', undefined],
    ['dragon', 'dragon', 'noble', undefined],
    ['a widow who sells candles', 'widow who sells candles', 'potter', 'she/her'],
    ['The Queen of Cups.', 'Queen of Cups', 'noble', 'she/her'],
    ['someone nobody has a word for', 'someone nobody has a word for', undefined, undefined],
  ])('“%s” stays the role, with a likely trade underneath', (prompt, role, trade, pronouns) => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      const persona = draft({ prompt, seed, depth: 'lean' });
      expect(persona.role).toBe(role);
      if (trade !== undefined) expect(persona.tags).toContain(trade);
      if (pronouns !== undefined) expect(persona.pronouns).toBe(pronouns);
      expect(proseOf(persona).flatMap(faultsIn)).toEqual([]);
    }
  });
});

describe('a nickname', () => {
  test('is nobody else’s name or alias', () => {
    const seeds = Array.from({ length: 30 }, (_, at) => `nick ${at}`);
    for (const seed of seeds) {
      const wish = { prompt: 'barkeep', seed, depth: 'lean' } as const;
      const { aliases, name } = draft(wish);
      const [, nick] = aliases;
      if (nick === undefined) continue;
      const other = draft({ ...wish, takenNames: [nick.toUpperCase()] });
      if (other.name === name) expect(other.aliases).toEqual(aliases.slice(0, 1));
      expect(other.aliases.map((alias) => alias.toLowerCase())).not.toContain(nick.toLowerCase());
    }
  });
});

describe('notes of one sentence that says several things', () => {
  const SEEDS = ['a', 'b', 'c', 'd'];

  test('Brunna: every fact has its field, and only that one', () => {
    for (const seed of SEEDS) {
      const persona = draft({
        seed,
        notes:
          'A dwarven woman called Brunna Flint, 60, one-eyed smith of the low forge, owes money to Captain Rask, secretly poisons the well',
      });
      expect(persona).toMatchObject({
        name: 'Brunna Flint',
        pronouns: 'she/her',
        role: 'smith of the low forge',
        bonds: [{ to: 'Captain Rask', tie: 'owes money to Captain Rask' }],
        secrets: [{ text: 'She poisons the well.' }],
        extensions: { dramatis: { age: 'old' } },
      });
      expect(persona.description).toMatch(/one-eyed/u);
      expect(persona.description).toMatch(/dwarven/u);
      expect(persona.description).not.toMatch(/\beyes\b|both eyes|middle-aged|young|Rask|poison/u);
      expect([persona.personality, ...persona.knowledge, persona.first_mes].join(' ')).not.toMatch(
        /poison|Rask/u,
      );
      expect(proseOf(persona).flatMap(faultsIn)).toEqual([]);
    }
  });

  test('an age before the trade is no part of it', () => {
    const notes = 'Brunna Flint, 60, a dwarven one-eyed smith of the low forge';
    expect(draft({ seed: 'a', notes }).role).toBe('dwarven smith of the low forge');
  });

  test('Old Wen: a post from what is kept, and no raw note in the looks', () => {
    for (const seed of SEEDS) {
      const persona = draft({
        seed,
        notes: 'Old Wen keeps the ferry, hates the toll, lost a son to the river',
      });
      expect(persona).toMatchObject({ name: 'Old Wen', role: 'keeper of the ferry' });
      expect(persona.extensions.dramatis).toMatchObject({ age: 'old' });
      expect(persona.description).not.toMatch(/ferry|toll|river|Wen/u);
      expect(persona.fears.join()).toContain('the toll');
      expect(persona.personality).toContain('hates the toll');
      expect(persona.knowledge.join()).toContain('lost a son to the river');
      expect(proseOf(persona).flatMap(faultsIn)).toEqual([]);
    }
  });

  test('Captain Rusk: the secret alone is the secret', () => {
    const persona = draft({
      notes: 'Captain Rusk is secretly a werewolf and runs the city guard; she hates bards',
    });
    expect(persona).toMatchObject({
      name: 'Captain Rusk',
      pronouns: 'she/her',
      role: 'captain of the city guard',
      secrets: [{ text: 'She is a werewolf.' }],
    });
    expect(persona.personality).toContain('hates bards');
    const { secrets: _secrets, ...open } = persona;
    expect(JSON.stringify(open)).not.toContain('werewolf');
  });

  test('Tom: what he is after what he is like', () => {
    const persona = draft({
      notes: 'Tom is tall and kind, a baker from Hull who loves Anna and wants to leave town',
    });
    expect(persona).toMatchObject({
      name: 'Tom',
      role: 'baker from Hull',
      goals: ['Leave town'],
      bonds: [{ to: 'Anna', tie: 'loves Anna' }],
    });
    expect(persona.description).toMatch(/tall and kind\./u);
    expect(persona.knowledge.join()).not.toContain('Anna');
  });
});

describe('notes in other forms', () => {
  test.each([
    ['Half-orc bouncer named Thok. Loves poetry.', 'Thok', 'half-orc bouncer'],
    ['Grix: a goblin tinker who sells clocks', 'Grix', 'goblin tinker'],
    ['Jonas keeps bees and keeps quiet', 'Jonas', 'keeper of bees'],
    ['Sister Alba runs the infirmary at Saint Brede.', 'Sister Alba', 'head of the infirmary at Saint Brede'],
    ['a young sailor, missing two fingers, called Pip, who saw the murder', 'Pip', 'young sailor'],
  ])('%s', (notes, name, role) => {
    const persona = draft({ notes });
    expect(persona).toMatchObject({ name, role });
    expect(persona.description).not.toMatch(/murder|clocks|bees|poetry|infirmary/u);
    expect(proseOf(persona).flatMap(faultsIn)).toEqual([]);
  });
});

describe('what a prompt says of one person', () => {
  test.each(['a', 'b', 'c'])('is true of them (seed %s)', (seed) => {
    const prompt = 'an elven librarian named Saelith who hates fire';
    for (const persona of [draft({ prompt, seed }), cast(prompt, 3, { seed })[0]]) {
      expect(persona?.name).toBe('Saelith');
      expect(persona?.role).toMatch(/librarian/u);
      expect(persona?.fears.join()).toMatch(/fire/u);
      expect(persona?.tags).toContain('lethain');
    }
    expect(
      cast(prompt, 3, { seed })
        .slice(1)
        .map(({ fears }) => fears.join())
        .join(),
    ).not.toMatch(/to do with fire/u);
  });
});

describe('a wish and a tone show', () => {
  test('older and deadly serious is old and serious', () => {
    const serious = tables.characters.temperaments.filter(({ wish }) => wish.includes('serious'));
    for (const seed of ['a', 'b', 'c', 'd']) {
      const previous = draft({ prompt: 'barkeep', seed });
      const persona = draft({
        prompt: 'barkeep',
        seed: `${seed}2`,
        previous,
        hint: 'older and deadly serious',
      });
      if (JSON.stringify(previous.extensions).includes('"young"')) continue;
      expect(persona.extensions.dramatis).toMatchObject({ age: 'old' });
      expect(serious.some(({ text }) => persona.personality.includes(text.slice(0, 14)))).toBe(true);
    }
  });

  test.each([
    ['grim', ['grim'], 'merry'],
    ['merry', ['wry', 'warm'], 'grim'],
  ] as const)('%s', (tone, moods, opposite) => {
    const people = ['a', 'b', 'c'].flatMap((seed) => {
      const members = plan('villagers', 6, { tone, seed });
      return members.map((member) =>
        draft({
          prompt: 'villagers',
          tone,
          member,
          others: members.filter((other) => other !== member),
          seed,
        }),
      );
    });
    const inMood = people.filter(({ tags }) => tags.some((tag) => moods.some((mood) => mood === tag)));
    expect(inMood.length).toBeGreaterThanOrEqual(15);
    const voices = people.map(({ extensions }) => JSON.stringify(extensions.dramatis).split('"')[3] ?? '');
    expect(voices.filter((id) => book.suits(id).includes(opposite)).length).toBeLessThanOrEqual(1);
  });
});

describe('roles', () => {
  test.each([
    ['night pilot for the dwarven smugglers of the salt docks', 'pilot'],
    ['infirmarian of the monks', 'healer'],
    ['nervous blacksmith in Redford', 'blacksmith'],
    ['quiet woman by the window', undefined],
  ])('%s is near to %s', (role, trade) => {
    expect(tradeOfRole(role, tables)?.id).toBe(trade);
  });

  test('a plan of another model is taken over', () => {
    const member = {
      name: 'Xanthippe Vole',
      role: 'smoke-sommelier',
      hook: 'He tastes fires.',
      ties: [{ to: 'Bim', tie: 'rival' }],
    };
    const persona = draft({
      prompt: 'anything',
      member,
      others: [{ ...member, name: 'Bim', ties: [{ to: 'Xanthippe Vole', tie: 'rival' }] }],
    });
    expect(persona).toMatchObject({ name: 'Xanthippe Vole', role: 'smoke-sommelier', pronouns: 'he/him' });
    expect(persona.bonds[0]).toEqual({ to: 'Bim', tie: 'rival' });
  });
});

describe('a stat block', () => {
  test('is there where it was asked for, within the rules at every level', () => {
    expect(draft({ prompt: 'barkeep' }).stat_block).toBeUndefined();
    for (const trade of tables.trades)
      for (const level of [undefined, 1, 5, 11, 20]) {
        const block = draft({
          prompt: trade.titles[0] ?? '',
          level,
          system: '5e',
          seed: trade.id,
        }).stat_block;
        if (block === undefined) throw new Error('no stat block');
        expect(statBlockSchema.parse(block)).toEqual(block);
        for (const ability of ABILITIES) {
          expect(block.abilities[ability]).toBeGreaterThanOrEqual(6);
          expect(block.abilities[ability]).toBeLessThanOrEqual(20);
        }
        expect(block.hit_dice.count).toBe(level === undefined ? block.hit_dice.count : level + 1);
        expect(block.challenge_rating).toBeLessThanOrEqual(Math.max(0.25, (level ?? 0) * 0.6));
        expect(block.armor_class).toBeGreaterThanOrEqual(9);
        expect(block.armor_class).toBeLessThanOrEqual(20);
        expect(block.actions.length).toBeGreaterThanOrEqual(1);
        expect(block.actions.length).toBeLessThanOrEqual(3);
      }
  });

  test('grows with the level and fits the folk', () => {
    const at = (level: number) => draft({ prompt: 'halfling soldier', level, system: '5e' }).stat_block;
    expect(at(1)?.size).toBe('small');
    expect(at(1)?.actions[0]?.attack?.damage_dice).toBe('1d8');
    expect(at(17)?.actions[0]?.attack?.damage_dice).toBe('4d8');
    expect((at(17)?.challenge_rating ?? 0) > (at(5)?.challenge_rating ?? 0)).toBe(true);
  });
});
