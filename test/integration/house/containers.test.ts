import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { openHttpServer } from '#src/adapters/http/http-server.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { chromaMissing, startChroma } from '../../support/servers/chroma.ts';
import { runs } from '../../support/servers/debian-packages.ts';
import { ROOT } from './planted-tree.ts';

const execute = promisify(execFile);

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string().optional(),
      environment: z.record(z.string(), z.string()).default({}),
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
      stop_signal: z.string().optional(),
      stop_grace_period: z.string().optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});

const read = async (file: string): Promise<string> => readFile(join(ROOT, file), 'utf8');
const compose = composeSchema.parse(parse(await read('docker-compose.yml')));
const services = Object.entries(compose.services);
const bot = compose.services.bot;
const chroma = compose.services.chroma;
const dockerfile = await read('Dockerfile');

const noChroma = await chromaMissing();
const noCompose = (await runs(['docker', 'compose', 'version']))
  ? undefined
  : 'this machine has no docker compose';

describe('docker-compose.yml', () => {
  it('holds the bot, Redis and Chroma', () => {
    expect(services.map(([name]) => name).sort()).toEqual(['bot', 'chroma', 'redis']);
  });

  it('pins every image to an exact version', () => {
    const images = services.flatMap(([, { image }]) => image ?? []);
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^[a-z/]+:\d+\.\d+\.\d+(-alpine)?$/);
  });

  it('publishes ports on this machine alone', () => {
    for (const port of services.flatMap(([, { ports }]) => ports)) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('sets only variables that .env.example explains', async () => {
    const known = [...(await read('.env.example')).matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].map(
      ([, name]) => name,
    );
    for (const name of Object.keys(bot?.environment ?? {})) expect(known).toContain(name);
  });

  it.each(['REDIS_URL', 'CHROMA_URL'])('points %s at a service and a port of it', (variable) => {
    const url = new URL(bot?.environment[variable] ?? '');
    const ports = compose.services[url.hostname]?.ports.map((port) => port.split(':').at(-1));
    expect(ports).toContain(url.port);
  });

  it('lets the bot wait for servers that say whether they are healthy', () => {
    const waits = Object.entries(bot?.depends_on ?? {});
    expect(waits.map(([name]) => name).sort()).toEqual(['chroma', 'redis']);
    for (const [name, { condition }] of waits) {
      expect(condition).toBe('service_healthy');
      expect(compose.services[name]?.healthcheck?.test[0]).toBe('CMD');
    }
  });

  it('keeps what each service must keep in a volume of its own', () => {
    const used = services.map(([, { volumes }]) => volumes[0]?.split(':') ?? []);
    expect(used.map(([name]) => name).sort()).toEqual(Object.keys(compose.volumes).sort());
    expect(used.map(([, folder]) => folder)).toEqual(['/data', '/data', '/data']);
    expect(bot?.environment.DATA_DIR).toBe('/data');
  });

  it('publishes the port that the bot listens at, and asks it there how it is', async () => {
    const { HTTP_HOST, HTTP_PORT } = bot?.environment ?? {};
    expect(HTTP_HOST).toBe('0.0.0.0');
    expect(bot?.ports).toEqual([`127.0.0.1:${HTTP_PORT}:${HTTP_PORT}`]);
    const { log } = recordingLog();
    const server = await openHttpServer({
      host: '127.0.0.1',
      port: 0,
      routes: [],
      isReady: () => false,
      log,
    });
    const [, , ...script] = bot?.healthcheck?.test ?? [];
    const asked = script.map((part) => part.replace(`http://127.0.0.1:${HTTP_PORT}`, server.url));
    expect(asked).not.toEqual(script);
    expect(await runs([process.execPath, ...asked])).toBe(true);
    await server.close();
    expect(await runs([process.execPath, ...asked])).toBe(false);
  });

  it('waits longer for the bot to end than replies under way may take', () => {
    expect(Number(bot?.stop_grace_period?.replace(/s$/, ''))).toBeGreaterThan(8 + 2 * 3 + 2);
  });

  it('ends Chroma with the signal that ends it', () => {
    expect(chroma?.stop_signal).toBe('SIGINT');
  });

  it.skipIf(noCompose)(`is what docker compose understands (${noCompose ?? 'asked'})`, async () => {
    await execute('docker', ['compose', 'config', '--quiet'], { cwd: ROOT });
  });

  it.skipIf(noChroma)(`knows a healthy Chroma from none (${noChroma ?? 'brought'})`, async () => {
    const server = await startChroma();
    const [, ...test] = chroma?.healthcheck?.test ?? [];
    const check = test.map((part) => part.replace('/8000 ', `/${new URL(server.url).port} `));
    expect(check).not.toEqual(test);
    expect(await runs(check)).toBe(true);
    await server.stop();
    expect(await runs(check)).toBe(false);
  });
});

describe('Dockerfile', () => {
  const instructions = (name: string): readonly string[] =>
    [...dockerfile.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map(([, rest = '']) => rest);

  it('runs the Node that the tests run under', async () => {
    const { devDependencies } = z
      .object({ devDependencies: z.object({ node: z.string() }) })
      .parse(JSON.parse(await read('package.json')));
    expect(instructions('FROM')).toEqual([`node:${devDependencies.node}-trixie-slim`]);
  });

  it('runs as somebody without rights, who owns the data', () => {
    expect(instructions('USER')).toEqual(['node']);
    expect(instructions('VOLUME')).toEqual(['/data']);
    expect(instructions('ENV').join(' ')).toContain('DATA_DIR=/data');
  });

  it('installs what is locked, without what only developers need', () => {
    expect(instructions('RUN').join('\n')).toContain('npm ci --omit=dev');
  });

  it('copies only what .dockerignore lets through, and all of it', async () => {
    const copied = instructions('COPY').flatMap((files) => files.split(' ').slice(0, -1));
    const lines = (await read('.dockerignore'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toEqual(['*', ...copied.map((file) => `!${file}`)]);
  });
});
