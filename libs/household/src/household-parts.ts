import type { CivilDate, Clock, Random, Timers } from '@daybook/kernel';
import type { CommandRuntime, LogIdentity } from '@daybook/eventsourcing';
import type { Sealer } from '@daybook/platform';
import type { ReadModels } from '@daybook/projections';

/** What the household's shells need of the rest of the program; injected once, under one name. */
export interface HouseholdParts {
  readonly commands: CommandRuntime;
  /** Each read model sees its own tables and no others. */
  readonly readModels: <Tables>() => ReadModels<Tables>;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** What positions in answers belong to. */
  readonly logIdentity: LogIdentity;
  readonly figuresAtClose: FiguresAtClose;
}

/**
 * What a period comes to, in minor units as digits, for the record of its closing. Null when nobody can tell, and soon: a
 * decision waits a second at most, and is made all the same.
 */
export type FiguresAtClose = (familyId: string, period: CivilDate) => Promise<PeriodFigures | null>;

export interface PeriodFigures {
  readonly pool: string;
  readonly spent: string;
  readonly surplus: string;
}

/** Where no read model answers it: periods are closed all the same, and the record says that nobody could tell. */
export const nobodyCanTell: FiguresAtClose = () => Promise.resolve(null);

export const HOUSEHOLD_PARTS = Symbol('what the household needs');
