// Only rules that catch what neither the compiler nor a reviewer reliably sees. Layout is .editorconfig's; who may
// import whom is test/architecture/boundaries.spec.ts. test/architecture/lint.spec.ts shows that each ban fires.
import tseslint from 'typescript-eslint';

/** `*.contract.ts` is a suite of tests that several adapters pass. */
const SPECS = ['**/*.spec.ts', '**/*.contract.ts', 'test/**', 'bench/**'];
/** Where clocks, chance, timers and sockets are real: the adapters behind the ports of libs/kernel/src/ports.ts. */
const ADAPTERS = ['libs/platform/src/system/**', 'apps/eventstore/**', 'apps/cli/**'];
/** Code that runs in any JavaScript runtime, a browser too: only what the language itself has. */
const PURE = ['libs/kernel/src/**', ...['decide', 'state', 'projection'].map((name) => `libs/household/src/*/${name}.ts`)];
/** Programs that talk to a terminal. */
const TERMINALS = ['apps/cli/**', 'bench/**', 'bin/**', '**/*.cjs'];
/** Longer than 250 lines, each for the reason beside it. */
const LONG_FILES = [];

const port = (name) => `Take it from a port of @daybook/kernel: ${name}.`;

const portGlobals = [
  { name: 'setTimeout', message: port('Timers') },
  { name: 'setInterval', message: port('Timers') },
  { name: 'setImmediate', message: port('Timers') },
  { name: 'performance', message: port('Clock.monotonic') },
];

const runtimeGlobals = ['process', 'Buffer', 'require', 'global', 'fetch'].map((name) => ({
  name,
  message: 'Pure code takes what it needs as an argument.',
}));

const portProperties = [
  { object: 'Date', property: 'now', message: port('Clock.now') },
  { object: 'Math', property: 'random', message: port('Random') },
  { object: 'process', property: 'hrtime', message: port('Clock.monotonic') },
  { object: 'crypto', property: 'randomUUID', message: port('Random.uuid') },
  { object: 'crypto', property: 'getRandomValues', message: port('Random.bytes') },
  { object: 'AbortSignal', property: 'timeout', message: port('Timers') },
  ...['setTimeout', 'setInterval', 'setImmediate'].map((property) => ({
    object: 'globalThis',
    property,
    message: port('Timers'),
  })),
];

const portSyntax = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: port('Clock.now') },
  { selector: "CallExpression[callee.name='Date']", message: port('Clock.now') },
];

const portImports = [
  ...['node:timers', 'node:timers/promises', 'timers', 'timers/promises'].map((name) => ({ name, message: port('Timers') })),
  { name: 'node:perf_hooks', message: port('Clock.monotonic') },
  {
    name: 'node:crypto',
    importNames: ['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync', 'randomFill', 'getRandomValues', 'webcrypto'],
    message: port('Random'),
  },
];

const busesOnly = {
  name: '@nestjs/cqrs',
  allowImportNames: [
    ...['CqrsModule', 'CommandBus', 'QueryBus', 'Command', 'Query', 'CommandHandler', 'QueryHandler'],
    ...['ICommand', 'IQuery', 'ICommandHandler', 'IQueryHandler'],
  ],
  message: 'Commands and queries only: its events are in-process, unordered and lose errors. Facts travel by the store.',
};

const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };

const everyTestRuns = 'Every test runs, on its own and with the others.';
const everyTestSyntax = [
  'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo|failing)$/]',
  'MemberExpression[object.object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo|failing)$/]',
].map((selector) => ({ selector, message: everyTestRuns }));
const everyTestGlobals = ['fit', 'fdescribe', 'xit', 'xdescribe', 'xtest', 'pending'].map((name) => ({
  name,
  message: everyTestRuns,
}));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.daybook/'] },
  {
    // A finding is fixed or the rule is changed here, for everybody: there are no exceptions inside files.
    linterOptions: { noInlineConfig: true },
    rules: { eqeqeq: 'error', 'no-console': 'error', 'no-constant-condition': ['error', { checkLoops: false }] },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.json' } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true }],
      'no-restricted-imports': ['error', { paths: [busesOnly, ...portImports] }],
      'no-restricted-globals': ['error', ...portGlobals],
      'no-restricted-properties': ['error', ...portProperties],
      'no-restricted-syntax': ['error', noDefaultExport, ...portSyntax],
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: PURE,
    rules: { 'no-restricted-globals': ['error', ...portGlobals, ...runtimeGlobals] },
  },
  {
    files: ADAPTERS,
    rules: {
      'no-restricted-imports': ['error', { paths: [busesOnly] }],
      'no-restricted-globals': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    files: SPECS,
    rules: {
      'no-restricted-imports': ['error', { paths: [busesOnly] }],
      'no-restricted-globals': ['error', ...everyTestGlobals],
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', noDefaultExport, ...everyTestSyntax],
      'max-lines': 'off',
      'max-lines-per-function': 'off',
    },
  },
  { files: TERMINALS, rules: { 'no-console': 'off' } },
  { files: LONG_FILES.length > 0 ? LONG_FILES : ['no long files'], rules: { 'max-lines': 'off' } },
);
