import type { ChatEvening } from '../../contract/platform.ts';
import { Evening } from '../../support/discord/evening.ts';

/** Requests that show something in a channel. */
const SHOWING = /^(POST|PATCH) \/(webhooks|channels\/\d+\/messages)/u;

export async function openDiscordEvening(): Promise<ChatEvening> {
  const evening = await Evening.begin();
  const { discord, owner, mira, tavern, model } = evening;
  const greetings = new Map<string, number>();
  const by = (name: string) =>
    mira
      .sees(tavern)
      .filter(({ author }) => author === name)
      .slice(greetings.get(name) ?? 0);
  const pressesCode = async (code: string) => {
    const message = mira.sees(tavern)[0];
    if (message === undefined) throw new Error('there is no message');
    const answer = await mira.pressesCode(tavern, message, code).answer();
    if (!answer.isEphemeral) throw new Error('everybody sees the answer');
    return answer.text;
  };
  return {
    model,
    async brings(name) {
      await evening.brings(name);
      greetings.set(name, by(name).length);
    },
    says(text) {
      mira.says(tavern, text);
    },
    runs: async (command, options) => (await owner.slash(tavern, command, options).answer()).text,
    spoken: (name) => by(name).map(({ text }) => text),
    isSilent: () => !mira.sees(tavern).some(({ buttons }) => buttons.includes('Stop')),
    everShown: () => mira.hasSeen(tavern),
    offers: () =>
      mira
        .sees(tavern)
        .flatMap(({ buttons }) => buttons)
        .join(' '),
    async until(holds, what) {
      await discord.until(holds, what);
    },
    findings: () => Object.values(discord.findings).flat(),
    async end() {
      // What the model does wrong here is meant to be.
      const faults = evening.faults.filter((fault) => !fault.includes('ModelError'));
      evening.faults.splice(0, evening.faults.length, ...faults);
      await evening.end();
    },
    repeatDeliveries() {
      discord.gateway.isRepeating = true;
    },
    limitEvery(count) {
      discord.faults.inject({ on: SHOWING, status: 429, retryAfterInMs: 300, every: count });
    },
    histories(name) {
      const ids = new Set(by(name).map(({ id }) => id));
      return discord
        .messages(tavern)
        .filter(({ id }) => ids.has(id))
        .map(({ firstText, edits }) => [firstText, ...edits.map(({ text }) => text)]);
    },
    pressesCode,
    triesWhatIsNot: () => pressesCode('1a|npc vanish||'),
  };
}
