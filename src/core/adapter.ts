/** A platform's adapter that is connected and takes things in. */
export interface RunningAdapter {
  /** As whom, and where: "as Dramatis in 3 servers". Continues "Discord: connected …". */
  readonly connection?: string;
  /** Whether the platform can reach us now; always, where it is left out. */
  isConnected?(): boolean;
  /** Takes in nothing new; what is under way can still be shown. */
  stopHearing(): Promise<void>;
  /** Closes the connection, once everything that is to be shown stands. */
  close(): Promise<void>;
}

/** The picture of an NPC, where one can be reached from outside: an https address; undefined without a public one. */
export type AvatarAddress = (npc: {
  readonly id: string;
  readonly name: string;
  readonly avatar: string;
}) => string | undefined;

/** A request to the product's own HTTP server, as an adapter that needs one answers it. */
export interface HttpRoute {
  /** `/slack/` takes everything below it. */
  readonly path: string;
  handle(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse): void;
}
