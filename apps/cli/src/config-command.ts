import { ConfigError, parseConfig } from '@daybook/platform';
import { Command } from 'commander';
import { PROJECT_ROOT } from '../../daybook/src/version.js';

export function configCommand(): Command {
  return new Command('config')
    .description('check the environment and print what this instance would run with; secrets stay hidden')
    .action(() => {
      try {
        process.stdout.write(`${JSON.stringify(parseConfig(process.env, { projectRoot: PROJECT_ROOT }), null, 2)}\n`);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        process.stderr.write(`${error.report}\n`);
        process.exit(1);
      }
    });
}
