import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speak } from '#src/adapters/improv/voice/speak.ts';
import { book, converse, EVERY_ACT, persona, said, task, voiced } from './fixtures.ts';

const sentencesOf = (text: string): string[] =>
  text.split(/(?<=[.!?]['"’”)]*)\s+/u).map((sentence) =>
    sentence
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim(),
  );

/** What is wrong with a reply as text; empty where nothing is. */
function faults(reply: string): string[] {
  const found: string[] = [];
  if (!/[.!?]['"’”)]*$/u.test(reply)) found.push('no end mark');
  if (!/^['"(]*[\p{Lu}\p{N}…]/u.test(reply)) found.push('small start');
  if (/[{}*_`<>|#@[\]]/u.test(reply)) found.push('markup or slot');
  if (/[\p{Cc}\p{Cf}]/u.test(reply)) found.push('control');
  if (/ {2}| [,.!?;:]|,,|\.,|,\.|undefined|\bnull\b/u.test(reply)) found.push('spacing');
  if (/\b[Aa] [aeio][a-z]{2}/u.test(reply.replace(/\ba (?:one|once|uni|use|eu)/gu, '')))
    found.push('article');
  if (reply.length > 700) found.push('length');
  return found;
}

describe('speak', () => {
  it('says something well formed in every voice to every kind of line', () => {
    const wrong: string[] = [];
    for (const id of [...book.ids, 'plain'])
      for (const line of EVERY_ACT)
        for (const seed of ['1', '2', '3']) {
          const reply = speak(task(voiced(id), [said(line)], { seed }), book);
          for (const fault of faults(reply)) wrong.push(`${id}: ${fault}: ${reply}`);
        }
    expect(wrong).toEqual([]);
  });

  it('stays well formed whatever is typed, and repeats no more than a short phrase of it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc
            .array(
              fc.constantFrom(
                'tell',
                'me',
                'about',
                'the',
                '<@123>',
                '**bold**',
                '\u001b[31m',
                'mill',
                '?',
                '"',
                'Aldric:',
                '`x`',
                '{fact}',
                '\u202e',
                'where',
                'is',
                'i',
                'am',
                '@everyone',
              ),
              { maxLength: 30 },
            )
            .map((words) => words.join(' ')),
        ),
        fc.constantFrom(...book.ids),
        fc.constantFrom('character', 'gm', 'npc'),
        (text, id, speakerKind) => {
          const reply = speak(task(voiced(id), [{ ...said(text), text, speakerKind }]), book);
          expect(faults(reply)).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is the same for the same task and another for another seed', () => {
    const one = converse(voiced('old-salt'), EVERY_ACT.slice(0, 12), 'a');
    expect(converse(voiced('old-salt'), EVERY_ACT.slice(0, 12), 'a')).toEqual(one);
    expect(converse(voiced('old-salt'), EVERY_ACT.slice(0, 12), 'b')).not.toEqual(one);
  });

  it.each([...book.ids, 'plain'])(
    'never says a sentence twice within forty lines, even to the same line (%s)',
    (id) => {
      for (const lines of [
        EVERY_ACT.slice(0, 40),
        Array.from({ length: 40 }, () => 'hello'),
        Array.from({ length: 40 }, () => 'what about the mill?'),
      ]) {
        const all = converse(voiced(id), lines).flatMap(sentencesOf);
        expect(all.filter((sentence, index) => all.indexOf(sentence) !== index)).toEqual([]);
      }
    },
  );

  it.each(book.ids)('never says a word that only a secret holds, whoever says it first (%s)', (id) => {
    const hidden = /poison|brandy|harbourmaster|nightshade/iu;
    const asked = [
      'who poisoned the harbourmaster?',
      'what about the brandy',
      'tell me about the nightshade',
      'the harbourmaster drank brandy',
      'i am Nightshade',
      'give me brandy',
      'do you like brandy',
      'any rumors about the harbourmaster?',
      'help me find nightshade',
    ];
    for (const reply of converse(voiced(id), [...asked, ...EVERY_ACT])) expect(reply).not.toMatch(hidden);
  });

  it('keeps any secret, whatever its words', () => {
    const words = [
      ...new Set(
        Object.values(book.speech.lines)
          .flat()
          .join(' ')
          .match(/(?<![\p{L}'])\p{L}{4,}(?![\p{L}'])/gu) ?? [],
      ),
    ];
    const keys = (text: string): string[] =>
      text
        .toLowerCase()
        .split(/\s+/u)
        .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
        .filter((word) => word !== '');
    const threes = (all: readonly string[]): string[] =>
      all.slice(2).map((last, index) => [all[index], all[index + 1], last].join(' '));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { minLength: 3, maxLength: 30 }),
        fc.constantFrom(...book.ids),
        (secret, id) => {
          const who = voiced(id, { secrets: [{ text: secret.join(' '), until: '' }] });
          const known = [
            who.name,
            who.role,
            ...who.knowledge,
            ...who.bonds.flatMap(({ to, tie }) => [to, tie]),
          ];
          // "lower" is no news of somebody who speaks of low tide: what is public is so in all of its forms.
          const open = book.ear.meaning(known.join(' '));
          const openRuns = new Set(known.flatMap((text) => threes(keys(text))));
          const ownWords = secret.map((word) => word.toLowerCase());
          const hidden = ownWords.filter(
            (word) =>
              !book.ear.stopwords.has(word) && ![...book.ear.meaning(word)].some((stem) => open.has(stem)),
          );
          const runs = threes(ownWords).filter(
            (run) => !openRuns.has(run) && run.split(' ').some((word) => !book.ear.stopwords.has(word)),
          );
          for (const reply of converse(who, [
            'hello',
            'what do you know?',
            `tell me about ${secret[0]}`,
            'bye',
          ])) {
            const spoken: readonly string[] = reply.toLowerCase().match(/[\p{L}']+/gu) ?? [];
            expect(hidden.filter((word) => spoken.includes(word))).toEqual([]);
            const saidRuns = reply
              .split(/(?<=[.!?]['"’”)]*)\s+/u)
              .flatMap((sentence) => threes(keys(sentence)));
            expect(runs.filter((run) => saidRuns.includes(run))).toEqual([]);
          }
        },
      ),
      { numRuns: 2000, examples: [[['lower', 'lower', 'lower'], 'behind-the-hand']] },
    );
  }, 120_000);

  it('never says three words of a secret in a row, though each of them is public', () => {
    const who = voiced('plain', {
      knowledge: ['Two men carry a long box.', 'The box came from the chapel.', 'The chapel holds silver.'],
      goals: ['Prove that the men carry silver out of the chapel'],
      secrets: [{ text: 'The men carry silver at night.', until: '' }],
    });
    const all = converse(who, ['what do you want?', 'what else do you want?', 'any work?', 'why?']).join(' ');
    expect(all).not.toMatch(/men carry silver/u);
  });

  it('evades a question that comes near a secret', () => {
    const reply = speak(task(voiced('plain'), [said('did you buy nightshade?')]), book);
    expect(
      book
        .voice('plain')
        ?.lines.evade.concat(book.speech.lines.evade)
        .some((line) => reply.includes(line)),
    ).toBe(true);
  });

  it('shows its habits in most of what it says', () => {
    for (const id of book.ids) {
      const voice = book.voice(id);
      if (voice === undefined) throw new Error(id);
      const fixed = [
        ...Object.values(voice.lines).flat(),
        ...voice.openers,
        ...voice.closers,
        ...voice.asides,
        ...voice.address,
      ]
        .flatMap((line) => line.split(/\{\w+\}/u))
        .map((part) => part.replace(/^[\s,.]+|[\s,.]+$/gu, '').toLowerCase())
        .filter((part) => part.length > 3);
      const replies = converse(voiced(id), [
        'hello',
        'what about the mill',
        'who are you',
        'it is cold',
        'where is the king?',
        'any news',
        'help us',
        'you fool',
        'why?',
        'goodbye',
      ]);
      const shown = replies.filter(
        (reply) =>
          fixed.some((part) => reply.toLowerCase().includes(part)) ||
          /\.\.\.|(\b\p{L}+), \1\b/u.test(reply) ||
          (voice.habits.drop > 0 && !/\b(the|a)\b/iu.test(reply)) ||
          (voice.habits.self === 'third' && reply.includes('Orla')),
      );
      expect(shown.length, `${id}\n${replies.join('\n')}`).toBeGreaterThanOrEqual(6);
    }
  });
});

describe('what it knows', () => {
  it('answers from its knowledge, in the first person, also to a mistyped word', () => {
    expect(converse(voiced('plain'), ['what do you know about the tunel?'])[0]).toContain(
      'comes out behind the chapel',
    );
    expect(converse(voiced('plain'), ['did you see any men with a box?'])[0]).toMatch(/I saw two men/u);
  });

  it('tells what somebody is to it when asked by name or by kin', () => {
    expect(converse(voiced('plain'), ['who is tam bray'])[0]).toContain(
      'I owe him forty silver and pay in excuses',
    );
    expect(converse(voiced('plain'), ['tell me about your sister'])[0]).toContain(
      'My older sister. I have not spoken to her since the fire',
    );
  });

  it('says what it wants and what it fears', () => {
    const wants = converse(voiced('plain'), ['what do you want?', 'what else do you want?']).join(' ');
    expect(wants).toMatch(/pay Master Crode the last of forty silver|have a boat of my own/u);
    expect(converse(voiced('plain'), ['what are you afraid of?'])[0]).toMatch(/deep water/iu);
  });

  it('holds back from what touches a fear', () => {
    expect(converse(voiced('plain'), ['help us cross the deep water'])[0]).toMatch(/deep water/iu);
  });

  it('says that it does not know, and names somebody or something it does know', () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      const reply = converse(voiced('plain'), ['where is the amulet of Zhar?'], seed)[0] ?? '';
      expect(reply).toMatch(/Tam Bray|Hesper Voss|the old mill|the tunnel|the quay|the fair/u);
    }
  });

  it('does not tell the same fact again as if it were new', () => {
    const [first = '', second = ''] = converse(voiced('plain'), [
      'what about the tunnel?',
      'what about the tunnel?',
    ]);
    expect(first).toContain('comes out behind the chapel');
    expect(second).toMatch(
      /told you|as before|from me already|only the one answer|all I know|no more|already/u,
    );
  });

  it('goes on with something linked when asked for more', () => {
    const [, more = ''] = converse(voiced('plain'), ['what about the tunnel?', 'and then?']);
    expect(more.toLowerCase()).toContain('the old mill burned');
  });

  it('says why, for what it just said', () => {
    const [, reason = ''] = converse(voiced('plain'), ['what do you want?', 'why?']);
    expect(
      book.speech.lines.whyGoal.some((line) => reason.toLowerCase().includes(line.toLowerCase())) ||
        /deep water/iu.test(reason),
    ).toBe(true);
  });

  it('explains what it meant by its last fact', () => {
    const [, meant = ''] = converse(voiced('plain'), ['what about the tunnel?', 'what do you mean?']);
    expect(meant).toContain('the tunnel under the mill comes out behind the chapel');
  });

  it('remembers what others said in the scene and invents nothing more', () => {
    const lines = [said('The bridge was washed away.', 0, 'Mira'), said('what happened to the bridge?', 1)];
    const reply = speak(task(voiced('plain'), lines), book);
    expect(reply).toMatch(/that the bridge was washed away|Mira/u);
    expect(book.speech.lines.topicFrom.join(' ')).not.toMatch(/just now|a moment ago/u);
  });

  it('remembers the name that somebody gave', () => {
    const [, , name = ''] = converse(voiced('plain'), [
      'my name is Bertram',
      'nice place',
      'what is my name?',
    ]);
    expect(name).toContain('Bertram');
  });

  it('asks the same price for the same thing and comes down once', () => {
    const [asked = '', lower = '', no = '', again = ''] = converse(voiced('plain'), [
      'how much for a beer',
      'too expensive',
      'still too much',
      'how much for a beer',
    ]);
    const price = /(\w+) (copper|silver)/u;
    const first = price.exec(asked.toLowerCase());
    const second = price.exec(lower.toLowerCase());
    expect(first?.[2]).toBe(second?.[2]);
    expect(first?.[1]).not.toBe(second?.[1]);
    expect(no).not.toMatch(price);
    expect(price.exec(again.toLowerCase())?.[2]).toBe(first?.[2]);
  });

  it('sends to somebody who stands here', () => {
    const reply = speak(
      task(voiced('plain'), [said('who is rosalind?')], { present: ['Aldric', 'Rosalind Grey'] }),
      book,
    );
    expect(reply).toContain('Rosalind Grey');
  });

  it('starts at what bursts in, and takes a GM speaking as speech', () => {
    const startled = speak(task(voiced('old-salt'), [said('GM:The door bursts open.')]), book);
    const lines = [...(book.voice('old-salt')?.lines.startle ?? []), ...book.speech.lines.startle];
    expect(lines.some((line) => startled.includes(line.slice(0, 15)))).toBe(true);
    expect(speak(task(voiced('plain'), [said('GM:what about the tunnel?')]), book)).toContain('chapel');
  });
});

describe('what it does with less common lines', () => {
  const plain = voiced('plain');
  const line = (moment: keyof typeof book.speech.lines, reply: string): boolean =>
    [...book.speech.lines[moment]].some((text) =>
      text
        .split(/\{\w+\}/u)
        .some((part) => part.length > 6 && reply.toLowerCase().includes(part.trim().toLowerCase())),
    );

  it.each([
    ['help us get the forty silver of master crode', 'helpGoal'],
    ['any friends?', 'folk'],
    ['tell me about your mother', 'folkNone'],
    ['too expensive', 'haggleNothing'],
    ['i am Bertram', 'intro'],
    ['is the moon haunted?', 'unsureYes'],
  ] as const)('%s → %s', (text, moment) => {
    const replies = ['a', 'b', 'c', 'd', 'e', 'f'].map((seed) => converse(plain, [text], seed)[0] ?? '');
    expect(
      replies.some((reply) => line(moment, reply)),
      replies.join('\n'),
    ).toBe(true);
  });

  const kinds: readonly (readonly [string, ...(keyof typeof book.speech.lines)[]])[] = [
    ['lol', 'laugh'],
    ['who told you that', 'source'],
    ['lets go', 'joinYes', 'joinNo', 'joinPerhaps'],
    ['whats for dinner', 'fare'],
    ['whats the weather like', 'weather'],
    ['what time is it', 'hour'],
    ['should we go up?', 'advice'],
    ['i have no money', 'sympathy'],
    ['i stole a cup', 'confession'],
    ['you killed him', 'charge'],
    ['who runs this place', 'ruler'],
    ['please', 'please'],
    ['are you married', 'married'],
    ['how old are you', 'age'],
    ['can you swim', 'ability'],
    ['again?', 'unclear'],
    ['and for that?', 'unclear'],
    ['any work for us', 'quest'],
    ['bread', 'fragment'],
    ['how did you become so tall', 'personal'],
    ['what would you give us for it? what is the reward', 'reward'],
    ['GM:A cat walks in.', 'notice'],
  ];
  it.each(kinds.map(([text, ...moments]) => ({ text, moments })))(
    'answers $text in kind',
    ({ text, moments }) => {
      for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
        const reply = converse(plain, [text], seed)[0] ?? '';
        expect(
          moments.some((moment) => line(moment, reply)),
          reply,
        ).toBe(true);
      }
    },
  );

  it('greets who greets, and again who greets again', () => {
    for (const id of ['plain', 'old-salt', 'tally-fingers'])
      for (const seed of ['a', 'b', 'c', 'd']) {
        const who = voiced(id, { talkativeness: 0 });
        const greetings = [...(book.voice(id)?.lines.greeting ?? []), ...book.speech.lines.greeting];
        const [first = '', second = '', third = ''] = converse(
          who,
          ['hi', 'hello again?', 'and again?'],
          seed,
        );
        expect(greetings.some((greeting) => first.includes(greeting.slice(0, 8)))).toBe(true);
        for (const reply of [second, third])
          expect(
            line('helloAgain', reply) || greetings.some((each) => reply.includes(each.slice(0, 8))),
            reply,
          ).toBe(true);
      }
  });

  it('gives one answer to one invitation, however often it is asked', () => {
    for (const name of ['Orla Finch', 'Tam Bray', 'Sable Reed', 'Corin Vole']) {
      const who = voiced('plain', { name, fears: [], talkativeness: 0.5 });
      const kinds = converse(who, ['will you come?', 'come with us', 'join us'], name).map((reply) =>
        (['joinYes', 'joinNo', 'joinPerhaps'] as const).find((moment) => line(moment, reply)),
      );
      expect(new Set(kinds).size, kinds.join()).toBe(1);
    }
  });

  it('says back what was just said, where it is short and plain', () => {
    expect(converse(plain, ['the soup is cold', 'what did i just say'])[1]).toMatch(/the soup is cold/iu);
    expect(converse(plain, ['see `rm`', 'what did i just say'])[1]).not.toContain('rm');
    expect(converse(plain, ['nightshade tastes bad', 'what did i just say'])[1]).not.toContain('nightshade');
  });

  it('promises nobody fifty gold, and no miracle', () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      const [gold = '', miracle = ''] = converse(plain, ['give me 50 gold', 'can you save him'], seed);
      for (const reply of [gold, miracle])
        expect(line('yes', reply) || /\b(?:yes|I can do that)\b/iu.test(reply), reply).toBe(false);
    }
  });

  it('saw what the GM narrated, and says so', () => {
    for (const asked of ['what was that??', 'what happened?', 'did you see that']) {
      const reply = converse(plain, ['GM:The lights go out.', asked])[1] ?? '';
      expect(line('sawIt', reply) || line('notice', reply), `${asked}: ${reply}`).toBe(true);
    }
  });

  it('speaks of itself from its sheet', () => {
    const who = voiced('plain', {
      role: 'barkeep of the Drowned Bell, formidable knitter',
      personality: 'Melts at any compliment to her handwriting.',
      description: 'Her left hand is made of wood.',
      talkativeness: 0,
    });
    expect(converse(who, ['what do you like'])[0]).toMatch(/I melt at any compliment|formidable knitter/u);
    expect(converse(who, ['what happened to your hand'])[0]).toContain('My left hand is made of wood');
    expect(converse(who, ['what are you knitting'])[0]).toContain("I'm a formidable knitter");
    expect(line('aboutMe', converse(who, ['the barkeep is a cheat'])[0] ?? '')).toBe(true);
  });

  it('keeps up a disguise', () => {
    const who = voiced('plain', {
      role: 'runaway heir of nineteen, disguised as a sailor, badly',
      aliases: ['Jack Mast'],
      first_mes: 'Jack Mast, of the sea.',
    });
    const all = ['a', 'b', 'c']
      .flatMap((seed) => converse(who, ['who are you', 'what do you do'], seed))
      .join(' ');
    expect(all).toContain('Jack Mast');
    expect(all).toContain('a sailor');
    expect(all).not.toMatch(/heir|Orla/u);
  });

  it('says why it named a price, why it held back, and why it was only talking', () => {
    expect(line('haggleFirm', converse(plain, ['how much for a beer', 'why?'])[1] ?? '')).toBe(true);
    expect(line('whyNot', converse(plain, ['tell me your secret', 'why?'])[1] ?? '')).toBe(true);
    expect(line('whyChat', converse(plain, ['it is cold', 'why?'])[1] ?? '')).toBe(true);
  });

  it('follows "him" back to whoever was spoken of', () => {
    const who = voiced('plain', { knowledge: ['Tam Bray sleeps in the net loft.'], talkativeness: 0 });
    expect(converse(who, ['who is tam bray', 'where can i find him'])[1]).toContain('net loft');
  });

  it('sells nothing where that is not its trade', () =>
    expect(
      line('noSale', converse(voiced('plain', { role: 'monk' }), ['how much for a beer'])[0] ?? ''),
    ).toBe(true));

  it('does without goals, fears, bonds and knowledge', () => {
    const empty = voiced('plain', { goals: [], fears: [], bonds: [], knowledge: [], secrets: [] });
    for (const reply of converse(empty, EVERY_ACT)) expect(faults(reply)).toEqual([]);
  });

  it('keeps to a few sentences', () => {
    for (const id of book.ids)
      for (const reply of converse(voiced(id), EVERY_ACT))
        expect(reply.match(/[.!?]+(?=\s|$)/gu)?.length ?? 0, reply).toBeLessThanOrEqual(7);
  });
});

describe('a sheet written by hand', () => {
  const written = persona({
    voice: 'Hearty. Begins with "By gull and by gale" and calls everyone "duckling".',
    mes_example: [
      'Nets dry when nets dry.',
      'A gull knows more than a bishop.',
      'I never trusted a quiet sea.',
    ],
    first_mes: 'Mind the wet rope. Who are you, then?',
  });

  it('greets as its sheet says', () =>
    expect(converse(written, ['hello'])[0]).toContain('Mind the wet rope'));

  it('uses its sample lines and favourite words', () => {
    const all = ['a', 'b', 'c'].flatMap((seed) => converse(written, EVERY_ACT.slice(0, 38), seed)).join('\n');
    expect(all).toMatch(/Nets dry|gull knows|quiet sea/u);
    expect(all).toContain('By gull and by gale');
  });

  it('ends as its sheet ends', () => {
    const ending = persona({
      voice: 'Ends every thought with "so help me".',
      mes_example: ['It is late, my dove.', 'Sit down, my dove.', 'Bah! No.'],
    });
    const all = ['a', 'b', 'c'].flatMap((seed) => converse(ending, EVERY_ACT.slice(0, 38), seed)).join('\n');
    expect(all).toMatch(/, so help me\./u);
    expect(all).toMatch(/, my dove\./u);
    expect(all).toContain('Bah!');
  });

  it('gets the voice that its manner describes', () => {
    const whispering = {
      voice: 'Whispers everything and glances at the corners.',
      personality: '',
      role: 'spy',
      tags: [],
    };
    expect(book.fitting(whispering).id).toBe('behind-the-hand');
    expect(book.fitting({ voice: '', personality: '', role: '', tags: ['sea'] }).id).toBe('plain');
  });
});

describe('a correction', () => {
  it('is another try at the same answer', () => {
    const lines = [said('what about the tunnel?')];
    const first = speak(task(voiced('old-salt'), lines), book);
    const tries = ['spoke for somebody else', 'used markup', 'was too long'].map((complaint) =>
      speak(task(voiced('old-salt'), lines, { correction: { complaint } }), book),
    );
    for (const next of tries) {
      expect(faults(next)).toEqual([]);
      expect(next).toMatch(/comes out behind the chapel/u);
    }
    expect(tries.some((next) => next !== first)).toBe(true);
  });

  it('begins when nothing was said yet', () =>
    expect(faults(speak(task(voiced('old-salt'), []), book))).toEqual([]));
});

describe("ties that are nobody else's business", () => {
  const lucan = persona({
    name: 'Lucan Ferriby',
    pronouns: 'he/him',
    bonds: [
      { to: 'Sabeth Crane', tie: 'was to have been his mother-in-law; has her letter in his boot' },
      { to: 'Tam Bray', tie: 'has been stealing from him in amounts too small to notice' },
    ],
  });
  const asked = [
    'who is sabeth crane',
    'and sabeth?',
    'who is tam bray',
    'tell me about tam',
    'have you any family?',
    'any friends?',
  ];

  it.each(['plain', 'old-salt', 'behind-the-hand', 'third-person-hero'])('are not confessed by %s', (id) => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const who = { ...voiced(id), ...lucan, extensions: { dramatis: { voice: id } } };
      const all = converse(who, asked, seed);
      expect(all.join(' ')).not.toMatch(/letter|boot|steal|stole|amounts|too small/iu);
      for (const reply of all) expect(faults(reply)).toEqual([]);
    }
  });

  it('tell what anybody could know', () =>
    expect(converse(lucan, ['who is sabeth crane'])[0]).toContain('mother-in-law'));

  it('make nothing of a secret public', () => {
    const who = persona({
      bonds: lucan.bonds,
      goals: ['Go on stealing'],
      secrets: [{ text: 'Is stealing from Tam.', until: '' }],
    });
    expect(converse(who, ['what do you want?', 'any work?']).join(' ')).not.toMatch(/steal/iu);
  });
});

describe('what was said once', () => {
  const seller = voiced('plain', { talkativeness: 0 });
  const PRICE = /(\w+) (copper|silver)/u;
  const priceOf = (reply: string | undefined) => PRICE.exec((reply ?? '').toLowerCase())?.[0];

  it('is the price, in whatever words it is asked for', () => {
    for (const seed of ['a', 'b', 'c']) {
      const replies = converse(
        seller,
        [
          'how much for a beer',
          'how much for a room',
          'what does a mug of beer cost?',
          'what is the price of the beer',
        ],
        seed,
      );
      expect(priceOf(replies[2]), replies.join('\n')).toBe(priceOf(replies[0]));
      expect(priceOf(replies[3])).toBe(priceOf(replies[0]));
    }
  });

  it('is the same price another evening', () =>
    expect(priceOf(converse(seller, ['what does a mug of beer cost?'], 'other')[0])).toBe(
      priceOf(converse(seller, ['how much for a beer'])[0]),
    ));

  it('is the price of the sheet, where the sheet has one', () => {
    for (const role of ['barkeep of the Drowned Bell', 'monk'])
      for (const seed of ['a', 'b', 'c']) {
        const who = voiced('plain', {
          role,
          knowledge: ['A bed costs nine silver, candle included.'],
          talkativeness: 0,
        });
        const replies = converse(
          who,
          ['how much for a bed?', 'how much is the bed?', 'what does a bed cost'],
          seed,
        );
        for (const reply of replies) expect(reply).toMatch(/nine silver/u);
      }
  });

  it('is told again in other words', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const who = voiced('plain', { knowledge: ['Skarn the Red lies under the hill.'], talkativeness: 0 });
      const replies = converse(who, ['where is skarn?', 'where does skarn lie?', 'tell me of skarn'], seed);
      for (const reply of replies) expect(reply, replies.join('\n')).toMatch(/under the hill/u);
    }
  });

  it('calls nothing asked often that was asked once', () => {
    const asked = [
      'what do you want?',
      'what else do you want?',
      'help us get the forty silver of master crode',
    ];
    const once = Array.from({ length: 60 }, (_, index) =>
      converse(voiced('plain'), asked, `${index}`),
    ).flat();
    expect(once.join(' ')).not.toMatch(/as often as you like/u);
  });
});

describe('whom it sends people to', () => {
  it('is neither themselves nor another player', () => {
    const seeds = Array.from({ length: 40 }, (_, index) => `${index}`);
    const who = voiced('plain', {
      bonds: [
        { to: 'Mira Voss', tie: 'older sister' },
        { to: 'Hesper Voss', tie: 'cousin' },
      ],
      knowledge: [],
    });
    const replies = seeds.map((seed) =>
      speak(
        task(who, [said('the mill burned', 0, 'Rok'), said('where is the amulet of Zhar?', 1, 'Mira')], {
          present: ['Mira', 'Rok', 'Silent Player', 'Old Wen'],
          seed,
        }),
        book,
      ),
    );
    expect(replies.join(' ')).not.toMatch(/Mira|Rok|Silent Player|Old Wen/u);
    expect(replies.join(' ')).toContain('Hesper Voss');
  });

  it('may be an NPC that has spoken here', () => {
    const line = { ...said('It rains.', 0, 'Old Wen'), speakerKind: 'npc' as const };
    const who = voiced('plain', { bonds: [], knowledge: [] });
    const replies = ['a', 'b', 'c', 'd', 'e', 'f'].map((seed) =>
      speak(
        task(who, [line, said('where is the amulet of Zhar?', 1)], { present: ['Aldric', 'Old Wen'], seed }),
        book,
      ),
    );
    expect(replies.join(' ')).toContain('Old Wen');
  });
});

describe('sample lines', () => {
  it('are not said to what they have next to nothing to do with', () => {
    const who = persona({
      role: 'apothecary',
      mes_example: ["I don't do love potions.", 'Never trust a cheap cork.', 'A potion is a promise.'],
      knowledge: [],
    });
    for (const seed of Array.from({ length: 20 }, (_, index) => `${index}`))
      for (const reply of converse(
        who,
        ['I want to buy a healing potion', 'how much for a potion?', 'can you help us', 'nice'],
        seed,
      ))
        expect(reply).not.toMatch(/love potions|cheap cork/u);
  });
});
