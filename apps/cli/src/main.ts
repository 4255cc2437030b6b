import { Command } from 'commander';
import { VERSION } from '../../daybook/src/version.js';
import { startCommand } from './start-command.js';
import { tokenCommand } from './token-command.js';
import { statusCommand } from './status-command.js';
import { configCommand } from './config-command.js';
import { CliExit } from './exit-codes.js';
import { storeCommand } from './store/store-command.js';

/** The command line. Each verb is a file; this one only names them. */
export function main(argv: readonly string[]): void {
  const program = new Command('daybook')
    .description('The shared daily budget of a household: run it and look after it.')
    .version(VERSION)
    .showSuggestionAfterError(true)
    .showHelpAfterError('(daybook --help lists the commands)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : CliExit.USAGE));
  for (const command of [startCommand(), statusCommand(), tokenCommand(), configCommand(), storeCommand()]) {
    program.addCommand(command.copyInheritedSettings(program));
    for (const verb of command.commands) verb.copyInheritedSettings(program);
  }
  program.parseAsync([...argv]).catch((error: unknown) => {
    process.stderr.write(`daybook: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(CliExit.FAILED);
  });
}
