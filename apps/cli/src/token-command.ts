import { Command } from 'commander';
import { CliExit } from './exit-codes.js';
import { ask, urlOption } from './target.js';

interface TokenOptions {
  readonly url: string;
  readonly user: string;
  readonly role?: string[];
}

export function tokenCommand(): Command {
  return new Command('token')
    .description('print a token of a running instance in dev mode')
    .addOption(urlOption)
    .option('--user <id>', 'whom the token speaks for', 'me')
    .option('--role <role...>', 'operator or auditor')
    .addHelpText('after', '\nExample:\n  TOKEN=$(npx daybook token --user ada)')
    .action(async ({ url, user, role }: TokenOptions) => {
      const { status, body } = await ask(url, '/v1/dev/tokens', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ userId: user, ...(role && { roles: role }) }),
      });
      const answer = body as { token?: string; detail?: string };
      if (answer.token === undefined) {
        const reason = status === 404 ? 'this instance is not in dev mode: ask your identity provider' : answer.detail;
        process.stderr.write(`daybook: no token: ${reason ?? `HTTP ${status}`}\n`);
        process.exit(CliExit.NOT_AUTHORISED);
      }
      process.stdout.write(`${answer.token}\n`);
    });
}
