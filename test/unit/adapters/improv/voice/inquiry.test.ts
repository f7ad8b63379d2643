import { describe, expect, it } from 'vitest';
import { speak } from '#src/adapters/improv/voice/speak.ts';
import type { RecalledLine, SeenLine, SpeakTask } from '#src/core/model.ts';
import { book, said, task, voiced } from './fixtures.ts';

const SEEDS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Lines of day 1 and, after a null, of day 2. "Mira: text"; who is not named is Aldric. */
function evenings(...lines: readonly (string | null)[]): SeenLine[] {
  const change = lines.indexOf(null);
  return lines.flatMap((line, index) => {
    if (line === null) return [];
    const isLater = change >= 0 && index > change;
    const [, speaker = 'Aldric', text = ''] = /^(?:(\p{Lu}\p{L}+(?: Finch)?): )?(.+)$/u.exec(line) ?? [];
    const plain = said(speaker === 'GM' ? `GM:${text}` : text, index, speaker);
    const isNpc = speaker === 'Hesper' || speaker === 'Orla Finch';
    return [
      {
        ...plain,
        ...(isNpc ? { speakerKind: 'npc' as const, isOwn: speaker === 'Orla Finch' } : {}),
        time: isLater ? 'day 2, evening' : 'day 1, evening',
        ...(isLater && index === change + 1 ? { mark: 'It is day 2, evening' } : {}),
      },
    ];
  });
}

function replies(lines: readonly SeenLine[], change: Partial<SpeakTask> = {}): string[] {
  const present = ['Aldric', 'Mira', 'Hesper'];
  return SEEDS.map((seed) =>
    speak(task(voiced('plain', { bonds: [], secrets: [] }), lines, { seed, present, ...change }), book),
  );
}

const LAST_NIGHT = [
  'Mira: Good evening everyone!',
  'Mira: Orla, I promise I will mend your bell rope before the feast.',
  'Mira: Hesper, I give you my silver comb.',
  'Hesper: The road to the north is closed by wolves.',
  'Orla, a red ship anchored behind the lighthouse today.',
  'GM: The roof of the chapel falls in.',
  'Mira: Thank you both, good night!',
  null,
] as const;

