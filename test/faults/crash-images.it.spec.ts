import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runCrashImages } from './crash/crash-image-rounds.js';

/** The short form. The long one: `node dist/test/faults/crash-images.js --images 5000`. */
describe('the disk of a node, as a power cut may leave it at any moment', () => {
  it('opens to everything that was synced, and to no half batch', async () => {
    const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-images-'));
    try {
      const report = await runCrashImages({ directory, images: 300, appendsALife: 16, seed: Date.now() % 1_000_000 });
      expect(report.violations).toEqual([]);
      expect(report.images).toBeGreaterThanOrEqual(300);
      expect(report.torn).toBeGreaterThan(0);
    } finally {
      await fs.rm(directory, { recursive: true, force: true });
    }
  }, 60_000);
});
