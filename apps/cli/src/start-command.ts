import { StartError } from '@daybook/platform';
import { Command } from 'commander';

export function startCommand(): Command {
  return new Command('start')
    .description('run everything: event store, Postgres, API and projector, in one command')
    .addHelpText('after', '\nThe environment configures it: docs/configuration.md. Example:\n  PORT=4000 npm start')
    .option('--no-backup', 'upgrade without a copy of what no rebuild brings back')
    .option('--forget-read-models', 'make the read models again from the log as it is', false)
    .action(async ({ backup, forgetReadModels }: { backup: boolean; forgetReadModels: boolean }) => {
      try {
        // Only here: no other verb needs the servers loaded.
        const { startDaybook } = await import('../../daybook/src/start-daybook.js');
        await startDaybook({
          environment: process.env,
          backsUpFirst: backup,
          forgetsReadModels: forgetReadModels,
          signals: process,
          print: (text) => process.stdout.write(text),
          exit: (code) => process.exit(code),
        });
      } catch (error) {
        process.stderr.write(`\ndaybook: ${reportOf(error)}\n`);
        process.exit(1);
      }
    });
}

function reportOf(error: unknown): string {
  if (error instanceof StartError) return error.report;
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  const more = process.env['LOG_LEVEL'] === 'debug' ? stack : 'LOG_LEVEL=debug says where; a damaged file is the usual reason.';
  return `cannot start: ${message}\n${more}`;
}