describe('a question after a time', () => {
  it.each([
    'Orla, what do you remember of last night?',
    'Orla, what happened last night?',
    'what happened yesterday?',
    'Orla, what did we talk about last night?',
    'Orla, tell me what you remember of yesterday evening.',
    'Orla, do you remember what happened here yesterday?',
    'Orla, what did you hear last night?',
    'what happened the last time we met?',
    'Orla, what have we talked about?',
    'what about last night?',
  ])('is answered with what happened then: %s', (question) => {
    for (const reply of replies(evenings(...LAST_NIGHT, question))) {
      expect(reply).toMatch(/bell rope|silver comb|red ship|roof of the chapel/u);
      expect(reply).not.toMatch(/good (?:night|evening)!|just now|wolves|old mill/iu);
    }
  });

  it('is told as somebody tells it, in the order of time', () => {
    const lines = evenings(
      'Orla, I promise I will mend your bell rope.',
      'Orla, I give you my silver comb.',
      null,
      'Orla, what do you remember of last night?',
    );
    for (const reply of replies(lines))
      expect(reply).toMatch(
        /[Ll]ast night you promised to mend my bell rope\..* you gave me your silver comb\./u,
      );
  });

  it('has what an NPC said where that NPC is asked about', () => {
    for (const reply of replies(evenings(...LAST_NIGHT, 'Orla, what did Hesper say last night?')))
      expect(reply).toContain('Hesper said: "The road to the north is closed by wolves."');
  });

  it('has no greeting in it, however long', () => {
    const lines = evenings(
      'Mira: Good evening to everybody here in this lovely place!',
      'Mira: The roof of the chapel fell in.',
      'Mira: Thank you both for this lovely evening, good night!',
      null,
      'Orla, what happened last night?',
    );
    for (const reply of replies(lines)) {
      expect(reply).toContain('the roof of the chapel fell in');
      expect(reply).not.toContain('lovely');
    }
  });

  it('tells of one person where one is asked about', () => {
    for (const reply of replies(evenings(...LAST_NIGHT, 'Orla, what did Mira do last night?')))
      expect(reply).toMatch(/[Ll]ast night Mira .*Mira /u);
    for (const reply of replies(evenings(...LAST_NIGHT, 'Orla, what did I say last night?'))) {
      expect(reply).toContain('red ship');
      expect(reply).not.toContain('Mira');
    }
  });

  it('says of a time with nothing in it that there is nothing, and does not name another', () => {
    for (const reply of replies(evenings(...LAST_NIGHT, 'Orla, what happened nine nights ago?')))
      expect(reply).not.toMatch(/bell rope|comb|ship|chapel|mill/u);
  });

  it('means by "last night" the time before, where that was longer ago', () => {
    const ship: RecalledLine = {
      id: 'ship',
      speaker: 'Mira',
      text: 'A red ship anchored behind the lighthouse.',
      when: 'nine nights ago',
      saidAtInMs: 1,
    };
    const lines = evenings('Orla, what do you remember of last night?');
    for (const reply of replies(lines, { memories: [ship] }))
      expect(reply).toMatch(/[Nn]ine nights ago Mira told me that a red ship anchored/u);
  });

  it('does not tell of the first evening what came later', () => {
    const memories = ['two nights ago', 'nine nights ago'].map((when, index) => ({
      ...{ id: when, speaker: 'Mira', when, saidAtInMs: 2 - index },
      text: `A red ship anchored here ${index === 0 ? 'again' : 'first'}.`,
    }));
    for (const reply of replies(evenings('Orla, do you remember our first evening?'), { memories }))
      expect(reply).toMatch(/^(?!.*here again).*anchored here first/u);
  });

  it('tells more where it is asked again', () => {
    const lines = evenings(
      ...LAST_NIGHT,
      'Orla, what do you remember of last night?',
      'Orla Finch: Last night you told me that a red ship anchored behind the lighthouse that day. I saw that. The roof of the chapel falls in.',
      'Orla, what happened last night?',
    );
    for (const reply of replies(lines)) expect(reply).toMatch(/bell rope.*silver comb/u);
  });

  it('evades where all of it would give a secret away', () => {
    const lines = evenings(
      'GM: The harbourmaster drinks the brandy.',
      null,
      'Orla, what do you remember of last night?',
    );
    for (const seed of SEEDS) {
      const reply = speak(task(voiced('plain', { bonds: [] }), lines, { seed }), book);
      expect(book.speech.lines.evade.concat(book.voice('plain')?.lines.evade ?? [])).toContain(
        reply.split(/(?<=[.!?]) /u)[0],
      );
    }
  });
});

describe('a question after a deed', () => {
  it('keeps whom a promise was made to', () => {
    for (const reply of replies(
      evenings(...LAST_NIGHT.slice(0, -1), null, 'Mira: Orla, what did I promise you?'),
    ))
      expect(reply).toMatch(/you promised to mend my bell rope/u);
    const elsewhere = evenings(
      'Mira: Hesper, I promise I will mend your rope.',
      null,
      'Mira: Orla, what did I promise you?',
    );
    for (const reply of replies(elsewhere)) expect(reply).not.toContain('rope');
    const asked = evenings(
      'Mira: Hesper, I promise I will mend the rope.',
      null,
      'Orla, what did Mira promise?',
    );
    for (const reply of replies(asked)) expect(reply).toContain('Mira promised Hesper to mend the rope.');
  });

  it('keeps whom a gift was for', () => {
    const comb = 'Mira: Orla, here is the silver comb I promised you.';
    for (const reply of replies(evenings(comb, null, 'Mira: Orla, what did I give you?')))
      expect(reply).toContain('you gave me the silver comb you promised me.');
    const lines = evenings(
      'Mira: Hesper, I give you my silver comb.',
      null,
      'Mira: Orla, what did I give you?',
    );
    for (const reply of replies(lines)) expect(reply).not.toContain('comb');
  });

  it('tells what it was asked to do', () => {
    const lines = evenings(
      'Mira: Orla, take this letter to the abbey.',
      null,
      'Mira: Orla, what did I ask you to do?',
    );
    for (const reply of replies(lines))
      expect(reply).toContain('you asked me to take that letter to the abbey.');
  });

  it('says the same again in other words', () => {
    const lines = evenings('Mira: Orla, I promise I will mend your rope.', null);
    const told = Array.from({ length: 8 }, (_, index) => {
      lines.push({
        ...said('Orla, what did I promise you?', 10 + 2 * index, 'Mira'),
        time: 'day 2, evening',
      });
      if (index === 0) lines.push({ ...(lines.pop() as SeenLine), mark: 'It is day 2, evening' });
      const text = replies(lines)[0] ?? '';
      lines.push({
        ...said(text, 11 + 2 * index, 'Orla Finch'),
        speakerKind: 'npc',
        isOwn: true,
        time: 'day 2, evening',
      });
      return text;
    });
    expect(new Set(told).size).toBe(told.length);
    expect(told.every((text) => text.includes('rope'))).toBe(true);
  });
});

