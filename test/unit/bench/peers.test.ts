import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  scripts: z.record(z.string(), z.string()).optional(),
});
const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), resolved: z.string().optional() }),
  ),
});

async function read<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema>> {
  return schema.parse(JSON.parse(await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8')));
}

describe('what the benchmark of recall is compared with', async () => {
  const peers = await read('bench/peers/package.json', manifest);
  const locked = await read('bench/peers/package-lock.json', lock);

  test.each(Object.entries(peers.dependencies))('%s is wanted and locked in one version', (name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/u);
    expect(locked.packages[`node_modules/${name}`]?.version).toBe(version);
  });

  test('is locked without naming a registry, and runs nothing when it is installed', async () => {
    const sources = Object.values(locked.packages).map(({ resolved }) => resolved);
    expect(sources.filter((source) => source !== undefined)).toEqual([]);
    expect(peers.scripts).toBeUndefined();
    const settings = await readFile(new URL('../../../bench/peers/.npmrc', import.meta.url), 'utf8');
    expect(settings).toContain('\nignore-scripts=true\n');
    expect(settings).toContain('\nomit-lockfile-registry-resolved=true\n');
  });

  test('is nothing that the product is installed with', async () => {
    const own = await read('package-lock.json', lock);
    for (const name of ['mem0ai', '@langchain/community', 'better-sqlite3'])
      expect(own.packages).not.toHaveProperty([`node_modules/${name}`]);
  });
});
