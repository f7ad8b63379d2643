import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { output, type PlantedTree, plant, ROOT } from './planted-tree.ts';

const reportSchema = z.object({
  modules: z.array(
    z.object({ source: z.string(), dependencies: z.array(z.object({ resolved: z.string() })) }),
  ),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string() })) }),
  }),
});
type Report = z.infer<typeof reportSchema>;

async function cruise(folder: string, ...folders: string[]): Promise<Report> {
  const settings = join(ROOT, '.dependency-cruiser.js');
  const json = await output(folder, 'depcruise', '--config', settings, '--output-type', 'json', ...folders);
  return reportSchema.parse(JSON.parse(json));
}

/** Rule that must catch it, importing file, its text. */
const FORBIDDEN: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['core-direction', 'src/core/planted.ts', "import '#src/persona/target.ts';"],
  ['cache-direction', 'src/cache/planted.ts', "import '#src/stats/target.ts';"],
  ['chat-direction', 'src/chat/planted.ts', "import '#src/scene/target.ts';"],
  [
    'chat-direction',
    'src/chat/planted-adapter.ts',
    "import type { Target } from '#src/adapters/discord/target.ts';",
  ],
  ['stats-direction', 'src/stats/planted.ts', "import '#src/scene/target.ts';"],
  ['models-direction', 'src/models/planted.ts', "import '#src/adapters/openai/target.ts';"],
  ['persona-direction', 'src/persona/planted.ts', "import '../models/target.ts';"],
  ['memory-direction', 'src/memory/planted.ts', "import '#src/scene/target.ts';"],
  ['lore-direction', 'src/lore/planted.ts', "import '#src/scene/target.ts';"],
  ['search-direction', 'src/search/planted.ts', "import '#src/scene/target.ts';"],
  ['archive-direction', 'src/archive/planted.ts', "import '#src/scene/target.ts';"],
  ['prompt-direction', 'src/prompt/planted.ts', "import '#src/scene/target.ts';"],
  ['scene-direction', 'src/scene/planted.ts', "import '#src/generation/target.ts';"],
  ['scene-direction', 'src/scene/planted-type.ts', "import type { Target } from '#commands/target.ts';"],
  ['generation-direction', 'src/generation/planted.ts', "import '#src/scene/target.ts';"],
  ['generation-direction', 'src/generation/planted-file.ts', "import '#src/app.ts';"],
  ['jobs-direction', 'src/jobs/planted.ts', "import '#commands/target.ts';"],
  [
    'commands-direction',
    'commands/planted.ts',
    "export const load = () => import('#src/adapters/terminal/target.ts');",
  ],
  ['main-direction', 'src/main.ts', "import '#src/adapters/openai/target.ts';"],
  ['nobody-imports-main', 'src/planted.ts', "import './main.ts';"],
  ['config-direction', 'src/config.ts', "import './models/target.ts';"],
  ['adapters-know-core-alone', 'src/adapters/terminal/planted.ts', "import '../openai/target.ts';"],
  [
    'adapters-know-core-alone',
    'src/adapters/terminal/planted-type.ts',
    "import type { Target } from '#src/persona/target.ts';",
  ],
  ['adapters-know-core-alone', 'src/adapters/terminal/planted-chat.ts', "import '#src/chat/target.ts';"],
  ['chat-adapters-know-core-and-chat', 'src/adapters/discord/planted.ts', "import '../slack/target.ts';"],
  [
    'chat-adapters-know-core-and-chat',
    'src/adapters/slack/planted-type.ts',
    "import type { Target } from '#src/scene/target.ts';",
  ],
  ['product-needs-no-tests', 'src/scene/planted-test.ts', "import '../../test/target.ts';"],
  ['product-needs-no-tests', 'commands/planted-bench.ts', "import '../bench/target.ts';"],
  ['known-folders', 'src/helpers/planted.ts', "import '#src/core/target.ts';"],
  ['no-cycles', 'src/core/about.ts', "import './round.ts';"],
  ['declared-packages', 'src/core/planted-dev.ts', "import 'fast-check';"],
  ['resolvable', 'src/core/planted-nowhere.ts', "import './nowhere.ts';"],
  ['avatars-fence', 'src/adapters/http/planted-renderer.ts', "import '@resvg/resvg-wasm';"],
  ['openai-fence', 'src/models/planted-openai.ts', "import type OpenAI from 'openai';"],
  ['openai-fence', 'src/adapters/terminal/planted-undici.ts', "import 'undici';"],
  ['sqlite-fence', 'src/app.ts', "import 'kysely';"],
  ['sqlite-fence', 'src/core/planted-sqlite.ts', "import 'node:sqlite';"],
  ['redis-fence', 'src/cache/planted-redis.ts', "export const load = () => import('ioredis');"],
  ['chroma-fence', 'src/memory/planted-chroma.ts', "import 'chromadb';"],
  ['pdf-fence', 'src/lore/planted-pdf.ts', "export const load = () => import('unpdf');"],
  ['dice-fence', 'commands/planted-dice.ts', "import '@dice-roller/rpg-dice-roller';"],
  ['discord-fence', 'commands/planted-discord.ts', "import 'discord.js';"],
  ['discord-fence', 'commands/planted-discord-rest.ts', "import '@discordjs/rest';"],
  ['terminal-fence', 'src/archive/planted-bar.ts', "import 'cli-progress';"],
  ['slack-fence', 'src/adapters/discord/planted-slack.ts', "import '@slack/bolt';"],
];