describe('a question after something else', () => {
  it.each([
    'Orla, what do you want tonight?',
    'Orla, what will you do today?',
    'Orla, what are you doing this evening?',
    'Orla, what did you say?',
    'Orla, what did I say just now?',
    'Orla, where were you last night?',
    'Orla, have you been here before?',
    'Orla, what should I give you?',
    'Orla, will you give me the key?',
  ])('is no question after what is remembered: %s', (question) => {
    const none = [...book.speech.lines.rememberNone, ...book.speech.lines.rememberMore];
    const parts = none.map((line) => line.replace('{clause}', 'you ')).join('|');
    for (const reply of replies(
      evenings(...LAST_NIGHT, 'Good evening!', 'Rain again.', 'And again.', question),
    ))
      expect(reply).not.toMatch(new RegExp(`last night you|last night Mira|${parts}`, 'u'));
  });
});

describe('a day later', () => {
  it('nothing has only just happened', () => {
    const lines = ['GM: A storm tears the roof off.', 'Orla, what happened?'];
    const just = replies(evenings(...lines));
    const later = replies(evenings(lines[0] ?? '', null, lines[1] ?? ''));
    const sawIt = new RegExp(
      book.speech.lines.sawIt.map((line) => line.replace(/[.?]/gu, '.')).join('|'),
      'u',
    );
    expect(just.some((reply) => sawIt.test(reply))).toBe(true);
    expect(later.filter((reply) => sawIt.test(reply))).toEqual([]);
  });

  it('nobody has only just said hello', () => {
    const again = /Hello again|You only just said so|Twice in one night|said our hellos/u;
    const answered = 'Orla Finch: Well met.';
    const just = replies(evenings('Hello Orla.', answered, 'Hello Orla.'));
    expect(just.some((reply) => again.test(reply))).toBe(true);
    const later = replies(evenings('Hello Orla.', answered, null, 'Hello Orla.'));
    expect(later.filter((reply) => /only just|Twice in one night/u.test(reply))).toEqual([]);
  });
});

describe('a question after somebody', () => {
  it('is answered with what they said to it, where the asker wants to know what it remembers of them', () => {
    for (const reply of replies(evenings(...LAST_NIGHT, 'Mira: Orla, what do you remember about me?')))
      expect(reply).toMatch(/bell rope|comb/u);
  });

  it('does not come out with what they told in confidence', () => {
    const lines = evenings(
      "Mira: Orla, don't tell anyone, but I stole the abbot's chalice.",
      'Hesper: I see.',
      'Mira: Orla, the bread is cold in the morning.',
      null,
      'Mira: Orla, what do you remember about me?',
    );
    for (const reply of replies(lines)) {
      expect(reply).toContain('the bread is cold');
      expect(reply).not.toContain('chalice');
    }
  });

  it('is answered with who they said to be', () => {
    const lines = evenings(
      'Mira: Good evening everyone! I am Mira, a seamstress.',
      'Mira: The bread is cold tonight.',
      null,
      'Orla, who is Mira?',
    );
    for (const reply of replies(lines)) expect(reply).toContain('"I am Mira, a seamstress."');
    const unnamed = evenings('Mira: The bread is cold tonight.', null, 'Orla, who is Mira?');
    for (const reply of replies(unnamed)) expect(reply).not.toContain('bread');
  });
});
