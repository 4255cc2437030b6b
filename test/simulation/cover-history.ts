import type { Coverage } from './coverage.js';
import type { Attempt, History } from './history.js';

/** Rare states that show in the record of a history. */
export function coverHistory({ attempts }: History, coverage: Coverage): void {
  for (const attempt of attempts) {
    const { answer } = attempt;
    if (answer?.kind === 'quiet') coverage.saw('a quiet command was answered');
    if (answer?.kind === 'replayed') coverReplay(attempt, attempts, coverage);
    if (answer?.kind !== 'refused') continue;
    if (answer.code === 'OUTCOME_UNKNOWN') coverage.saw('an outcome stayed unknown for a caller');
    if (answer.code === 'IDEMPOTENCY_KEY_REUSED') coverage.saw('a reused id was refused');
    if (answer.code === 'PERIOD_CLOSED') coverage.saw('a rule refused a command');
    if (answer.code === 'INTERNAL') coverage.saw('a mistake failed alone');
    if (answer.code === 'RATE_LIMITED') coverage.saw('a queue was full');
  }
}

function coverReplay(repeat: Attempt, attempts: readonly Attempt[], coverage: Coverage): void {
  const twins = attempts.filter((other) => other !== repeat && other.commandId === repeat.commandId);
  if (twins.every(({ process }) => process !== repeat.process)) {
    coverage.saw('a repeat was answered by a process that had not stored it');
  }
  const waited = ({ process, answer, answeredAt }: Attempt): boolean =>
    process === repeat.process && answer?.kind === 'accepted' && (answeredAt ?? 0) > repeat.invokedAt;
  if (twins.some(waited)) coverage.saw('a twin waited for its twin');
}
