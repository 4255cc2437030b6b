import type { Clock, Random } from '@daybook/kernel';
import type { CommandRuntime } from '@daybook/eventsourcing';
import type { Sealer } from '@daybook/platform';
import type { ReadModels } from '@daybook/projections';

/** What the household's shells need of the rest of the program; injected once, under one name. */
export interface HouseholdParts {
  readonly commands: CommandRuntime;
  /** Each read model sees its own tables and no others. */
  readonly readModels: <Tables>() => ReadModels<Tables>;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Random;
}

export const HOUSEHOLD_PARTS = Symbol('what the household needs');
