import { defineEvents, type Decider, type EventOf } from '@daybook/eventsourcing';
import { DaybookError } from '@daybook/kernel';
import { z } from 'zod';

/**
 * The toy domain of the simulation: a purse that can be closed and holds spendings up to a limit. It has what the
 * runtime must get right: decisions that depend on earlier ones, commands of several events, commands with nothing to
 * do, and one that fails by mistake. The checker has rules of its own and does not import these.
 */
export const PURSE_LIMIT = 30;

export const purseEvents = defineEvents({
  Spent: { version: 1, schema: z.strictObject({ amount: z.int(), at: z.int() }) },
  Closed: { version: 1, schema: z.strictObject({}) },
  Reopened: { version: 1, schema: z.strictObject({}) },
});

export type PurseEvent = EventOf<typeof purseEvents>;

export type PurseCommand =
  | { readonly type: 'spend'; readonly amounts: readonly number[] }
  | { readonly type: 'close' }
  | { readonly type: 'reopen' }
  | { readonly type: 'explode' };

export interface PurseFacts {
  readonly limit: number;
  /** Differs from one decision of a command to the next, as a date or an exchange rate would. */
  readonly at: number;
}

export interface PurseState {
  readonly closed: boolean;
  readonly spent: number;
}

export const purse: Decider<PurseState, PurseCommand, PurseEvent, PurseFacts> = {
  initial: { closed: false, spent: 0 },

  decide(command, state, { limit, at }) {
    switch (command.type) {
      case 'spend': {
        const sum = command.amounts.reduce((total, amount) => total + amount, 0);
        if (state.closed) throw new DaybookError('PERIOD_CLOSED', 'The purse is closed.');
        if (state.spent + sum > limit) throw new DaybookError('SPLIT_SUM_MISMATCH', 'The purse has not that much left.');
        return command.amounts.map((amount) => ({ type: 'Spent', data: { amount, at } }));
      }
      case 'close':
        return state.closed ? [] : [{ type: 'Closed', data: {} }];
      case 'reopen':
        return state.closed ? [{ type: 'Reopened', data: {} }] : [];
      case 'explode':
        throw new TypeError('a mistake in a decision');
      default:
        throw new TypeError(`unknown command ${JSON.stringify(command satisfies never)}`);
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'Spent':
        return { ...state, spent: state.spent + event.data.amount };
      case 'Closed':
        return { ...state, closed: true };
      case 'Reopened':
        return { ...state, closed: false };
      default:
        throw new TypeError(`unknown event ${JSON.stringify(event satisfies never)}`);
    }
  },
};
