import { printLine } from './history.js';
import { RULES, type Verdict } from './verdict.js';

/** For people: what is broken, why, and the lines of the history it takes to see it. */
export function describe({ violations }: Verdict): string {
  if (violations.length === 0) return 'holds: I1, I2, I3, I4\n';
  return violations
    .flatMap(({ rule, sentence, count, witness }) => [
      `BROKEN ${rule}: ${RULES[rule]}`,
      `  ${sentence} (${count} times; the smallest witness:)`,
      ...witness.operations.map((operation) => `  ${printLine(operation)}`),
      ...(witness.log.length === 0 ? [] : [`  ${printLine({ op: 'dump', value: { events: witness.log } })}`]),
    ])
    .join('\n')
    .concat('\n');
}
