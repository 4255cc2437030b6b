import { systemClock } from '@daybook/platform';
import { Command } from 'commander';
import { checkLog, type LogCheck } from '../../../eventstore/src/index.js';
import { CliExit } from '../exit-codes.js';
import { factsTable, jsonText, outputOption, quietOption, rowsTable, type OutputFormat } from '../output.js';
import { progressOn } from '../progress.js';
import { endWith } from './failures.js';
import { withFiles } from './offline.js';
import { defaultDataDirectory, logFolderOf } from './place.js';

interface CheckOptions {
  readonly dataDir: string;
  readonly output: OutputFormat;
  readonly quiet: boolean;
}

const HELP = `
Reads files alone, changes none, and needs nothing to run; refuses while Daybook or a node has the directory (they
scrub it themselves). Exit code 0: every byte is what was written. 5: damaged, file and bytes are named. 6: cannot be
read. 3: in use.

Examples:
  daybook store check
  daybook store check --data-dir /var/lib/daybook -o json
  daybook store check --data-dir /backup/eventstore`;

export function checkCommand(): Command {
  return new Command('check')
    .description('verify every byte of the embedded event store, offline')
    .option('--data-dir <directory>', 'a data directory, or the directory of a node', defaultDataDirectory(process.env))
    .addOption(outputOption())
    .addOption(quietOption())
    .addHelpText('after', HELP)
    .action(({ dataDir, output, quiet }: CheckOptions) =>
      endWith(async () => {
        const folder = logFolderOf(dataDir);
        const progress = progressOn(process.stderr, { unit: 'bytes', quiet, monotonic: () => systemClock.monotonic() });
        const check = await withFiles(folder, () =>
          checkLog(folder.log, { onProgress: (done, total) => progress.show('check', done, total) }),
        );
        progress.end();
        process.stdout.write(output === 'json' ? jsonText(check) : tableOf(check));
        return check.damage.length === 0 ? CliExit.OK : CliExit.DAMAGED;
      }),
    );
}

function tableOf({ damage, notes, directory, segments, bytes, events, streams, tornBytes }: LogCheck): string {
  const facts = factsTable({
    directory,
    segments,
    bytes,
    events,
    streams,
    'cut off': tornBytes > 0 ? `${tornBytes} bytes of a last write that nobody was told of; the next start drops them` : undefined,
    result: damage.length === 0 ? 'whole' : `damaged in ${damage.length} places`,
  });
  const rows = damage.map(({ file, from, to, reason }) => [file, from, to, reason]);
  const places = rows.length === 0 ? '' : `\n${rowsTable(['FILE', 'FROM', 'TO', 'WHAT IS WRONG'], rows)}`;
  return facts + places + notes.map((note) => `note: ${note}\n`).join('');
}
