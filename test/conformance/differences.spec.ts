import fs from 'node:fs';
import path from 'node:path';
import { nodeOnly, SERVER_URL } from './store-under-test.js';

const rows = [...fs.readFileSync(path.join(__dirname, 'differences.md'), 'utf8').matchAll(/^\| (D\d+) \|/gm)].map(([, id]) => id);
const suite = fs.readdirSync(__dirname).filter((file) => file.endsWith('.it.spec.ts'));
const marks = suite.flatMap((file) => [...fs.readFileSync(path.join(__dirname, file), 'utf8').matchAll(/nodeOnly\('(D\d+)'\)/g)].map(([, id]) => id));

/** Differences that no case of the suite runs into. */
const WITHOUT_CASES = ['D6'];

describe('the table of known differences', () => {
  it('has a row for every case that is left out against a server, and no row besides', () => {
    expect([...new Set([...marks, ...WITHOUT_CASES])].sort()).toEqual(rows);
  });

  it('leaves a case out only against a server', () => {
    expect(nodeOnly('D1') === it).toBe(SERVER_URL === undefined);
  });
});
