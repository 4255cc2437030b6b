import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mutantsOf, type Mutant } from './mutants.js';

/**
 * npm run mutate [-- <folder> …]: plants every small fault into the pure files of the household, one at a time, and
 * counts those that some unit test of the same folder notices. Takes seconds a fault; writes test/mutation/results.md.
 */
const PROJECT = path.resolve(__dirname, '../../..');
const HOUSEHOLD = 'libs/household/src';
const PURE = /^(decide[a-z-]*|state|projection)\.ts$/;
const WITHIN_MS = 60_000;
const AT_ONCE = 2;
const WANTED = 0.85;

interface Tried extends Mutant {
  readonly file: string;
  readonly isNoticed: boolean;
}

async function main(folders: readonly string[]): Promise<void> {
  const files = folders.flatMap(pureFilesOf);
  const pending = files.flatMap((file) => mutantsOf(readFileSync(path.join(PROJECT, file), 'utf8')).map((mutant) => ({ ...mutant, file })));
  for (const folder of new Set(files.map(path.posix.dirname.bind(path.posix)))) {
    if (await isNoticed({ file: folder, start: 0, end: 0, text: '' }, folder)) throw new Error(`the tests of ${folder} fail without any fault`);
  }
  const tried: Tried[] = [];
  const total = pending.length;
  const next = async (): Promise<void> => {
    for (let mutant = pending.shift(); mutant !== undefined; mutant = pending.shift()) {
      tried.push({ ...mutant, isNoticed: await isNoticed(mutant, path.posix.dirname(mutant.file)) });
      process.stderr.write(`\r${tried.length}/${total}, ${tried.filter((one) => !one.isNoticed).length} unnoticed `);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  const report = reportOf(tried);
  process.stdout.write(`\n${report}`);
  if (folders.length === ALL_FOLDERS.length) writeFileSync(path.join(PROJECT, 'test/mutation/results.md'), report);
  if (scoreOf(tried) < WANTED) process.exitCode = 1;
}

/** decide, evolve and fold of a feature or a read model; all of the pure core. */
function pureFilesOf(folder: string): string[] {
  const isPure = (name: string): boolean =>
    folder === 'budget' ? /\.ts$/.test(name) && !name.endsWith('.spec.ts') : PURE.test(name);
  return readdirSync(path.join(PROJECT, HOUSEHOLD, folder))
    .filter(isPure)
    .map((name) => `${HOUSEHOLD}/${folder}/${name}`);
}

function isNoticed({ file, start, end, text }: Pick<Tried, 'file' | 'start' | 'end' | 'text'>, folder: string): Promise<boolean> {
  const jest = path.join(PROJECT, 'node_modules/jest/bin/jest.js');
  const config = path.join(PROJECT, 'test/mutation/jest.config.cjs');
  const args = [jest, '--config', config, '--runInBand', '--bail', '--silent', '--passWithNoTests', '--testPathPatterns', `${folder}/`];
  const mutant = JSON.stringify({ file: path.join(PROJECT, file), start, end, text });
  const child = spawn(process.execPath, args, { cwd: PROJECT, stdio: 'ignore', env: { ...process.env, DAYBOOK_MUTANT: mutant } });
  // A fault that makes a loop endless is noticed as well.
  const timer = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code !== 0);
    });
  });
}

function scoreOf(tried: readonly Tried[]): number {
  return tried.filter((one) => one.isNoticed).length / Math.max(1, tried.length);
}

function reportOf(tried: readonly Tried[]): string {
  const row = (name: string, those: readonly Tried[]): string =>
    `| ${name} | ${those.length} | ${(scoreOf(those) * 100).toFixed(1)} % |`;
  const files = [...new Set(tried.map(({ file }) => file))].sort();
  const unnoticed = tried.filter((one) => !one.isNoticed).sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return [
    '# Planted faults',
    '',
    '`npm run mutate` plants each small fault alone and runs the unit tests of its folder. Wanted: 85 % noticed.',
    '',
    '| file | faults | noticed |',
    '|---|---|---|',
    ...files.map((file) => row(file.slice(HOUSEHOLD.length + 1), tried.filter((one) => one.file === file))),
    row('**all**', tried),
    '',
    'Not noticed:',
    '',
    ...unnoticed.map(({ file, line, fault }) => `- ${file.slice(HOUSEHOLD.length + 1)}:${line} \`${fault}\``),
    '',
  ].join('\n');
}

const ALL_FOLDERS = readdirSync(path.join(PROJECT, HOUSEHOLD)).filter((name) => {
  return statSync(path.join(PROJECT, HOUSEHOLD, name)).isDirectory() && pureFilesOf(name).length > 0;
});
const chosen = process.argv.slice(2);
void main(chosen.length === 0 ? ALL_FOLDERS : chosen);
