import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Deliveries } from './deliveries.ts';
import { FileShelf } from './files.ts';
import { HttpMode } from './http-mode.ts';
import { Journal } from './journal.ts';
import { MessageBook } from './messages.ts';
import { authorize } from './methods/oauth.ts';
import { Rates } from './rates.ts';
import { respond } from './responses.ts';
import { SlackPerson } from './slack-person.ts';
import { SocketMode } from './socket-mode.ts';
import { StandInClock } from './stand-in-clock.ts';
import type { Settings, State } from './state.ts';
import { ResponseUrls, Triggers } from './tickets.ts';
import { ViewDesk } from './view-desk.ts';
import { type Disturb, WebApi } from './web-api.ts';
import {
  addChannel,
  addMember,
  type Channel,
  type ChannelKind,
  type Member,
  newToken,
  openTeam,
  type SlackApp,
  type Team,
} from './world.ts';

/** What the app's manifest says, as far as Slack goes by it. */
export interface AppManifest {
  readonly scopes: readonly string[];
  readonly events: readonly string[];
  /** With the slash. Undefined: any command can be typed. */
  readonly commands?: readonly string[];
  /** Callback ids. Undefined: any. */
  readonly shortcuts?: readonly string[];
}

export interface SlackServer {
  /** Ends in /api/: the `slackApiUrl` of a client. */
  readonly apiUrl: string;
  readonly app: SlackApp;
  readonly clock: StandInClock;
  readonly journal: Journal;
  readonly settings: Settings;
  readonly sockets: SocketMode;
  /** HTTP mode: set its `url` to the app's address first. */
  readonly http: HttpMode;
  readonly deliveries: Deliveries;
  /** A workspace; where `isInstalled` is false, the app comes to it by OAuth alone. */
  openTeam(name: string, options?: { readonly isInstalled?: boolean }): Team;
  /** Somebody of a workspace. */
  person(
    team: Team,
    name: string,
    traits?: { readonly isAdmin?: boolean; readonly isOwner?: boolean },
  ): SlackPerson;
  /** Another app's bot. */
  bot(team: Team, name: string): Member;
  /** A channel with our bot in it, unless `withoutBot`. */
  channel(
    team: Team,
    name: string,
    options: {
      readonly members: readonly SlackPerson[];
      readonly kind?: ChannelKind;
      readonly withoutBot?: boolean;
    },
  ): Channel;
  /** What people said, as far as it is long enough to be told from other words. */
  wordsOfPeople(): readonly string[];
  /** Interferes with requests to the Web API; undefined: no more. */
  disturb(disturb: Disturb | undefined): void;
  /** Agrees on Slack's OAuth page; gives the address that the browser is sent to. */
  authorize(address: string, installer: SlackPerson): string;
  /** Removes the app from a workspace: its token is dead, and the app is told. */
  uninstall(team: Team): Promise<void>;
  /** Resolves once the condition holds; looks again after everything that happens. Rejects after a while. */
  until(condition: () => boolean, what: string): Promise<void>;
  close(): Promise<void>;
}

/** Everything the methods here ask for. */
const EVERYTHING: AppManifest = {
  scopes: [
    'app_mentions:read',
    'assistant:write',
    'channels:history',
    'channels:read',
    'chat:write',
    'chat:write.customize',
    'commands',
    'files:read',
    'files:write',
    'groups:history',
    'groups:read',
    'im:history',
    'im:read',
    'im:write',
    'mpim:history',
    'mpim:read',
    'usergroups:read',
    'users:read',
  ],
  events: [
    'app_home_opened',
    'app_mention',
    'app_uninstalled',
    'message.channels',
    'message.groups',
    'message.im',
    'message.mpim',
    'tokens_revoked',
  ],
};

/** How long a condition may take to come true before a test is told that it did not. */
const PATIENCE_IN_MS = 20_000;
/** Between looks at what changes in the product and not here. */
const LOOK_EVERY_IN_MS = 20;

/**
 * A Slack on loopback: Web API, Socket Mode or HTTP, OAuth, and the people in it. It refuses what Slack would refuse, and
 * notes what Slack would only suffer. Real HTTP and WebSockets; state in memory.
 */
