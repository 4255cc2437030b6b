import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const DIST = path.resolve(__dirname, '../../../../dist/libs/platform/src/system/directory-lock.js');
const CONTENDERS = 4;
const LIVES_EACH = 8;

/**
 * One life: goes in and out a few times, then dies by SIGKILL, either inside or a given number of turns of the event
 * loop into the next attempt. Whoever is inside keeps a mark there; a mark found on the way in is a breach.
 */
const contender = `
  const fs = require('node:fs');
  const { lockDirectory, DirectoryLockedError } = require(process.argv[1]);
  const [, , directory, turns] = process.argv;
  const mark = directory + '/inside';
  const die = () => process.kill(process.pid, 'SIGKILL');
  const note = (file, text) => fs.appendFileSync(directory + '/' + file, text + '\\n');
  async function enter() {
    for (;;) {
      try { return await lockDirectory(directory); }
      catch (error) { if (!(error instanceof DirectoryLockedError)) throw error; }
    }
  }
  async function stay() {
    try { fs.writeFileSync(mark, String(process.pid), { flag: 'wx' }); }
    catch { note('breaches', process.pid + ' met ' + fs.readFileSync(mark, 'utf8')); }
    await new Promise((resolve) => setTimeout(resolve, 2));
    fs.rmSync(mark);
  }
  (async () => {
    for (let visit = 0; visit < 4; visit += 1) {
      const lock = await enter();
      await stay();
      note('entries', 'left');
      await lock.release();
    }
    let inside = false;
    const countdown = (left) => { if (inside) return; if (left <= 0) { note('entries', 'died on the way'); die(); } setImmediate(countdown, left - 1); };
    if (Number(turns) > 0) countdown(Number(turns));
    await enter();
    inside = true;
    await stay();
    note('entries', 'died inside');
    die();
  })().catch((error) => { console.error(error); process.exit(1); });
`;

function live(directory: string, turns: number): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', contender, DIST, directory, String(turns)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaints = '';
    child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
    child.once('close', () => resolve(complaints));
  });
}

describe('lockDirectory among processes', () => {
  it('never lets two in, while holders and claimants are killed and others race to follow them', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'daybook-lock-'));
    const complaints = await Promise.all(
      Array.from({ length: CONTENDERS }, async (_, contenderNumber) => {
        const heard: string[] = [];
        for (let number = 0; number < LIVES_EACH; number += 1) heard.push(await live(directory, (number * 5 + contenderNumber) % 24));
        return heard.join('');
      }),
    );
    const read = (file: string) => readFile(path.join(directory, file), 'utf8').catch(() => '');
    const entries = (await read('entries')).split('\n').filter(Boolean);
    expect(complaints.join('')).toBe('');
    expect(await read('breaches')).toBe('');
    expect(entries.filter((entry) => entry === 'left')).toHaveLength(CONTENDERS * LIVES_EACH * 4);
    expect(entries.filter((entry) => entry.startsWith('died'))).toHaveLength(CONTENDERS * LIVES_EACH);
    await rm(directory, { recursive: true });
  }, 60_000);
});
