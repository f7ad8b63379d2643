import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../support/model-reply.ts';
import type { ModelServer } from '../support/model-server.ts';

/** The whole product on one platform for an evening, as its people meet it: somebody who leads, and a player. */
export interface PlatformEvening {
  readonly model: ModelServer;
  /** An NPC of the folder comes on stage; resolves when its greeting stands. */
  brings(name: string): Promise<void>;
  /** The player says something. */
  says(text: string): void;
  /** Whoever leads runs a command, and this is what they read in answer. */
  runs(command: string, options: Readonly<Record<string, string>>): Promise<string>;
  /** What an NPC has said, as the player reads it now: a text for each message, without its greeting. */
  spoken(name: string): readonly string[];
  /** The NPC has spoken to its end: no button to stop it is left. */
  isSilent(): boolean;
  /** All that the player ever had before their eyes. */
  everShown(): string;
  /** What the player could press or type next, as it was offered. */
  offers(): string;
  /** Resolves once it holds; rejects with `what` after some seconds. */
  until(holds: () => boolean, what: string): Promise<void>;
  /** Whatever the platform would have refused, or would have called somebody for; empty where all is well. */
  findings(): readonly unknown[];
  /** The player tries something that there is not, a command or a button, and this is what they read then. */
  triesWhatIsNot(): Promise<string>;
  end(): Promise<void>;
}

/** An evening on a platform with messages, buttons and several people. */
export interface ChatEvening extends PlatformEvening {
  /** From now on everything that comes in is delivered twice. */
  repeatDeliveries(): void;
  /** Every so many requests to show something are answered with "too many" from now on. */
  limitEvery(count: number): void;
  /** What each message of an NPC showed one after another, without its greeting. */
  histories(name: string): readonly (readonly string[])[];
  /** The player presses a button that need not be there, and this is what only they read then. */
  pressesCode(code: string): Promise<string>;
}

/** Every form in which the platforms call somebody, and in which text becomes something else than text. */
const CALLS =
  '@everyone @here @channel <@1> <@!1> <@&1> <#1> <!channel> <!here> <!everyone> <!subteam^S1> <@U1> <@W1|x> [a](https://b.example)';

/** More than one word. */
const SENTENCE = /\p{L}+ .*\p{L}/u;

const ALL_NUMBERS = Array.from({ length: 76 }, (_, index) => index);
/** With what one platform escapes, so that it is longer there than it reads. */
const LONG = ALL_NUMBERS.map((number) => `Of ${number}: a & b & & & & & d. `).join('');

/** What holds on every platform, however it shows things. */
export function platformContract(name: string, open: () => Promise<PlatformEvening>): void {
  describe(`the contract of platforms: ${name}`, { timeout: 30_000 }, () => {
    const begin = evenings(open);

    it('answers what a player says, and never itself', async () => {
      const evening = await begin({ text: 'It is a penny.' }, { text: 'It is tuppence.' });
      await askTwice(evening);
    });

    it('calls nobody, whoever writes it', async () => {
      const evening = await begin({ text: `Hear me, ${CALLS}, all of you. I am done.` });
      evening.says(`Kettle, call ${CALLS}!`);
      await endsWith(evening, 'I am done.');
      expect(await evening.runs('npc talk', { npc: '@everyone <!channel>' })).toMatch(/everyone/u);
      expect(evening.spoken('Kettle').join(' ')).toMatch(/everyone.*b\.example/su);
    });

    it('shows a long answer whole and in order', async () => {
      const evening = await begin({ text: `${LONG}I am done.` });
      evening.says('Kettle, tell me everything.');
      await endsWith(evening, 'I am done.');
      expect(numbersIn(evening)).toEqual(ALL_NUMBERS);
    });

    it('marks an answer that broke off, and says how to go on', async () => {
      const tokens = ['It', ' is', ' late', '.', ' And', ' then', ' he'];
      const evening = await begin({ tokens, cutAfter: 6 });
      evening.says('Kettle, what then?');
      await evening.until(
        () => evening.isSilent() && /It is late\. ?—/u.test(evening.spoken('Kettle').at(-1) ?? ''),
        'the answer is marked',
      );
      await evening.until(() => /Kettle breaks off: .+\./u.test(evening.everShown()), 'people are told why');
      expect(evening.offers()).toMatch(/retry/iu);
    });

    it('says so where there is no answer at all, and shows none', async () => {
      const evening = await begin({ error: { status: 401 } });
      evening.says('Kettle, are you there?');
      await evening.until(
        () => /Kettle does not answer: .+\./u.test(evening.everShown()),
        'people are told why',
      );
      expect(evening.spoken('Kettle').filter((text) => text !== '…')).toEqual([]);
    });

    it('answers what there is not with a sentence', async () => {
      const evening = await begin();
      expect(await evening.triesWhatIsNot()).toMatch(SENTENCE);
    });
  });
}

