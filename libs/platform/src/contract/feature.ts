import type { z } from 'zod';
import type { CommandContext, QueryContext } from './command-context.js';
import type { CommandContract, QueryContract } from './contract.js';

/** A contract together with the message that travels over the bus for it; what a feature hands to the edge. */
export interface CommandRoute {
  readonly contract: CommandContract;
  toBus(args: unknown, context: CommandContext): object;
}

export interface QueryRoute {
  readonly contract: QueryContract;
  toBus(args: unknown, context: QueryContext): object;
}

/** The edge parses by the contract, so what reaches `toBus` has the contract's output type. */
export function commandRoute<Args extends z.ZodType, Answer extends z.ZodType>(
  contract: CommandContract<Args, Answer>,
  toBus: (args: z.output<Args>, context: CommandContext) => object,
): CommandRoute {
  return { contract, toBus: (args, context) => toBus(args as z.output<Args>, context) };
}

export function queryRoute<Args extends z.ZodType, Answer extends z.ZodType>(
  contract: QueryContract<Args, Answer>,
  toBus: (args: z.output<Args>, context: QueryContext) => object,
): QueryRoute {
  return { contract, toBus: (args, context) => toBus(args as z.output<Args>, context) };
}
