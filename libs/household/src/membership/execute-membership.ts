import { commandRoute, type CommandContext } from '@daybook/platform';
import type { z } from 'zod';
import { createFamily } from './commands.js';

export type CreateFamilyArgs = z.output<typeof createFamily.args>;

/** What travels over the command bus for this feature: one class around a closed union of messages. */
export class ExecuteMembership {
  constructor(
    readonly message: { readonly name: 'createFamily'; readonly args: CreateFamilyArgs },
    readonly context: CommandContext,
  ) {}
}

export const membershipCommands = [
  commandRoute(createFamily, (args, context) => new ExecuteMembership({ name: 'createFamily', args }, context)),
];
