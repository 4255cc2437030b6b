/**
 * What clients of the store were told while it was being killed, and what the log must therefore say. Knows nothing of
 * the node: it only compares answers with a final reading of $all.
 */
export interface AppendAttempt {
  readonly stream: string;
  readonly expected: bigint;
  readonly ids: readonly string[];
}

export interface LoggedEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly id: string;
}

export interface Verdict {
  readonly ackedEvents: number;
  readonly seenEvents: number;
  readonly unknownAppends: number;
  readonly refusedAppends: number;
  readonly loggedEvents: number;
  /** One line each; empty means that everything held. */
  readonly violations: readonly string[];
}

export class History {
  private readonly acked = new Map<string, LoggedEvent>();
  private readonly seen = new Map<bigint, LoggedEvent>();
  private readonly unknown: AppendAttempt[] = [];
  private readonly refused: AppendAttempt[] = [];
  private readonly contradictions: string[] = [];

  /** The store said yes: the last event of the append is at this revision and position. */
  acknowledged(attempt: AppendAttempt, lastRevision: bigint, lastPosition: bigint): void {
    const { stream, expected, ids } = attempt;
    if (lastRevision !== expected + BigInt(ids.length)) {
      this.contradictions.push(`${stream}: acknowledged at ${lastRevision}, expected behind ${expected}`);
    }
    for (const [index, id] of ids.entries()) {
      const isLast = index === ids.length - 1;
      const position = isLast ? lastPosition : -1n;
      this.acked.set(id, { stream, id, revision: expected + BigInt(index + 1), position });
    }
  }

  /** Never settled: all of it or nothing may be there. */
  leftUnknown(attempt: AppendAttempt): void {
    this.unknown.push(attempt);
  }

  /** The store said no: nothing of it may be there. */
  wasRefused(attempt: AppendAttempt): void {
    this.refused.push(attempt);
  }

  /** Something a client noticed by itself. */
  contradicted(what: string): void {
    this.contradictions.push(what);
  }

  /** A reader or subscriber was shown this. */
  wasSeen(event: LoggedEvent): void {
    const before = this.seen.get(event.position);
    if (before && before.id !== event.id) this.contradictions.push(`position ${event.position} was shown as two events`);
    this.seen.set(event.position, event);
  }

  judge(log: readonly LoggedEvent[]): Verdict {
    const byId = new Map<string, LoggedEvent[]>();
    for (const event of log) byId.set(event.id, [...(byId.get(event.id) ?? []), event]);
    const byPosition = new Map(log.map((event) => [event.position, event]));
    const violations = [
      ...this.contradictions,
      ...brokenOrder(log),
      ...[...this.acked.values()].flatMap((event) => lostOrMoved(event, byId.get(event.id) ?? [])),
      ...[...this.seen.values()]
        .filter((event) => byPosition.get(event.position)?.id !== event.id)
        .map((event) => `seen, then lost: ${event.stream}@${event.revision} at ${event.position}`),
      ...this.unknown.flatMap((attempt) => halfWritten(attempt, byId)),
      ...this.refused
        .filter(({ ids }) => ids.some((id) => byId.has(id) && !this.acked.has(id)))
        .map(({ stream }) => `refused, but there: ${stream}`),
    ];
    return {
      ackedEvents: this.acked.size,
      seenEvents: this.seen.size,
      unknownAppends: this.unknown.length,
      refusedAppends: this.refused.length,
      loggedEvents: log.length,
      violations,
    };
  }
}

function brokenOrder(log: readonly LoggedEvent[]): string[] {
  const next = new Map<string, bigint>();
  let last = -1n;
  return log.flatMap((event) => {
    const broken: string[] = [];
    if (event.position <= last) broken.push(`position ${event.position} follows ${last}`);
    if (event.revision !== (next.get(event.stream) ?? 0n)) broken.push(`${event.stream} jumps to ${event.revision}`);
    last = event.position;
    next.set(event.stream, event.revision + 1n);
    return broken;
  });
}

function lostOrMoved(acked: LoggedEvent, found: readonly LoggedEvent[]): string[] {
  const name = `${acked.stream}@${acked.revision}`;
  const [only] = found;
  if (!only) return [`acknowledged, then lost: ${name}`];
  if (found.length > 1) return [`acknowledged once, stored ${found.length} times: ${name}`];
  const samePlace = only.stream === acked.stream && only.revision === acked.revision;
  const samePosition = acked.position === -1n || acked.position === only.position;
  return samePlace && samePosition ? [] : [`acknowledged elsewhere than stored: ${name}`];
}

function halfWritten({ stream, ids }: AppendAttempt, byId: ReadonlyMap<string, readonly LoggedEvent[]>): string[] {
  const stored = ids.filter((id) => byId.has(id));
  if (stored.length !== 0 && stored.length !== ids.length) return [`half an append is stored: ${stream}`];
  return stored.some((id) => (byId.get(id)?.length ?? 0) > 1) ? [`an unknown append is stored twice: ${stream}`] : [];
}