/** What holds besides on platforms with messages, buttons and several people. */
export function chatContract(name: string, open: () => Promise<ChatEvening>): void {
  platformContract(name, open);

  describe(`the contract of chat platforms: ${name}`, { timeout: 30_000 }, () => {
    const begin = evenings(open);

    it('streams: what stands only grows, and the last words always come', async () => {
      const words = Array.from({ length: 120 }, (_, index) => `w${index}${index % 6 === 5 ? '.' : ''}`);
      const tokens = words.map((word, index) => (index === 0 ? word : ` ${word}`));
      const evening = await begin({ tokens, tokensPerSecond: 25 });
      evening.says('Kettle, slowly, please.');
      await endsWith(evening, 'w119.');
      const [history = [], ...more] = evening.histories('Kettle');
      expect(more).toEqual([]);
      expect(history.length).toBeGreaterThan(2);
      history.slice(1).forEach((text, index) => {
        expect(text.startsWith(history[index] ?? '')).toBe(true);
      });
      expect(history.at(-1)).toBe(tokens.join(''));
    });

    it('splits behind sentences, and loses no word where the platform has too many requests', async () => {
      const evening = await begin({ text: `${LONG}I am done.`, tokensPerSecond: 400 });
      evening.limitEvery(2);
      evening.says('Kettle, tell me everything.');
      await endsWith(evening, 'I am done.');
      expect(numbersIn(evening)).toEqual(ALL_NUMBERS);
      const parts = evening.spoken('Kettle');
      expect(parts.length).toBeGreaterThan(1);
      for (const part of parts.slice(0, -1)) expect(part).toMatch(/d\.$/u);
    });

    it('hears what comes twice once', async () => {
      const evening = await begin({ text: 'It is a penny.' }, { text: 'It is tuppence.' });
      evening.repeatDeliveries();
      await askTwice(evening);
    });

    it('hides from players what is for whoever leads', async () => {
      const evening = await begin();
      const secret = 'grey gloves gave her a silver piece';
      expect(await evening.runs('npc show', { npc: 'Kettle' })).toContain(secret);
      expect(evening.everShown()).not.toContain(secret);
      // Nor by a button that nobody gave them.
      expect(await evening.pressesCode('1a|npc show|||npc=Kettle')).not.toContain(secret);
      expect(evening.everShown()).not.toContain(secret);
    });

    it('answers a forged button with a sentence that only the one who pressed it reads', async () => {
      const evening = await begin({ text: 'Still here.' });
      for (const code of FORGED) expect(await evening.pressesCode(code), code).toMatch(SENTENCE);
      evening.says('Kettle, are you there?');
      await endsWith(evening, 'Still here.');
    });
  });
}

/** Opens evenings on which Kettle is on stage and the model answers in turn as given; each ends without findings. */
function evenings<E extends PlatformEvening>(open: () => Promise<E>): (...replies: Reply[]) => Promise<E> {
  const opened: E[] = [];
  afterEach(async () => {
    for (const evening of opened.splice(0)) {
      await evening.end();
      expect(evening.findings()).toEqual([]);
    }
  });
  return async (...replies) => {
    const evening = await open();
    opened.push(evening);
    let spoken = 0;
    evening.model.script((request) => {
      if (request.response_format !== undefined) return {};
      const reply = replies[Math.min(spoken, replies.length - 1)];
      spoken += 1;
      return reply ?? {};
    });
    await evening.brings('Kettle');
    return evening;
  };
}

/** Asks for two answers one after another, and sees each once. */
async function askTwice(evening: PlatformEvening): Promise<void> {
  evening.says('Kettle, what does it cost?');
  await endsWith(evening, 'It is a penny.');
  evening.says('Kettle, and for two?');
  await endsWith(evening, 'It is tuppence.');
  expect(evening.spoken('Kettle')).toEqual(['It is a penny.', 'It is tuppence.']);
  // Whatever it showed of its own has come back by now.
  expect(evening.model.journal).toHaveLength(2);
}

function endsWith(evening: PlatformEvening, text: string): Promise<void> {
  return evening.until(
    () => evening.isSilent() && (evening.spoken('Kettle').at(-1)?.endsWith(text) ?? false),
    `Kettle ends with “${text}”`,
  );
}

function numbersIn(evening: PlatformEvening): readonly number[] {
  const shown = evening.spoken('Kettle').join('\n');
  return [...shown.matchAll(/Of (\d+): a & b & & & & & d\./gu)].map(([, number]) => Number(number));
}

/** Of no form; of commands that are none, for others, or lack something; never put on a shelf; of another version. */
const FORGED = [
  'forged',
  '1a|npc vanish||',
  '1a|npc dismiss|||npc=Kettle',
  '1a|npc talk||',
  '1s|nothing',
  '9a|stop||',
  '1a|npc talk||vanish|npc=Kettle',
];
