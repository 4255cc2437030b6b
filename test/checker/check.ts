import type { Append } from './history.js';
import type { History } from './history-file.js';
import { checkLog, LogIndex } from './log-index.js';
import { checkFresh, checkShown, type Observation } from './observations.js';
import { checkConflict, checkOrder } from './order.js';
import { Violations, type Verdict } from './verdict.js';
import { checkWrites } from './writes.js';

/** Judges a history. The order of the steps matters: what was known, and when, is complete before it is asked for. */
export function check({ operations, log }: History): Verdict {
  const violations = new Violations();
  const index = new LogIndex(log);
  const appends = operations.filter((one): one is Append => one.op === 'append');
  const observations = operations.filter((one): one is Observation => one.op !== 'append');
  checkLog(index, violations);
  checkWrites(appends, index, violations);
  for (const observation of observations) checkShown(observation, index, violations);
  for (const observation of observations) checkFresh(observation, index, violations);
  for (const append of appends) checkConflict(append, index, violations);
  checkOrder(index, violations);
  return {
    operations: operations.length,
    events: log.length,
    unknown: appends.filter(({ type }) => type === 'info').length,
    violations: violations.list(),
  };
}
