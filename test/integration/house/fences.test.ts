import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { output, type PlantedTree, plant, ROOT } from './planted-tree.ts';

const reportSchema = z.array(
  z.object({ filePath: z.string(), messages: z.array(z.object({ ruleId: z.string().nullable() })) }),
);

const LATER = 'const later = async (): Promise<void> => {};\n';

/** The rules that must catch it, in order; none where it is allowed. */
const PLANTED: readonly (readonly [file: string, text: string, ...rules: string[]])[] = [
  ['src/core/env.ts', 'export const home = process.env.HOME;', 'no-restricted-properties'],
  ['src/core/env-parts.ts', 'export const { env } = process;', 'no-restricted-properties'],
  ['commands/env-import.ts', "export { env } from 'node:process';", 'no-restricted-imports'],
  ['src/app.ts', "process.once('SIGTERM', () => {});", 'no-restricted-syntax'],
  ['src/adapters/terminal/signal.ts', "process.on('SIGINT', () => {});", 'no-restricted-syntax'],
  ['src/main.ts', "process.on('SIGINT', () => {});\nexport const home = process.env.HOME;"],
  ['src/scene/forgotten.ts', `${LATER}later();`, '@typescript-eslint/no-floating-promises'],
  ['test/forgotten.ts', `${LATER}later();`, '@typescript-eslint/no-floating-promises'],
  ['src/scene/condition.ts', `${LATER}if (later()) later;`, '@typescript-eslint/no-misused-promises'],
  ['src/scene/listener.ts', `${LATER}setTimeout(later, 5);`, '@typescript-eslint/no-misused-promises'],
  ['src/scene/plain.ts', 'export const five = await 5;', '@typescript-eslint/await-thenable'],
  [
    'src/scene/uncaught.ts',
    `${LATER}export async function run() { try { return later(); } catch { return undefined; } }`,
    '@typescript-eslint/return-await',
  ],
  ['src/scene/waited.ts', `${LATER}await later();\nvoid later();`],
  ['test/env.ts', 'export const home = process.env.HOME;'],
];

describe('promises and fences', () => {
  let tree: PlantedTree;
  let found: ReadonlyMap<string, readonly (string | null)[]>;
  beforeAll(async () => {
    tree = await plant(Object.fromEntries(PLANTED.map(([file, text]) => [file, `${text}\nexport {};\n`])));
    const settings = join(ROOT, 'eslint.config.js');
    const json = await output(tree.folder, 'eslint', '--config', settings, '--format', 'json', '.');
    found = new Map(
      reportSchema
        .parse(JSON.parse(json))
        .map(({ filePath, messages }) => [filePath, messages.map(({ ruleId }) => ruleId)]),
    );
  });
  afterAll(async () => tree.remove());

  it.each(PLANTED)('%s', (file, _text, ...rules) => {
    expect(found.get(join(tree.folder, file))).toEqual(rules);
  });
});
