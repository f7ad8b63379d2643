import { writeFile } from 'node:fs/promises';
import { personaJsonSchema } from './persona-schema.ts';

/**
 * Writes the JSON Schema that editors check the files in `personas/` with:
 * `node src/persona/write-json-schema.ts && biome check --write personas`.
 */
export async function writeJsonSchema(file: URL): Promise<void> {
  await writeFile(file, `${JSON.stringify(personaJsonSchema(), undefined, 2)}\n`);
}

if (import.meta.main) await writeJsonSchema(new URL('../../personas/persona.schema.json', import.meta.url));
