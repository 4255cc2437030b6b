import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runKillRounds } from './kill-rounds.js';

/** The short form. The long one, hundreds of kills: `node dist/test/faults/kills.js --kills 200`. */
describe('the node, killed at any moment under load', () => {
  it('loses nothing it acknowledged and nothing it has shown', async () => {
    const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-kill-'));
    try {
      const report = await runKillRounds({ directory, kills: 10, writers: 8, loadMs: () => 30 + Math.random() * 250 });
      expect(report.violations).toEqual([]);
      expect(report.kills).toBe(10);
      for (const told of [report.ackedEvents, report.seenEvents, report.refusedAppends, report.retriedAppends]) {
        expect(told).toBeGreaterThan(0);
      }
    } finally {
      await fs.rm(directory, { recursive: true, force: true });
    }
  }, 60_000);
});
