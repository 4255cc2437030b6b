import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HistoryWriter } from './history-file.js';
import { main } from './main.js';
import { generate } from './model/generate.js';

let directory: string;
let file: string;
let said: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'checker-'));
  file = path.join(directory, 'history.jsonl');
  said = '';
});

afterEach(() => fs.rmSync(directory, { recursive: true }));

const run = (...args: string[]): Promise<number> => main(args, (text) => (said += text));

describe('the command', () => {
  it('ends with 0 and says how much it has judged when a history holds', async () => {
    await run('--generate', '500');
    fs.writeFileSync(file, said);
    said = '';
    expect(await run(file)).toBe(0);
    expect(said).toMatch(/^\d{3} operations \(\d+ appends of unknown outcome\), \d+ events; read in [\d.]+ s, judged in [\d.]+ s\nholds: I1, I2, I3, I4\n$/);
  });

  it('ends with 1 and prints the smallest witness as lines of a history when one is broken', async () => {
    await run('--generate', '3000', '--bug', 'hidden success');
    fs.writeFileSync(file, said);
    said = '';
    expect(await run(file)).toBe(1);
    const [, broken, , ...witness] = said.split('\n');
    expect(broken).toBe('BROKEN I4 no effect: what failed definitely has left nothing');
    expect(JSON.parse(witness[0] ?? '')).toMatchObject({ op: 'append', type: 'fail' });
    expect(JSON.parse(witness[1] ?? '')).toMatchObject({ op: 'dump' });
  });

  it('names the line it cannot read', async () => {
    fs.writeFileSync(file, '\n{"op":"append"\n');
    await expect(run(file)).rejects.toThrow('line 2: ');
  });

  it('lists the faults that can be planted, and refuses others', async () => {
    await run('--bugs');
    expect(said).toContain('late insert: ');
    await expect(run('--generate', '1', '--bug', 'gremlin')).rejects.toThrow('no bug is called "gremlin"');
    await expect(run()).rejects.toThrow('name one file');
  });
});

describe('a recorder', () => {
  it('writes what the command reads, also in several goes', async () => {
    for (const part of ['operations', 'log'] as const) {
      const writer = new HistoryWriter(file);
      const log = generate({ operations: 2_000, seed: 7 }, (line) => part === 'operations' && writer.write(line));
      if (part === 'log') writer.writeLog(log);
      writer.close();
    }
    expect(await run(file)).toBe(0);
  });
});
