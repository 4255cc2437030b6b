import { execFileSync } from 'node:child_process';
import * as path from 'node:path';

interface Case {
  readonly what: string;
  readonly code: string;
  /** The rule that fires, or null where the code is allowed. */
  readonly rule: string | null;
  readonly file: string;
}

const DOMAIN = 'libs/kernel/src/assert.ts';
const ADAPTER = 'libs/platform/src/system/system-clock.ts';
const SPEC = 'libs/kernel/src/assert.spec.ts';

const inDomain = (rule: string | null, what: string, code: string): Case => ({ what, code, rule, file: DOMAIN });
const inAdapter = (what: string, code: string): Case => ({ what, code, rule: null, file: ADAPTER });
const inSpec = (rule: string | null, what: string, code: string): Case => ({ what, code, rule, file: SPEC });
const lines = (count: number) => 'void 0;\n'.repeat(count);
const inEvery = (what: string, code: string) => [
  inDomain(null, what, code),
  { ...inDomain(null, what, code), file: ADAPTER },
  inSpec(null, what, code),
];

const CASES: readonly Case[] = [
  inDomain('@typescript-eslint/no-floating-promises', 'a promise nobody waits for', 'async function f() {}\nf();'),
  inDomain('@typescript-eslint/no-misused-promises', 'a promise as a condition', 'async function f() {}\nif (f()) void 0;'),
  inDomain('@typescript-eslint/await-thenable', 'await of what is no promise', 'export const f = async () => { await 1; };'),
  inDomain('@typescript-eslint/only-throw-error', 'a thrown text', "export const f = () => { throw 'no'; };"),
  inDomain('@typescript-eslint/no-explicit-any', 'any', 'export const f = (x: any): unknown => x;'),
  inDomain('@typescript-eslint/ban-ts-comment', 'a silenced compiler', '// @ts-expect-error because\nexport const x: number = 1;'),
  inDomain(
    '@typescript-eslint/switch-exhaustiveness-check',
    'a default branch for cases that have a name',
    "export function f(x: 'a' | 'b') { switch (x) { case 'a': return 1; default: return 2; } }",
  ),
  inDomain(
    null,
    'a switch that names every case and proves it',
    "export function f(x: 'a') { switch (x) { case 'a': return 1; default: throw new Error(x satisfies never); } }",
  ),
  inDomain('eqeqeq', 'a comparison that converts', 'export const f = (x: unknown) => x == null;'),
  inDomain('no-console', 'the console', "console.log('x');"),
  inDomain('no-restricted-syntax', 'a default export', 'export default 1;'),
  inDomain('no-restricted-properties', 'Date.now', 'export const x = Date.now();'),
  inDomain('no-restricted-syntax', 'new Date()', 'export const x = new Date();'),
  inDomain('no-restricted-syntax', 'Date()', 'export const x = Date();'),
  inDomain(null, 'a date computed from an argument', 'export const x = new Date(0);'),
  inDomain('no-restricted-properties', 'Math.random', 'export const x = Math.random();'),
  inDomain('no-restricted-properties', 'crypto.randomUUID', 'export const x = crypto.randomUUID();'),
  inDomain('no-restricted-imports', 'randomUUID by import', "import { randomUUID } from 'node:crypto';\nexport const x = randomUUID;"),
  inDomain('no-restricted-properties', 'process.hrtime', 'export const x = process.hrtime.bigint();'),
  inDomain('no-restricted-globals', 'performance.now', 'export const x = performance.now();'),
  inDomain('no-restricted-globals', 'setTimeout', 'setTimeout(() => undefined, 1);'),
  inDomain('no-restricted-globals', 'setInterval', 'setInterval(() => undefined, 1);'),
  inDomain('no-restricted-globals', 'setImmediate, also when only passed on', 'export const later = setImmediate;'),
  inDomain('no-restricted-properties', 'globalThis.setTimeout', 'globalThis.setTimeout(() => undefined, 1);'),
  inDomain('no-restricted-imports', 'timers by import', "import { setTimeout } from 'node:timers/promises';\nvoid setTimeout(1);"),
  inDomain('no-restricted-properties', 'AbortSignal.timeout', 'export const x = AbortSignal.timeout(1);'),
  inDomain('no-restricted-imports', 'the EventBus of @nestjs/cqrs', "import { EventBus } from '@nestjs/cqrs';\nexport const x = EventBus;"),
  inDomain('no-restricted-imports', 'sagas of @nestjs/cqrs', "import { Saga } from '@nestjs/cqrs';\nexport const x = Saga;"),
  inDomain(null, 'the CommandBus of @nestjs/cqrs', "import { CommandBus } from '@nestjs/cqrs';\nexport const x = CommandBus;"),
  inDomain('max-lines', 'a file of 251 lines', lines(251)),
  inDomain('max-lines-per-function', 'a function of 71 lines', `export function f() {\n${lines(69)}}`),
  inDomain('no-console', 'an exception asked for in the file', "// eslint-disable-next-line no-console\nconsole.log('x');"),
  inDomain('no-restricted-globals', 'the environment in pure code', 'export const x = process.env;'),
  inAdapter('the clock in an adapter', 'export const x = [Date.now(), performance.now(), process.hrtime.bigint(), new Date()];'),
  inAdapter('timers in an adapter', 'setTimeout(() => undefined, 1);'),
  inAdapter('chance in an adapter', "import { randomUUID } from 'node:crypto';\nexport const x = [Math.random(), randomUUID()];"),
  inSpec(null, 'the clock in a test', 'export const x = Date.now();'),
  ...['it.only', 'it.skip', 'describe.only', 'describe.skip', 'test.only', 'it.concurrent.only'].map((focused) =>
    inSpec('no-restricted-syntax', focused, `${focused}('x', () => undefined);`),
  ),
  inSpec('no-restricted-syntax', 'it.todo', "it.todo('x');"),
  inSpec('no-restricted-syntax', 'it.skip.each', "it.skip.each([1])('x', () => undefined);"),
  ...['fit', 'fdescribe', 'xit', 'xdescribe', 'xtest'].map((focused) =>
    inSpec('no-restricted-globals', focused, `${focused}('x', () => undefined);`),
  ),
  inSpec(null, 'a table of cases', "it.each([1])('x', () => undefined);"),
  ...inEvery('plain code', 'export const x = 1;'),
];

describe('the linter', () => {
  const root = path.resolve(__dirname, '../..');
  let findings: string[][] = [];

  beforeAll(() => {
    const typed = ({ rule, what }: Case) => rule?.startsWith('@typescript-eslint/') ?? what.startsWith('a switch');
    const input = JSON.stringify(CASES.map((one) => ({ file: one.file, code: one.code, typed: typed(one) })));
    const script = path.join(__dirname, 'lint-snippets.mjs');
    // In CI the parser takes every file for unchanged since it was first read; here one file is many snippets.
    const env = { ...process.env, TSESTREE_SINGLE_RUN: 'false' };
    findings = JSON.parse(execFileSync(process.execPath, [script], { cwd: root, env, input, encoding: 'utf8' })) as string[][];
  }, 60_000);

  it.each(CASES.map((one, index) => [one.rule ?? 'nothing', one.what, one.file, index] as const))(
    'answers %s to %s in %s',
    (_, __, ___, index) => {
      const rule = CASES[index]?.rule;
      if (rule === null) expect(findings[index]).toEqual([]);
      else expect(findings[index]).toContain(rule);
    },
  );
});
