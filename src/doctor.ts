import { withoutActingCharacters } from '#src/core/text.ts';
import type { ChromaProbe, LocalChromaProbe } from './adapters/chroma/probe.ts';
import type { DiscordProbe } from './adapters/discord/probe.ts';
import type { RedisProbe } from './adapters/redis/probe.ts';
import type { SlackProbe } from './adapters/slack/probe.ts';
import type { Config } from './config.ts';
import { systemClock } from './core/clock.ts';
import { Refusal } from './core/errors.ts';
import { checkDiscord } from './doctor/discord.ts';
import type { Finding } from './doctor/finding.ts';
import { checkDataDir, checkNode, checkStore } from './doctor/machine.ts';
import { checkEmbeddings, checkModelServer } from './doctor/model-server.ts';
import { checkPersonas, type PersonaList } from './doctor/personas.ts';
import { checkHttp } from './doctor/reach.ts';
import { checkChroma, checkRedis } from './doctor/services.ts';
import { checkSlack } from './doctor/slack.ts';
import { PERSONAS_DIRECTORY } from './personas-directory.ts';

/** What is asked of servers that have their own client. */
interface Probes {
  redis(url: string, timeoutInMs: number): Promise<RedisProbe>;
  chroma(url: string, timeoutInMs: number): Promise<ChromaProbe>;
  localChroma(): Promise<LocalChromaProbe>;
  discord(options: {
    readonly token: string;
    readonly apiUrl: string | undefined;
    readonly timeoutInMs: number;
  }): Promise<DiscordProbe>;
  slack(options: {
    readonly botToken: string;
    readonly appToken: string | undefined;
    readonly apiUrl: string | undefined;
    readonly timeoutInMs: number;
  }): Promise<SlackProbe>;
}

export interface DoctorSetup {
  readonly config: Config;
  /** What `readConfig` had to say. */
  readonly warnings: readonly string[];
  /** `process.versions.node`. */
  readonly nodeVersion: string;
  /** Opens the configured store; as the product does where left out. */
  readonly openStore?: () => Promise<{ close(): Promise<void> }>;
  /** Reads the folder of personas; the product's own where left out. */
  readonly listPersonas?: () => Promise<PersonaList>;
  readonly output: { write(text: string): unknown };
  /** How long each server has to answer; 5 seconds. */
  readonly timeoutInMs?: number;
  readonly probes?: Probes;
}

/** Clients are loaded where their server is configured, and nowhere else. */
const ownProbes: Probes = {
  redis: async (...args) => (await import('./adapters/redis/probe.ts')).probeRedis(...args),
  chroma: async (...args) => (await import('./adapters/chroma/probe.ts')).probeChroma(...args),
  localChroma: async () => (await import('./adapters/chroma/probe.ts')).probeLocalChroma(),
  discord: async (options) => (await import('./adapters/discord/probe.ts')).probeDiscord(options),
  slack: async (options) => (await import('./adapters/slack/probe.ts')).probeSlack(options),
};

async function openOwnStore({ databaseFile }: Config) {
  const { openSqliteStore } = await import('./adapters/sqlite/open-sqlite-store.ts');
  return openSqliteStore({ file: databaseFile, clock: systemClock });
}

async function listOwnPersonas(): Promise<PersonaList> {
  const { PersonaFiles } = await import('./persona/persona-files.ts');
  return new PersonaFiles({ directory: PERSONAS_DIRECTORY }).list();
}

/**
 * Says what is configured and reachable, and what to do about the rest: a line for each thing that was looked at.
 * @returns the exit code: 1 where something is a problem, else 0.
 */
export async function runDoctor(setup: DoctorSetup): Promise<0 | 1> {
  const { config, output, timeoutInMs = 5_000, probes = ownProbes } = setup;
  const { openStore = () => openOwnStore(config), listPersonas = listOwnPersonas } = setup;
  const checks: readonly Promise<Finding | readonly Finding[]>[] = [
    checkDataDir(config.dataDir),
    checkStore(config.databaseFile, openStore),
    checkPersonas(listPersonas),
    checkModelServer(config, timeoutInMs),
    checkEmbeddings(config, timeoutInMs),
    checkDiscord(config.discord, ({ token, apiUrl }) => probes.discord({ token, apiUrl, timeoutInMs })),
    checkSlack(config, (tokens) => probes.slack({ ...tokens, apiUrl: config.slack?.apiUrl, timeoutInMs })),
    checkHttp(config),
    checkRedis(config.redisUrl, (url) => probes.redis(url, timeoutInMs)),
    checkChroma(config.chromaUrl, {
      remote: (url) => probes.chroma(url, timeoutInMs),
      local: () => probes.localChroma(),
    }),
  ];
  const settings = setup.warnings.map(
    (warning): Finding => ({ state: 'warning', subject: 'Settings', what: warning.replace(/\.$/, '') }),
  );
  const findings = [...settings, checkNode(setup.nodeVersion), ...(await Promise.all(checks)).flat()];
  for (const finding of findings) output.write(`${lineOf(finding)}\n`);
  output.write(`${verdict(findings)}\n`);
  return findings.some(({ state }) => state === 'problem') ? 1 : 0;
}

/** "problem — Redis: nothing listens at … — Start the server …". What servers and files say acts on no screen. */
function lineOf({ state, subject, what, remedy }: Finding): string {
  const parts = [state, `${subject}: ${what}`, ...(remedy === undefined ? [] : [remedy])];
  return withoutActingCharacters(parts.join(' — ')).replace(/\n/g, ' ');
}

function verdict(findings: readonly Finding[]): string {
  const count = (state: Finding['state'], word: string) => {
    const found = findings.filter((finding) => finding.state === state).length;
    return found === 0 ? [] : [`${found} ${word}${found === 1 ? '' : 's'}`];
  };
  const rest = [...count('problem', 'problem'), ...count('warning', 'warning')];
  return rest.length === 0 ? 'Everything is in order.' : `${rest.join(' and ')}.`;
}

/**
 * The Slack app as Slack is told of it, for how these settings reach it.
 * @throws Refusal where it would lack the address that it must name.
 */
export async function slackManifestFor({ slack, publicUrl }: Config): Promise<string> {
  const [{ slackManifest }, { COMMANDS }] = await Promise.all([
    import('./adapters/slack/manifest.ts'),
    import('#commands/index.ts'),
  ]);
  const socketMode = slack === undefined || slack.appToken !== undefined;
  if (!socketMode && publicUrl === undefined)
    throw new Refusal(
      'Without SLACK_APP_TOKEN Slack sends what is said to an address of ours, which the manifest must name: set PUBLIC_URL first.',
    );
  return slackManifest({ commands: COMMANDS, publicUrl, socketMode });
}
