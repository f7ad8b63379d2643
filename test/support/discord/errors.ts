/** What Discord answers where a request cannot be done: its status, its JSON code, its words. */
export class DiscordFault extends Error {
  override readonly name = 'DiscordFault';
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Discord's JSON error codes, as far as the stand-in answers them. */
export const fault = {
  notFound: () => new DiscordFault(404, 0, '404: Not Found'),
  unauthorized: () => new DiscordFault(401, 0, '401: Unauthorized'),
  unknownChannel: () => new DiscordFault(404, 10003, 'Unknown Channel'),
  unknownGuild: () => new DiscordFault(404, 10004, 'Unknown Guild'),
  unknownMember: () => new DiscordFault(404, 10007, 'Unknown Member'),
  unknownMessage: () => new DiscordFault(404, 10008, 'Unknown Message'),
  unknownUser: () => new DiscordFault(404, 10013, 'Unknown User'),
  unknownWebhook: () => new DiscordFault(404, 10015, 'Unknown Webhook'),
  unknownInteraction: () => new DiscordFault(404, 10062, 'Unknown interaction'),
  unknownCommand: () => new DiscordFault(404, 10063, 'Unknown application command'),
  tooManyWebhooks: () => new DiscordFault(400, 30007, 'Maximum number of webhooks reached (15)'),
  tooManyWebhooksInGuild: () =>
    new DiscordFault(400, 30058, 'Maximum number of webhooks per guild reached (1000)'),
  tooManyCommandCreates: () =>
    new DiscordFault(429, 30034, 'Max number of daily application command creates has been reached (200)'),
  fileTooLarge: () => new DiscordFault(413, 40005, 'Request entity too large'),
  alreadyAcknowledged: () => new DiscordFault(400, 40060, 'Interaction has already been acknowledged.'),
  missingAccess: () => new DiscordFault(403, 50001, 'Missing Access'),
  otherAuthor: () => new DiscordFault(403, 50005, 'Cannot edit a message authored by another user'),
  emptyMessage: () => new DiscordFault(400, 50006, 'Cannot send an empty message'),
  closedDirectMessages: () => new DiscordFault(403, 50007, 'Cannot send messages to this user'),
  missingPermissions: () => new DiscordFault(403, 50013, 'Missing Permissions'),
  wrongChannelType: () => new DiscordFault(400, 50024, 'Cannot execute action on this channel type'),
  expiredToken: () => new DiscordFault(401, 50027, 'Invalid Webhook Token'),
  archivedThread: () => new DiscordFault(400, 50083, 'Thread is archived'),
  noHistory: () => new DiscordFault(400, 160002, 'Cannot reply without permission to read message history'),
  invalidBody: (why: string) => new DiscordFault(400, 50035, `Invalid Form Body: ${why}`),
};
