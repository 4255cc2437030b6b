import { Command } from 'commander';
import { ask, urlOption } from './target.js';

interface Readiness {
  readonly checks?: readonly { readonly name: string; readonly status: string; readonly action?: string }[];
}

export function statusCommand(): Command {
  return new Command('status')
    .description('say whether an instance is ready, and if not, why')
    .addOption(urlOption)
    .addHelpText('after', '\nExit code 0 when it is ready, 1 when it is not.')
    .action(async ({ url }: { url: string }) => {
      const { status, body } = await ask(url, '/health/ready');
      for (const { name, status: state, action } of (body as Readiness).checks ?? []) {
        process.stdout.write(`${state.padEnd(10)} ${name}${action === undefined ? '' : `: ${action}`}\n`);
      }
      process.exit(status === 200 ? 0 : 1);
    });
}
