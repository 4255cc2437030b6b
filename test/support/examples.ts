import { householdCommands, householdQueries } from '@daybook/household';
import type { CommandContract, QueryContract } from '@daybook/platform';

/** The family that all examples are about, and a day on which its first period, April 2026, is over. */
export const EXAMPLE_FAMILY = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';
export const EXAMPLE_NOW = '2026-05-02T10:00:00Z';

export type ExampleArgs = Readonly<Record<string, unknown>>;

export interface ExampleCommand {
  readonly contract: CommandContract;
  readonly args: ExampleArgs;
}
export interface ExampleQuery {
  readonly contract: QueryContract;
  readonly args: ExampleArgs;
}

/** Every example as it stands, in the order of the routes; before all others the family is made that they name. */
export function exampleCommands(): readonly ExampleCommand[] {
  const all = householdCommands.map(({ contract }) => ({ contract, args: contract.example as ExampleArgs }));
  const founding = all.filter(({ contract }) => contract.name === 'createFamily');
  return [...founding.map(({ contract, args }) => ({ contract, args: { ...args, familyId: EXAMPLE_FAMILY } })), ...all];
}

export function exampleQueries(): readonly ExampleQuery[] {
  return householdQueries.map(({ contract }) => ({ contract, args: contract.example as ExampleArgs }));
}

/** Arguments as they stand in a query string. */
export function queryString(args: ExampleArgs): string {
  return new URLSearchParams(Object.entries(args).map(([name, value]) => [name, String(value)])).toString();
}
