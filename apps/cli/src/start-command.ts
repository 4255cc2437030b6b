import { StartError } from '@daybook/platform';
import { Command } from 'commander';
import { startDaybook } from '../../daybook/src/start-daybook.js';

export function startCommand(): Command {
  return new Command('start')
    .description('run everything: event store, Postgres, API and projector, in one command')
    .addHelpText('after', '\nThe environment configures it: docs/configuration.md. Example:\n  PORT=4000 npm start')
    .option('--no-backup', 'upgrade without a copy of what no rebuild brings back')
    .action(async ({ backup }: { backup: boolean }) => {
      try {
        await startDaybook({
          environment: process.env,
          backsUpFirst: backup,
          signals: process,
          print: (text) => process.stdout.write(text),
          exit: (code) => process.exit(code),
        });
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        process.stderr.write(`\ndaybook: ${error.report}\n`);
        process.exit(1);
      }
    });
}
