import type { ErrorCode } from '@daybook/kernel';
import { DaybookError } from '@daybook/kernel';
import type { Decider, DomainEvent } from '@daybook/eventsourcing';

/**
 * Lets a test read like the rule: `rules.given(...events).when(command).then(...events)`, `.refuses(code)` for a
 * refusal, `.then()` for a command with nothing to do.
 */
export function rulesOf<State, Command, Event extends DomainEvent, Facts>(
  decider: Decider<State, Command, Event, Facts>,
  facts: Facts,
) {
  return {
    given(...history: readonly Event[]) {
      const state = history.reduce((before, event) => decider.evolve(before, event), decider.initial);
      return {
        when(command: Command) {
          const decide = (): readonly Event[] => decider.decide(command, state, facts);
          return {
            then(...events: readonly Event[]): void {
              expect(decide()).toEqual(events);
            },
            /** `data` names at least what the sender must be told beside the code. */
            refuses(code: ErrorCode, data: Readonly<Record<string, unknown>> = {}): void {
              expect(refusalBy(decide)).toMatchObject({ code, data });
            },
            /** For properties: what is refused has no repeat. */
            isRefused(): boolean {
              return 'code' in refusalBy(decide);
            },
            /** The same command on the state it led to has nothing left to do. */
            isQuietWhenRepeated(): void {
              const next = decide().reduce((before, event) => decider.evolve(before, event), state);
              expect(decider.decide(command, next, facts)).toEqual([]);
            },
          };
        },
      };
    },
  };
}

function refusalBy(decide: () => readonly DomainEvent[]): object {
  try {
    return { decided: decide() };
  } catch (thrown) {
    if (thrown instanceof DaybookError) return { code: thrown.code, data: thrown.data };
    throw thrown;
  }
}
