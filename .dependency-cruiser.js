// @ts-check
/**
 * Which way imports may point. ARCHITECTURE.md says why; test/integration/house/import-direction.test.ts plants one
 * violation of every rule and sees it caught. Imports of types count like any other.
 */

/** What each folder of `src/` and `commands/` may import besides itself. Nothing else is local to it. */
const BELOW_SCENE = ['memory', 'lore', 'search', 'persona', 'prompt', 'models', 'cache', 'stats', 'core'];
const BELOW_COMMANDS = ['scene', 'generation', ...BELOW_SCENE];

/** @type {Readonly<Record<string, readonly string[]>>} */
const MAY_IMPORT = {
  core: [],
  cache: ['core'],
  chat: ['core'],
  stats: ['core'],
  models: ['core'],
  persona: ['core'],
  memory: ['core'],
  lore: ['memory', 'core'],
  search: ['memory', 'core'],
  archive: ['core'],
  prompt: ['memory', 'persona', 'models', 'core'],
  scene: BELOW_SCENE,
  generation: BELOW_SCENE,
  jobs: BELOW_COMMANDS,
  commands: BELOW_COMMANDS,
};

/** The one adapter that knows a vendor's package; everybody else speaks through a port of `core/`. */
const VENDOR_OF = {
  avatars: ['@resvg/[^/]+', '@expo-google-fonts/[^/]+'],
  chroma: ['chromadb'],
  dice: ['@dice-roller/[^/]+'],
  discord: ['discord\\.js', '@discordjs/[^/]+'],
  openai: ['openai', 'undici'],
  pdf: ['unpdf'],
  redis: ['ioredis'],
  slack: ['@slack/[^/]+'],
  sqlite: ['kysely', 'node:sqlite', 'sqlite'],
  terminal: ['cli-progress'],
};

/** What app wires and main starts: the files beside main.ts, and what grew out of one into a folder of its name. */
const APP = ['^src/[^/]+\\.ts$', '^src/(config|doctor|front-desk)/'];
const CONFIG = '^src/config(\\.ts$|/)';

/** Adapters of platforms on which people chat: they share what is in src/chat/. */
const CHAT_ADAPTERS = '^src/adapters/(discord|slack)/';

const LOCAL = '^(src|commands|test|bench)/';
const PRODUCT = '^(src|commands)/';

/** @param {string} layer */
const folder = (layer) => (layer === 'commands' ? '^commands/' : `^src/${layer}/`);

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const direction = Object.entries(MAY_IMPORT).map(([layer, allowed]) => ({
  name: `${layer}-direction`,
  comment: `${layer} may import ${allowed.length === 0 ? 'nothing local' : allowed.join(', ')}: what it needs from elsewhere comes in through a port of core/.`,
  severity: 'error',
  from: { path: folder(layer) },
  to: { path: LOCAL, pathNot: [layer, ...allowed].map(folder) },
}));

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const fences = Object.entries(VENDOR_OF).map(([adapter, packages]) => ({
  name: `${adapter}-fence`,
  comment: `Only src/adapters/${adapter}/ knows ${packages.join(', ').replaceAll('\\', '')}, so that it can be replaced there.`,
  severity: 'error',
  from: { path: PRODUCT, pathNot: `^src/adapters/${adapter}/` },
  to: { path: `(^|node_modules/)(${packages.join('|')})(/|$)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...direction,
    ...fences,
    {
      name: 'main-direction',
      comment:
        'main reads the environment and signals and hands over to app: it imports the files beside it and core/.',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: { path: LOCAL, pathNot: [...APP, '^src/core/'] },
    },
    {
      name: 'nobody-imports-main',
      comment: 'main starts a process; nothing but start.js may start one by importing it.',
      severity: 'error',
      from: { pathNot: '^src/start\\.js$' },
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'config-direction',
      comment: 'The configuration is read before anything is wired: it knows core/ and the log levels alone.',
      severity: 'error',
      from: { path: CONFIG },
      to: { path: LOCAL, pathNot: [CONFIG, '^src/log\\.ts$', '^src/core/'] },
    },
    {
      name: 'adapters-know-core-alone',
      comment:
        'An adapter translates between core/ and the outside. What two adapters share belongs to core/, or to chat/ where it is about chat platforms.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/', pathNot: CHAT_ADAPTERS },
      to: { path: LOCAL, pathNot: ['^src/adapters/$1/', '^src/core/'] },
    },
    {
      name: 'chat-adapters-know-core-and-chat',
      comment: 'An adapter of a chat platform translates too; what such platforms share belongs to chat/.',
      severity: 'error',
      from: { path: CHAT_ADAPTERS },
      to: { path: LOCAL, pathNot: ['^src/adapters/$1/', '^src/core/', '^src/chat/'] },
    },
    {
      name: 'product-needs-no-tests',
      comment: 'What ships runs without test/ and bench/.',
      severity: 'error',
      from: { path: PRODUCT },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'known-folders',
      comment: 'A new folder under src/ gets its place in the table of this file first.',
      severity: 'error',
      from: {
        path: '^src/[^/]+/',
        pathNot: [...APP, '^src/adapters/[^/]+/', ...Object.keys(MAY_IMPORT).map(folder)],
      },
      to: {},
    },
    {
      name: 'no-cycles',
      comment: 'Of two modules that need each other, one has a part that belongs to a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'declared-packages',
      comment: 'What ships imports only packages listed under "dependencies".',
      severity: 'error',
      from: { path: PRODUCT },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere hides from every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
