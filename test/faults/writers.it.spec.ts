import { createTestDatabase } from '../support/database.js';
import { endInstances, temporaryDirectory } from '../support/instance.js';
import { startScaledOut } from '../support/scaled-out.js';
import { writeAsAFamily } from './family-writers.js';

/** The short form. The long one, a minute of 32 writers: `node dist/test/faults/writers.js --seconds 60`. */
describe('a family that writes at once through two processes', () => {
  it('finds in its ledger what it was told, to the cent', async () => {
    const directory = await temporaryDirectory();
    const databases = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
    const [read, ops, vault] = databases.map(({ url }) => url) as [string, string, string];
    try {
      const family = await startScaledOut({ directory: directory.path, databases: { read, ops, vault }, apis: 2 });
      try {
        const written = await writeAsAFamily({ apis: family.apis, writers: 32, milliseconds: 4_000, seed: 1 });
        expect(written.violations).toEqual([]);
        expect(written.conflicts).toBeGreaterThan(0);
        expect(written.fewestOfAWriter).toBeGreaterThan(0);
      } finally {
        await family.close();
      }
    } finally {
      await endInstances(directory.path);
      await Promise.all(databases.map((database) => database.drop()));
      await directory.remove();
    }
  }, 90_000);
});