const ALLOWED: Readonly<Record<string, string>> = {
  'src/allowed.ts': "import '#src/adapters/openai/target.ts';\nimport '#commands/target.ts';",
  'src/scene/allowed.ts': "import '#src/prompt/target.ts';\nimport './target.ts';",
  'src/generation/allowed.ts': "import '#src/persona/target.ts';\nimport '#src/models/target.ts';",
  'src/prompt/allowed.ts': "import '#src/models/target.ts';\nimport '#src/core/target.ts';",
  'src/jobs/allowed.ts': "import '#src/memory/target.ts';",
  'commands/allowed.ts': "import '#src/generation/target.ts';\nimport './target.ts';",
  'src/adapters/openai/allowed.ts': "import 'openai';\nimport 'undici';\nimport '#src/core/target.ts';",
  'src/adapters/discord/allowed.ts':
    "import 'discord.js';\nimport '#src/chat/target.ts';\nimport '#src/core/target.ts';\nimport './target.ts';",
  'src/adapters/slack/allowed.ts':
    "import '@slack/bolt';\nimport '#src/chat/target.ts';\nimport './target.ts';",
  'src/chat/allowed.ts': "import '#src/core/target.ts';\nimport './target.ts';",
  'src/adapters/sqlite/allowed.ts': "import 'kysely';\nimport 'node:sqlite';",
  'test/allowed.ts': "import '#src/scene/target.ts';\nimport 'openai';\nimport 'fast-check';",
};

const TARGETS = [
  'src/adapters/discord',
  'src/adapters/openai',
  'src/adapters/slack',
  'src/adapters/terminal',
  'commands',
  'test',
  'bench',
  ...['core', 'chat', 'persona', 'memory', 'models', 'prompt', 'scene', 'generation', 'stats'].map(
    (it) => `src/${it}`,
  ),
].map((folder) => [`${folder}/target.ts`, 'export type Target = string;']);

const PACKAGES = [
  ...['openai', 'undici', 'kysely', 'ioredis', 'chromadb', 'unpdf', 'fast-check', 'cli-progress'],
  ...['@dice-roller/rpg-dice-roller', 'discord.js', '@discordjs/rest', '@slack/bolt'],
];

describe('the direction of imports', () => {
  let tree: PlantedTree;
  let report: Report;
  beforeAll(async () => {
    const files = {
      ...Object.fromEntries(TARGETS),
      ...Object.fromEntries(FORBIDDEN.map(([, file, text]) => [file, text])),
      ...ALLOWED,
      'src/core/round.ts': "import './about.ts';",
    };
    tree = await plant(files, PACKAGES);
    report = await cruise(tree.folder, 'src', 'commands', 'test', 'bench');
  });
  afterAll(async () => tree.remove());

  it.each(FORBIDDEN)('%s catches %s', (rule, file) => {
    const caught = report.summary.violations.filter(({ from }) => from === file);
    expect(caught.map((violation) => violation.rule.name)).toContain(rule);
  });

  it.each(Object.keys(ALLOWED))('lets %s be', (file) => {
    expect(report.modules.find(({ source }) => source === file)?.dependencies).not.toEqual([]);
    expect(report.summary.violations.filter(({ from }) => from === file)).toEqual([]);
  });

  it('has no rule without a planted violation', () => {
    const rules = report.summary.ruleSetUsed.forbidden.map(({ name }) => name);
    const planted = new Set(FORBIDDEN.map(([rule]) => rule));
    expect(rules.filter((rule) => !planted.has(rule))).toEqual([]);
  });

  it('sees the modules of this repository', async () => {
    // Without a TypeScript that it understands, the tool sees no module and finds no fault.
    const own = await cruise(ROOT, 'src', 'commands', 'test', 'bench');
    const product = own.modules.filter(({ source }) => /^(src|commands)\//.test(source));
    expect(product.length).toBeGreaterThan(20);
    expect(product.flatMap(({ dependencies }) => dependencies).length).toBeGreaterThan(product.length);
  });
});
