import type { Answer, Attempt, History, LoggedEvent } from './history.js';

/**
 * Judges a history from its record alone. It shares no code with the runtime or the toy domain: it has its own idea of
 * what a purse is, folds the log with it, and asks of every answer whether it could have been given.
 */
const LIMIT = 30;

interface Purse {
  readonly closed: boolean;
  readonly spent: number;
}

type Verdict = { readonly events: string } | { readonly code: string };

export function check(history: History): readonly string[] {
  const violations: string[] = [];
  const blame = (rule: string, what: unknown): number => violations.push(`${rule}: ${show(what)}`);
  const streams = groupBy(history.log, ({ stream }) => stream);
  const timelines = new Map([...streams].map(([stream, events]) => [stream, timelineOf(events)]));
  const byCommand = groupBy(history.log, ({ stream, commandId }) => `${stream}/${commandId}`);

  if (!history.converged) blame('everything resolves once faults are healed', 'some client still waits');
  checkLog(history.log, streams, blame);
  for (const events of byCommand.values()) checkCommand(events, history.attempts, timelines, blame);
  for (const attempt of history.attempts) {
    const events = byCommand.get(`${attempt.stream}/${attempt.commandId}`) ?? [];
    const timeline = timelines.get(attempt.stream) ?? START;
    if (attempt.answer !== null) checkAnswer(attempt, attempt.answer, { events, timeline }, blame);
  }
  checkZeroEffect(history.attempts, byCommand, blame);
  checkRealTime(history.attempts, blame);
  return violations;
}

type Blame = (rule: string, what: unknown) => void;

/** State and commit time at every revision; index 0 is the empty stream. */
type Timeline = readonly { readonly purse: Purse; readonly committedAt: number }[];
const EMPTY: Purse = { closed: false, spent: 0 };
const START: Timeline = [{ purse: EMPTY, committedAt: 0 }];

function timelineOf(events: readonly LoggedEvent[]): Timeline {
  const timeline = [...START];
  let purse = EMPTY;
  for (const { type, data, committedAt } of events) {
    if (type === 'Spent') purse = { ...purse, spent: purse.spent + (data as { amount: number }).amount };
    if (type === 'Closed') purse = { ...purse, closed: true };
    if (type === 'Reopened') purse = { ...purse, closed: false };
    timeline.push({ purse, committedAt });
  }
  return timeline;
}

function verdictOn({ command }: Attempt, { closed, spent }: Purse): Verdict {
  if (command.type === 'explode') return { code: 'INTERNAL' };
  if (command.type === 'close') return { events: closed ? '' : 'Closed' };
  if (command.type === 'reopen') return { events: closed ? 'Reopened' : '' };
  if (closed) return { code: 'PERIOD_CLOSED' };
  const sum = command.amounts.reduce((total, amount) => total + amount, 0);
  if (spent + sum > LIMIT) return { code: 'SPLIT_SUM_MISMATCH' };
  return { events: command.amounts.map((amount) => `Spent ${amount}`).join() };
}

function namesOf(events: readonly { readonly type: string; readonly data: unknown }[]): string {
  return events.map(({ type, data }) => (type === 'Spent' ? `Spent ${(data as { amount: number }).amount}` : type)).join();
}

function exactly(events: readonly { readonly type: string; readonly data: unknown }[]): string {
  return JSON.stringify(events.map(({ type, data }) => [type, data]));
}

function checkLog(log: readonly LoggedEvent[], streams: Map<string, LoggedEvent[]>, blame: Blame): void {
  const ids = new Set<string>();
  let position = -1n;
  for (const event of log) {
    if (ids.has(event.id)) blame('no two events have one id', event);
    if (event.position <= position) blame('positions rise', event);
    ids.add(event.id);
    position = event.position;
  }
  for (const events of streams.values()) {
    for (const [index, event] of events.entries()) {
      if (event.revision !== BigInt(index)) blame('revisions have no gap', event);
    }
  }
}

/** Every command in the log was sent, is there once, in one piece, and was right to be accepted where it stands. */
function checkCommand(
  events: readonly LoggedEvent[],
  attempts: readonly Attempt[],
  timelines: ReadonlyMap<string, Timeline>,
  blame: Blame,
): void {
  const [first] = events;
  if (first === undefined) return;
  const attempt = attempts.find((other) => other.commandId === first.commandId && other.hash === first.hash);
  if (attempt === undefined) return void blame('nothing is in the log that nobody sent', first);
  if (attempt.invokedAt > first.committedAt) blame('nothing is stored before it was sent', first);
  const before = timelines.get(first.stream)?.[Number(first.revision)]?.purse ?? EMPTY;
  const verdict = verdictOn(attempt, before);
  const isWhole = events.every(({ revision }, index) => revision === first.revision + BigInt(index));
  if (!isWhole || !('events' in verdict) || verdict.events !== namesOf(events)) {
    blame('a command is in the log once and was decided on the state before it', { verdict, before, events });
  }
}

