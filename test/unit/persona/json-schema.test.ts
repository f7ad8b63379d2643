import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { personaJsonSchema } from '#src/persona/persona-schema.ts';
import { writeJsonSchema } from '#src/persona/write-json-schema.ts';

const PUBLISHED = new URL('../../../personas/persona.schema.json', import.meta.url);

it('is published as the schema has it', async () => {
  const published: unknown = JSON.parse(await readFile(PUBLISHED, 'utf8'));
  expect(published, 'run: node src/persona/write-json-schema.ts && npx biome check --write personas').toEqual(
    JSON.parse(JSON.stringify(personaJsonSchema())),
  );
});

it('is written whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-schema-'));
  try {
    const file = pathToFileURL(join(folder, 'schema.json'));
    await writeJsonSchema(file);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ title: 'Persona', required: ['name'] });
  } finally {
    await rm(folder, { recursive: true });
  }
});
