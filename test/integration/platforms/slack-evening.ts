import type { ChatEvening } from '../../contract/platform.ts';
import { openGame } from '../../support/slack/slack-game.ts';

/** Requests that show something. */
const SHOWING = new Set(['chat.postMessage', 'chat.update']);

export async function openSlackEvening(): Promise<ChatEvening> {
  const game = await openGame();
  const { slack, gm, mira, tavern, model } = game;
  const greetings = new Map<string, number>();
  const by = (name: string) =>
    mira
      .sees(tavern)
      .filter(({ from }) => from === name)
      .slice(greetings.get(name) ?? 0);
  const pressesCode = async (code: string) => {
    const message = mira.sees(tavern).find(({ isEphemeral }) => !isEphemeral)?.message;
    if (message === undefined) throw new Error('there is no message');
    const before = mira.sees(tavern).length;
    const others = gm.sees(tavern).length;
    await mira.sendsAction(message, { type: 'button', action_id: code, value: code });
    await slack.until(() => mira.sees(tavern).length > before, 'an answer to the button');
    if (gm.sees(tavern).length > others) throw new Error('everybody sees the answer');
    return mira.sees(tavern).at(-1)?.text ?? '';
  };
  return {
    model,
    async brings(name) {
      await game.bringOn(name);
      await slack.until(() => by(name).length === 1, `${name} greets`);
      greetings.set(name, 1);
    },
    says(text) {
      void mira.says(tavern, text);
    },
    async runs(command, options) {
      const [group = '', ...rest] = command.split(' ');
      const before = gm.sees(tavern).length;
      const given = Object.entries(options).map(([name, value]) => `${name}:${value}`);
      await gm.slash(tavern, `/${group}`, [...rest, ...given].join(' '));
      await slack.until(() => gm.sees(tavern).length > before, `an answer to ${command}`);
      return gm
        .sees(tavern)
        .slice(before)
        .map(({ text }) => text)
        .join('\n');
    },
    spoken: (name) => by(name).map(({ text }) => text),
    isSilent: () => !mira.sees(tavern).some(({ buttons }) => buttons.includes('Stop')),
    everShown: () => mira.everSaw,
    offers: () =>
      mira
        .sees(tavern)
        .flatMap(({ buttons }) => buttons)
        .join(' '),
    until: (holds, what) => slack.until(holds, what),
    findings: () => [...slack.journal.violations, ...slack.journal.pings],
    end: async () => game[Symbol.asyncDispose](),
    repeatDeliveries() {
      slack.deliveries.isDoubled = true;
    },
    limitEvery(count) {
      let shown = 0;
      slack.disturb((call) => {
        if (!SHOWING.has(call.method)) return undefined;
        shown += 1;
        return shown % count === 0 ? { status: 429, retryAfterInS: 1 } : undefined;
      });
    },
    histories: (name) =>
      by(name).map(({ message }) => [...message.history, message.wording].map(({ text }) => text)),
    pressesCode,
    triesWhatIsNot: () => pressesCode('1a|npc vanish||'),
  };
}
