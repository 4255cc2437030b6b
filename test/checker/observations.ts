import type { AllRead, Operation, SeenEvent, StreamRead, Subscription } from './history.js';
import { sentAt, type LogIndex, type Sequence } from './log-index.js';
import type { Violations } from './verdict.js';

export type Observation = StreamRead | AllRead | Subscription;

/** What a call should have shown, as places in a sequence: from the first one, up or down. */
interface Window {
  readonly sequence: Sequence;
  readonly first: number;
  readonly step: 1 | -1;
}

/** I3: everything that was shown is in the log, as it was shown, with nothing left out. Notes when it was known. */
export function checkShown(observation: Observation, index: LogIndex, violations: Violations): void {
  const { sequence, first, step } = windowOf(observation, index);
  for (const [number, event] of observation.value.events.entries()) {
    const seenAt = observation.op === 'subscribe' ? (observation.value.times[number] ?? observation.t_done) : observation.t_done;
    const entry = sequence.entries[first + step * number];
    if (entry === undefined || !isSame(entry.event, event)) {
      const log = entry === undefined ? [] : [entry.event];
      violations.add('I3 same', differenceOf(event, entry?.event, index), { operations: [showing(observation, event)], log });
      return;
    }
    if (sentAt(entry) > seenAt) {
      const operations = entry.sentBy === null ? [] : [entry.sentBy, showing(observation, event)];
      violations.add('I4 sent', 'seen before it was sent', { operations, log: [event] });
    }
    if (seenAt < entry.knownAt) Object.assign(entry, { knownAt: seenAt, knownBy: observation });
  }
}

/** I2 and I3: a call that was answered to its end shows everything that was known before it began. */
export function checkFresh(observation: Observation, index: LogIndex, violations: Violations): void {
  const { sequence, first, step } = windowOf(observation, index);
  const shown = shownFor(observation);
  if (shown === null) return;
  const known = sequence.knownBefore(observation.t_invoke);
  const due = Math.min(known, upperEnd(observation, sequence));
  const reached = step === 1 ? first + shown - 1 : shown === 0 ? -1 : first;
  if (due <= reached || (step === 1 && due < first)) return;
  const entry = sequence.entries[known];
  if (entry === undefined) return;
  const operations = [...(entry.knownBy === null ? [] : [showing(entry.knownBy, entry.event)]), showing(observation, null)];
  const rule = observation.op === 'read-stream' ? 'I2 fresh' : 'I3 fresh';
  violations.add(rule, 'a later call does not see what was already known', { operations, log: [entry.event] });
}

/** How many events count as a whole answer; null when the call promises nothing about what is newest. */
function shownFor(observation: Observation): number | null {
  if (observation.op === 'subscribe') return observation.value.caughtUp;
  const { events, limit, direction } = observation.value;
  if (observation.type !== 'ok') return null;
  return direction === 'forwards' && limit !== null && events.length >= limit ? null : events.length;
}

/** Where a read backwards begins at the latest. */
function upperEnd(observation: Observation, sequence: Sequence): number {
  const end = sequence.entries.length - 1;
  if (observation.op === 'subscribe' || observation.value.direction === 'forwards' || observation.value.from === null) return end;
  const { from } = observation.value;
  return Math.min(end, observation.op === 'read-all' ? sequence.from(from) - 1 : sequence.from(from + 1n) - 1);
}

function windowOf(observation: Observation, index: LogIndex): Window {
  if (observation.op === 'subscribe') {
    const sequence = index.matching(observation.value.prefixes);
    const { after } = observation.value;
    return { sequence, first: after === null ? 0 : sequence.from(after + 1n), step: 1 };
  }
  const { direction, from, events } = observation.value;
  const sequence = observation.op === 'read-all' ? index.all : index.stream(observation.value.stream);
  if (direction === 'forwards') return { sequence, first: from === null ? 0 : sequence.from(from), step: 1 };
  const [newest] = events;
  if (newest === undefined) return { sequence, first: -1, step: -1 };
  return { sequence, first: sequence.from(observation.op === 'read-all' ? newest.position : newest.revision), step: -1 };
}

function isSame(one: SeenEvent, other: SeenEvent): boolean {
  return (
    one.position === other.position &&
    one.revision === other.revision &&
    one.id === other.id &&
    one.stream === other.stream &&
    one.digest === other.digest
  );
}

function differenceOf(seen: SeenEvent, there: SeenEvent | undefined, index: LogIndex): string {
  const known = index.byId.get(seen.id)?.[0]?.event;
  if (known === undefined) return 'seen, then lost';
  if (isSame(known, seen)) return there === undefined ? 'shown where it is not' : 'something before it was left out, or came later';
  return known.digest === seen.digest ? 'seen elsewhere than it is' : 'seen otherwise than it is';
}

/** The call with this event only, or with none: what a witness needs of it. */
export function showing(operation: Operation, event: SeenEvent | null): Operation {
  if (operation.op === 'append') return operation;
  const events = event === null ? [] : [event];
  if (operation.op === 'read-all') return { ...operation, value: { ...operation.value, events } };
  if (operation.op === 'read-stream') return { ...operation, value: { ...operation.value, events } };
  const number = operation.value.events.findIndex(({ position }) => position === event?.position);
  return { ...operation, value: { ...operation.value, events, times: number < 0 ? [] : operation.value.times.slice(number, number + 1) } };
}