export async function startSlackServer(
  options: {
    readonly transport?: 'socket' | 'http';
    readonly manifest?: AppManifest;
    readonly port?: number;
  } = {},
): Promise<SlackServer> {
  const manifest = options.manifest ?? EVERYTHING;
  const app: SlackApp = {
    id: 'A0DRAMATIS',
    name: 'Dramatis',
    clientId: '100.200',
    clientSecret: newToken('secret'),
    signingSecret: newToken('signing'),
    appToken: newToken('xapp-1'),
    verificationToken: newToken('verification'),
    scopes: manifest.scopes,
    events: manifest.events,
    commands: manifest.commands,
    shortcuts: manifest.shortcuts,
  };
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const look of [...waiting]) look();
  };
  const clock = new StandInClock();
  const now = () => clock.now();
  const journal = new Journal();
  const sockets = new SocketMode(app.id, changed);
  const http = new HttpMode(app.signingSecret);
  const transport = options.transport === 'http' ? http : sockets;
  const state: State = {
    app,
    clock,
    teams: new Map(),
    book: new MessageBook(now),
    journal,
    rates: new Rates(now),
    triggers: new Triggers(now),
    responseUrls: new ResponseUrls(now, journal),
    views: new ViewDesk(),
    files: new FileShelf(journal, () => state.url),
    deliveries: new Deliveries({ transport, journal, clock, app, changed }),
    codes: new Map(),
    underWay: new Map(),
    settings: { latencyInMs: 5, streaming: 'on', streamsKeepNames: true, responseUrls: 'on' },
    url: '',
    changed,
  };
  const webApi = new WebApi(state, () => `${state.url.replace('http', 'ws')}/link/?${sockets.ticket()}`);

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const [, area, name = ''] = new URL(request.url ?? '/', 'http://stand-in').pathname.split('/');
    if (area === 'api') await webApi.handle(name, request, response);
    else if (area === 'response') await respond(state, name, request, response);
    else if (area === 'files-pri') state.files.serve(name, request, response);
    else if (area === 'signin') state.files.signIn(request, response);
    else response.writeHead(404).end();
  };
  const faults: unknown[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      faults.push(error);
      response.writeHead(500).end(JSON.stringify({ ok: false, error: `stand-in: ${String(error)}` }));
    });
  });
  sockets.attach(server);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the Slack server has no port');
  state.url = `http://127.0.0.1:${address.port}`;

  return {
    apiUrl: `${state.url}/api/`,
    app,
    clock,
    journal,
    settings: state.settings,
    sockets,
    http,
    deliveries: state.deliveries,
    openTeam(name, { isInstalled = true } = {}) {
      const team = openTeam(name, manifest.scopes, isInstalled);
      if (!isInstalled) team.tokenFault = 'invalid_auth';
      state.teams.set(team.id, team);
      return team;
    },
    person: (team, name, traits) => new SlackPerson(state, addMember(team, name, traits)),
    bot: (team, name) => addMember(team, name, { isBot: true }),
    channel(team, name, { members, kind = 'public', withoutBot = false }) {
      const ids = members.map(({ id }) => id);
      return addChannel(team, name, kind, withoutBot ? ids : [...ids, team.bot.id]);
    },
    wordsOfPeople: () => state.book.wordsOfPeople(),
    disturb(next) {
      webApi.disturb = next;
    },
    authorize: (asked, installer) => authorize(state, asked, installer.member),
    async uninstall(team) {
      team.isInstalled = false;
      team.tokenFault = 'account_inactive';
      const eventTs = state.book.newTs();
      await state.deliveries.event(team, { type: 'app_uninstalled', event_ts: eventTs });
      await state.deliveries.event(team, {
        type: 'tokens_revoked',
        tokens: { oauth: [], bot: [team.bot.id] },
        event_ts: eventTs,
      });
    },
    until(condition, what) {
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          waiting.delete(look);
          clearInterval(looking);
          clearTimeout(patience);
          settle();
        };
        const look = () => {
          try {
            if (faults.length > 0) throw faults[0];
            if (condition()) finish(resolve);
          } catch (error) {
            finish(() => reject(error));
          }
        };
        const looking = setInterval(look, LOOK_EVERY_IN_MS);
        const patience = setTimeout(
          () => finish(() => reject(new Error(`it never came about: ${what}\n${state.book.lately()}`))),
          PATIENCE_IN_MS,
        );
        waiting.add(look);
        look();
      });
    },
    close: async () => {
      clock.close();
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
