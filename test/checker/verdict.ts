import type { Operation, SeenEvent } from './history.js';

/** The rules by which a history is judged; I1 to I4 are what a store promises (README.md). */
export const RULES = {
  'I1 durable': 'an acknowledged append is in the log once, where it was acknowledged',
  'I1 whole': 'an append is in the log as a whole, in its order, once, or not at all',
  'I2 order': 'what begins after an append was known to be there comes behind it in the stream',
  'I2 fresh': 'a read has everything that was known to be there before it began',
  'I2 conflict': 'a conflict is told only when the stream was elsewhere at some moment of the call',
  'I3 log': 'positions rise, revisions have no gap, and both have the same order',
  'I3 order': 'what begins after a position was known comes behind it in $all',
  'I3 same': 'whoever reads a part of the log reads what is there in the end, byte for byte',
  'I3 fresh': 'a read of $all has everything that was known to be there before it began',
  'I4 no effect': 'what failed definitely has left nothing',
  'I4 sent': 'nothing is in the log that nobody sent, or is seen before it was sent',
} as const;

export type Rule = keyof typeof RULES;

/** What suffices to see the violation: the calls, cut down to the events in question, and the log at that place. */
export interface Witness {
  readonly operations: readonly Operation[];
  readonly log: readonly SeenEvent[];
}

export interface Violation {
  readonly rule: Rule;
  readonly sentence: string;
  readonly witness: Witness;
  /** How often the rule is broken; the witness is the smallest of them. */
  readonly count: number;
}

export interface Verdict {
  readonly operations: number;
  readonly events: number;
  readonly unknown: number;
  readonly violations: readonly Violation[];
}

export class Violations {
  private readonly byRule = new Map<Rule, Violation>();

  add(rule: Rule, sentence: string, witness: Partial<Witness>): void {
    const found = { rule, sentence, witness: { operations: [], log: [], ...witness } };
    const known = this.byRule.get(rule);
    const count = (known?.count ?? 0) + 1;
    const isSmaller = known === undefined || sizeOf(found.witness) < sizeOf(known.witness);
    this.byRule.set(rule, isSmaller ? { ...found, count } : { ...known, count });
  }

  list(): readonly Violation[] {
    return [...this.byRule.values()].sort((one, other) => sizeOf(one.witness) - sizeOf(other.witness));
  }
}

function sizeOf({ operations, log }: Witness): number {
  const seen = operations.reduce((sum, one) => sum + (one.op === 'append' ? one.value.ids.length : one.value.events.length), 0);
  return operations.length + seen + log.length;
}
