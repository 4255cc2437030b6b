import type { Append } from './history.js';
import { sentAt, type Logged, type LogIndex, type Sequence } from './log-index.js';
import { showing } from './observations.js';
import type { Rule, Violations } from './verdict.js';

/** I2 and I3: the order of the log is one that real time allows. */
export function checkOrder(index: LogIndex, violations: Violations): void {
  for (const stream of index.everyStream()) checkRealTime(stream, 'I2 order', violations);
  checkRealTime(index.all, 'I3 order', violations);
}

function checkRealTime({ entries }: Sequence, rule: Rule, violations: Violations): void {
  let knownFirst: Logged | undefined;
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at] as Logged;
    if (knownFirst?.knownBy && entry.sentBy !== null && knownFirst.knownAt < sentAt(entry)) {
      violations.add(rule, 'sent after a later one was known, and placed before it', {
        operations: [showing(knownFirst.knownBy, knownFirst.event), entry.sentBy],
        log: [entry.event, knownFirst.event],
      });
    }
    if (entry.knownAt < (knownFirst?.knownAt ?? Infinity)) knownFirst = entry;
  }
}

/** I2: who was told of a conflict was told the truth, at some moment of the call. */
export function checkConflict(append: Append, index: LogIndex, violations: Violations): void {
  const { stream, expected, reason, actual } = append.value;
  if (append.type !== 'fail' || reason !== 'conflict' || expected === 'any') return;
  const sequence = index.stream(stream);
  // Revisions have no gap: an index is a revision.
  const least = BigInt(sequence.knownBefore(append.t_invoke));
  const most = BigInt(sequence.possibleBefore(append.t_done));
  if (least === expected && most === expected) {
    const there = sequence.entries[Number(expected)];
    const sentence = 'told of a conflict although the stream was where it was expected all the time';
    violations.add('I2 conflict', sentence, { operations: [append], log: there === undefined ? [] : [there.event] });
  } else if (actual !== undefined && (actual < least || actual > most)) {
    violations.add('I2 conflict', `told of revision ${actual}, but the stream was at ${least} to ${most}`, { operations: [append] });
  }
}
