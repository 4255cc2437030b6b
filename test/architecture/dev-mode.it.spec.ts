import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { PROJECT_ROOT } from './imports.js';

/** Stands in for the program: says which build it runs, and stops when it is told to. */
const PROGRAM = `
process.stdout.write('running ' + require('../dist/apps/x/main.js').version + ' as ' + process.pid + '\\n');
process.on('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 1000);
`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('npm run dev', () => {
  let project: string;
  let dev: ChildProcess;
  let output = '';

  async function printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(output);
      if (match !== null) return match;
      await new Promise((resolve) => dev.stdout?.once('data', resolve));
    }
  }

  const writeSource = (text: string) => fs.writeFileSync(path.join(project, 'apps/x/main.ts'), text);

  beforeEach(() => {
    project = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-dev-'));
    for (const folder of ['bin', 'apps/x', 'libs']) fs.mkdirSync(path.join(project, folder), { recursive: true });
    for (const file of ['bin/dev.cjs', 'bin/build.cjs', '.swcrc']) fs.copyFileSync(path.join(PROJECT_ROOT, file), path.join(project, file));
    fs.symlinkSync(path.join(PROJECT_ROOT, 'node_modules'), path.join(project, 'node_modules'));
    fs.writeFileSync(path.join(project, 'bin/daybook.cjs'), PROGRAM);
    writeSource('export const version = 1;');
    output = '';
    dev = spawn(process.execPath, [path.join(project, 'bin/dev.cjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    dev.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  });

  afterEach(() => {
    // The whole group: if the test fails half-way, the program it started is still there.
    if (dev.exitCode === null && dev.pid !== undefined) process.kill(-dev.pid, 'SIGKILL');
    fs.rmSync(project, { recursive: true, force: true });
  });

  it('runs the new build after a change, keeps the old one while a file does not compile, and leaves nothing behind', async () => {
    const [, first] = await printed(/running 1 as (\d+)/);
    await printed(/watching/);

    writeSource('export const version = ;');
    await printed(/not restarted/);
    expect(isAlive(Number(first))).toBe(true);

    writeSource('export const version = 2;');
    const [, second] = await printed(/running 2 as (\d+)/);
    expect(isAlive(Number(first))).toBe(false);

    const ended = new Promise((resolve) => dev.once('exit', resolve));
    dev.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(isAlive(Number(second))).toBe(false);
  });
});
