import type { ChromaProbe, LocalChromaProbe } from '../adapters/chroma/probe.ts';
import type { RedisProbe } from '../adapters/redis/probe.ts';
import type { Finding } from './finding.ts';
import { transportFault } from './transport-fault.ts';

export async function checkRedis(
  url: string | undefined,
  probe: (url: string) => Promise<RedisProbe>,
): Promise<Finding> {
  const subject = 'Redis';
  if (url === undefined)
    return { state: 'ok', subject, what: 'REDIS_URL is not set: vectors are kept in this process' };
  const { host, password } = new URL(url);
  const result = await probe(url);
  switch (result.outcome) {
    case 'reached':
      return { state: 'ok', subject, what: `${host} answers` };
    case 'turned away':
      return {
        state: 'problem',
        subject,
        ...(password === ''
          ? {
              what: `${host} wants a password`,
              remedy: 'Write it into REDIS_URL: redis://:PASSWORD@HOST:PORT',
            }
          : {
              what: `${host} turns the name or password in REDIS_URL away`,
              remedy: 'Correct it in REDIS_URL',
            }),
      };
    case 'unwilling':
      return {
        state: 'problem',
        subject,
        what: `${host} answers with an error (${result.code})`,
        remedy: "Look at the server's own log; while it is loading its data, wait a moment",
      };
    case 'not redis':
      return {
        state: 'problem',
        subject,
        what: `what listens at ${host} hangs up or does not speak as Redis does`,
        remedy: 'Check the port in REDIS_URL, and begin it with rediss:// where the server wants TLS',
      };
    case 'failed':
      return {
        state: 'problem',
        subject,
        ...transportFault(result.cause, { variable: 'REDIS_URL', address: host }),
      };
  }
}

export async function checkChroma(
  url: string | undefined,
  probes: {
    readonly remote: (url: string) => Promise<ChromaProbe>;
    readonly local: () => Promise<LocalChromaProbe>;
  },
): Promise<Finding> {
  const subject = 'Chroma';
  if (url === undefined)
    return {
      state: 'ok',
      subject,
      what: 'CHROMA_URL is not set: the database searches long memory and lore',
    };
  if (url === 'local') return { subject, ...localFinding(await probes.local()) };
  const result = await probes.remote(url);
  switch (result.outcome) {
    case 'reached':
      return { state: 'ok', subject, what: `${url} answers` };
    case 'turned away':
      return {
        state: 'problem',
        subject,
        what: `${url} wants a login, which is not supported`,
        remedy: 'Run Chroma without one on a network of its own, or set CHROMA_URL=local',
      };
    case 'not chroma':
      return {
        state: 'problem',
        subject,
        what: `${url} answers, but not as Chroma 1.0 or newer does`,
        remedy: 'Check the port in CHROMA_URL, and update the server',
      };
    case 'failed':
      return {
        state: 'problem',
        subject,
        ...transportFault(result.cause, { variable: 'CHROMA_URL', address: url }),
      };
  }
}

const INSTEAD =
  'leave CHROMA_URL out, or run Chroma elsewhere (docker-compose.yml has it) and set its address';

function localFinding(result: LocalChromaProbe): Omit<Finding, 'subject'> {
  switch (result.outcome) {
    case 'runs':
      return { state: 'ok', what: 'the server that the npm package carries can run on this machine' };
    case 'missing':
      return {
        state: 'problem',
        what: `the npm package carries no server for this machine (${process.platform}, ${process.arch})`,
        remedy: `If optional packages were left out, run npm ci again; else ${INSTEAD}`,
      };
    case 'too old':
      return {
        state: 'problem',
        what: `the server in the npm package needs glibc ${result.needs}, and this machine has ${result.has}`,
        remedy: `Update the system; else ${INSTEAD}`,
      };
    case 'broken':
      return {
        state: 'problem',
        what: `the server in the npm package cannot be loaded on this machine (${result.code})`,
        remedy: `Run npm ci again; else ${INSTEAD}`,
      };
  }
}
