import { check } from './checker.js';
import { PLANTED_BUGS } from './planted-bugs.js';
import { runHistory } from './run-history.js';

const SEEDS = 1_500;

jest.setTimeout(120_000);

describe('the checker', () => {
  it.each(Object.entries(PLANTED_BUGS))('turns red when %s', async (_, { sabotage, breaks }) => {
    const violations: string[] = [];
    for (let seed = 1; seed <= SEEDS && violations.length === 0; seed += 1) {
      violations.push(...check(await runHistory({ seed, sabotage })).filter((violation) => violation.startsWith(breaks)));
    }

    expect(violations).not.toEqual([]);
  });
});
