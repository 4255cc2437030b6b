import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runCorruptionRounds } from './corruption/corruption-rounds.js';

/** The short form. The long one: `node dist/test/faults/corruption.js --files 200`. */
describe('a store with one damaged file', () => {
  it('serves nothing wrong, leaves nothing out without a word, and names the damage', async () => {
    const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-corruption-'));
    try {
      const seed = Date.now() % 1_000_000;
      const report = await runCorruptionRounds({ directory, files: 20, appendsALife: 45, seed });
      expect(report.violations).toEqual([]);
      expect(report).toMatchObject({ files: 20, wrongEvents: 0 });
      expect(report.atOpen + report.byRead + report.byScrub).toBeGreaterThan(15);
    } finally {
      await fs.rm(directory, { recursive: true, force: true });
    }
  }, 120_000);
});
