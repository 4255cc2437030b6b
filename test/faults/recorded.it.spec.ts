import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { check, HistoryWriter, readHistory } from '../checker/index.js';
import { recordRounds } from './recorded-rounds.js';

/** The short form. The long one: `node dist/test/faults/recorded.js --kills 100`. */
describe('what clients were told by a node that is killed under load', () => {
  it('holds before the checker: I1 to I4', async () => {
    const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-recorded-'));
    const file = path.join(directory, 'history.jsonl');
    try {
      const history = new HistoryWriter(file);
      await recordRounds({ directory: path.join(directory, 'node'), history, kills: 5, writers: 9, loadMs: () => 200 + Math.random() * 400 });
      history.close();
      const recorded = await readHistory(file);
      const verdict = check(recorded);
      expect(verdict.violations).toEqual([]);
      expect(verdict.unknown).toBeGreaterThan(0);
      const told = new Set(recorded.operations.map(({ op, type }) => `${op} ${type}`));
      const expected = ['append ok', 'append fail', 'append info', 'read-stream ok', 'read-all ok', 'subscribe ok'];
      expect([...told]).toEqual(expect.arrayContaining(expected));
    } finally {
      await fs.rm(directory, { recursive: true, force: true });
    }
  }, 60_000);
});
