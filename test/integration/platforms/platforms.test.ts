import { chatContract, platformContract } from '../../contract/platform.ts';
import { openDiscordEvening } from './discord-evening.ts';
import { openSlackEvening } from './slack-evening.ts';
import { openTerminalEvening } from './terminal-evening.ts';

platformContract('terminal', openTerminalEvening);
chatContract('Discord', openDiscordEvening);
chatContract('Slack', openSlackEvening);
