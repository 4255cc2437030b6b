import { createHash } from 'node:crypto';
import { check } from './checker.js';
import { Coverage } from './coverage.js';
import { coverHistory } from './cover-history.js';
import type { History } from './history.js';
import { runHistory } from './run-history.js';

/**
 * The real command runtime in a simulated world, one seed a history. A failing seed is printed with what it broke; it
 * fails again under the same number. More of them, and others:
 *
 *     SIM_FROM=10001 SIM_SEEDS=1000000 npm run sim
 */
const SEEDS = Number(process.env['SIM_SEEDS'] ?? 10_000);
const FROM = Number(process.env['SIM_FROM'] ?? 1);
const AT_ONCE = 20;
const TWICE_EVERY = 1_000;
const SHOWN_FAILURES = 5;
const ENOUGH_FOR_RARE_STATES = 5_000;

/** Simulated failures are errors by the hundred thousand, and nobody reads their stacks. */
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe('commands in a world where everything fails', () => {
  it(
    `keep every promise in ${SEEDS} seeded histories, and meet every rare state on the way`,
    async () => {
      const coverage = new Coverage();
      const failures: string[] = [];
      for (let first = FROM; first < FROM + SEEDS && failures.length < SHOWN_FAILURES; first += AT_ONCE) {
        const seeds = Array.from({ length: Math.min(AT_ONCE, FROM + SEEDS - first) }, (_, index) => first + index);
        for (const history of await Promise.all(seeds.map((seed) => runHistory({ seed, coverage })))) {
          coverHistory(history, coverage);
          failures.push(...check(history).map((violation) => `seed ${history.seed}: ${violation}`));
        }
      }

      expect(failures.slice(0, SHOWN_FAILURES)).toEqual([]);
      expect({ neverMet: SEEDS < ENOUGH_FOR_RARE_STATES ? [] : coverage.missing() }).toEqual({ neverMet: [] });
    },
    Math.max(600_000, SEEDS * 60),
  );

  it('run the same way twice', async () => {
    for (let seed = FROM; seed < FROM + SEEDS; seed += TWICE_EVERY) {
      const [first, second] = [await runHistory({ seed }), await runHistory({ seed })];

      expect({ seed, trace: traceOf(second) }).toEqual({ seed, trace: traceOf(first) });
    }
  });
});

function traceOf(history: History): string {
  const text = JSON.stringify(history, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  return createHash('sha256').update(text).digest('hex');
}
