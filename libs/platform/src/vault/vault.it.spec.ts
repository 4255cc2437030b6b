import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openFileKeyStore } from './file-key-store.js';

const DIST = path.resolve(__dirname, '../../../../dist/libs/platform/src/vault/file-key-store.js');
const KILLS = 4;

/** Adds and forgets without end, and says of each only once it is promised. */
const worker = `
  const { openFileKeyStore } = require(process.argv[1]);
  const [, , file, life] = process.argv;
  const say = (text) => require('node:fs').writeSync(1, text + '\\n');
  openFileKeyStore(file).then(async (store) => {
    await store.ownSecret(Buffer.alloc(61));
    for (let number = 0; ; number += 1) {
      const subject = life + '-' + number;
      await store.addIfAbsent(subject, Buffer.from(subject.padEnd(61)));
      say('added ' + subject);
      if (number % 3 === 0) { await store.forget(subject); say('forgot ' + subject); }
    }
  });
`;

function liveUntil(file: string, life: number, promises: number): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', worker, DIST, file, String(life)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.split('\n').length > promises) child.kill('SIGKILL');
    });
    child.once('close', () => resolve(said.split('\n').slice(0, -1)));
  });
}

describe('vault.keys of a process that is killed', () => {
  it('holds every key that was handed out and none that was erased', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'daybook-vault-'));
    const file = path.join(directory, 'vault.keys');
    const expected = new Map<string, string>();
    for (let life = 0; life < KILLS; life += 1) {
      for (const promise of await liveUntil(file, life, 30 + life * 17)) {
        const [verb, subject = ''] = promise.split(' ');
        expected.set(subject, verb === 'forgot' ? 'forgotten' : subject.padEnd(61));
      }
    }
    const store = await openFileKeyStore(file);
    for (const [subject, promised] of expected) {
      const found = (await store.find(subject))?.toString();
      // The last one said to be added may have been forgotten before the kill, without a word.
      expect([promised, 'forgotten']).toContain(found);
      if (promised === 'forgotten') expect(found).toBe('forgotten');
    }
    expect([...expected.values()].filter((promised) => promised !== 'forgotten').length).toBeGreaterThan(50);
    await store.close();
    await rm(directory, { recursive: true });
  });
});
