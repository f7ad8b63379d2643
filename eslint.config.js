// @ts-check
/**
 * Biome lints; ESLint adds only what needs types (promises nobody waits for) and two fences that are about names
 * rather than imports.
 */
import tseslint from 'typescript-eslint';

const USE_CONFIG =
  'Only src/main.ts reads the environment: take what you need from the configuration that you are given.';
const USE_SIGNAL =
  'Only src/main.ts listens to the process: take an AbortSignal, or offer a close() that app calls.';

export default tseslint.config(
  { ignores: ['coverage/**'] },
  {
    files: ['{src,commands,test,bench}/**/*.ts', '*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
    },
  },
  {
    files: ['{src,commands}/**/*.ts'],
    // The guard of a local Chroma is a program of its own, too.
    ignores: ['src/main.ts', 'src/adapters/chroma/local-chroma-guard.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: USE_CONFIG }],
      'no-restricted-imports': [
        'error',
        { name: 'node:process', importNames: ['env'], message: USE_CONFIG },
        { name: 'node:process', importNames: ['on', 'once', 'addListener'], message: USE_SIGNAL },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.object.name="process"][callee.property.name=/^(on|once|addListener|prependListener|prependOnceListener)$/]',
          message: USE_SIGNAL,
        },
      ],
    },
  },
);