interface Stored {
  /** The events of the command that was called. */
  readonly events: readonly LoggedEvent[];
  readonly timeline: Timeline;
}

function checkAnswer(attempt: Attempt, answer: Answer, { events, timeline }: Stored, blame: Blame): void {
  const answeredAt = attempt.answeredAt ?? Infinity;
  const isOwn = events[0]?.hash === attempt.hash && events[0]?.userId === attempt.userId;
  if (answer.kind === 'accepted' || answer.kind === 'replayed') {
    const last = events.at(-1);
    const isTrue =
      isOwn &&
      last !== undefined &&
      last.committedAt < answeredAt &&
      last.revision === answer.revision &&
      last.position <= answer.position &&
      exactly(events) === exactly(answer.events);
    if (!isTrue) blame('what was acknowledged is in the log', { attempt, events });
    return;
  }
  if (answer.kind === 'refused') {
    if (NO_DECISION.has(answer.code)) return;
    if (answer.code === 'IDEMPOTENCY_KEY_REUSED') {
      const isTrue = events[0] !== undefined && !isOwn && events[0].committedAt < answeredAt;
      if (!isTrue) blame('an id is called reused only when another command has it', attempt);
      return;
    }
    if (answer.code === 'INTERNAL' && attempt.command.type === 'explode') return;
  }
  const wanted = (verdict: Verdict): boolean => {
    if (answer.kind === 'refused') return 'code' in verdict && verdict.code === answer.code;
    return 'events' in verdict && verdict.events === '';
  };
  if (!statesBetween(timeline, attempt.invokedAt, answeredAt).some((purse) => wanted(verdictOn(attempt, purse)))) {
    blame('a refusal or a quiet answer was true at some moment of its call', attempt);
  }
}

/** The store's trouble, not a decision: says only that nothing was recorded, or that nobody knows. */
const NO_DECISION = new Set(['OUTCOME_UNKNOWN', 'STORE_UNAVAILABLE', 'SHUTTING_DOWN', 'RATE_LIMITED', 'STORAGE_FULL']);

/** Every state the stream had at some moment between two times. */
function statesBetween(timeline: Timeline, from: number, until: number): Purse[] {
  return timeline
    .filter(({ committedAt }, index) => committedAt < until && (timeline[index + 1]?.committedAt ?? Infinity) > from)
    .map(({ purse }) => purse);
}

/** A command whose every call was definitely refused has left nothing behind. */
function checkZeroEffect(
  attempts: readonly Attempt[],
  byCommand: ReadonlyMap<string, LoggedEvent[]>,
  blame: Blame,
): void {
  const calls = groupBy(attempts, ({ stream, commandId, hash }) => `${stream}/${commandId}#${hash}`);
  for (const [call, [first, ...others]] of calls) {
    const all = first === undefined ? [] : [first, ...others];
    const definite = all.every(({ answer }) => answer?.kind === 'refused' && answer.code !== 'OUTCOME_UNKNOWN');
    const stored = byCommand.get(call.slice(0, call.indexOf('#'))) ?? [];
    const isStored = stored.some(({ hash }) => hash === first?.hash);
    if (definite && isStored) blame('a definite refusal has no effect', { all, stored });
  }
}

/** What was acknowledged before a call began is seen by it: the same answer again, a later place for anything new. */
function checkRealTime(attempts: readonly Attempt[], blame: Blame): void {
  const acknowledged = attempts.filter(({ answer }) => answer?.kind === 'accepted' || answer?.kind === 'replayed');
  for (const earlier of acknowledged) {
    const before = earlier.answer;
    if (before === null || before.kind === 'refused') continue;
    for (const later of attempts) {
      const { answer } = later;
      const isLater = later.stream === earlier.stream && later.invokedAt >= (earlier.answeredAt ?? Infinity);
      if (answer === null || !isLater) continue;
      if (later.commandId === earlier.commandId && later.hash === earlier.hash) {
        const isTold = answer.kind === 'refused' && NO_DECISION.has(answer.code);
        const isSame = answer.kind === 'replayed' && answer.revision === before.revision;
        if (!isTold && !isSame) blame('a repeat of what was acknowledged gets the same answer', { earlier, later });
      } else if (answer.kind === 'accepted' && answer.revision <= before.revision) {
        blame('what comes later is stored later', { earlier, later });
      } else if (answer.kind === 'quiet' && answer.revision < before.revision) {
        blame('a quiet answer knows what was acknowledged before', { earlier, later });
      }
    }
  }
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function show(what: unknown): string {
  return JSON.stringify(what, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
}
