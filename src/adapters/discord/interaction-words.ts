import { notice } from '#src/core/view.ts';

export const FORM_IS_LATE = 'The form did not come in time.';
export const BUSY = {
  starting: notice('hint', 'I am only just starting. Try it again in a moment.'),
  leaving: notice('hint', 'I am being restarted. Try it again in a minute.'),
};
export const FAILED = notice(
  'trouble',
  'That did not work: something failed here, and whoever runs the bot finds the cause in the log. Try it again.',
);
export const NOWHERE = notice(
  'refusal',
  'Nothing can be played in this kind of channel. Use a text channel, a thread, or a direct message to me.',
);
export const UNKNOWN_BUTTON = notice(
  'refusal',
  'This button is from another version and does nothing any more. The command that it stands for still works: /help lists them.',
);
export const UNKNOWN_COMMAND = notice(
  'refusal',
  'I do not know this command any more. Reload Discord (Ctrl+R) to see what there is.',
);
export const HEARS_LITTLE = notice(
  'hint',
  'I cannot read what people write here unless they mention me: “Message Content Intent” is off for this bot. NPCs answer mentions, commands and “Apps → Say to NPCs” on a message. Whoever runs the bot can turn it on at discord.com/developers, under Bot.',
);
