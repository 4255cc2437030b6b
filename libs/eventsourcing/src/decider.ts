/**
 * A decider is the pure heart of a write feature: `decide` says which events a command leads to, `evolve` says what an
 * event means. An empty list means there is nothing to do. Refusals are thrown as DaybookError; anything else thrown
 * is a bug. Time, ids and look-ups come in as `facts`.
 */
export interface DomainEvent {
  readonly type: string;
}

export interface Decider<State, Command, Event extends DomainEvent, Facts = undefined> {
  readonly initial: State;
  decide(command: Command, state: State, facts: Facts): readonly Event[];
  evolve(state: State, event: Event): State;
}
