import { copyLog, planCopy, verifyCopy, type Comparison, type CopyParts, type CopyReport } from '@daybook/eventsourcing';
import { systemClock, systemRandom, systemTimers } from '@daybook/platform';
import { Command } from 'commander';
import { CliExit } from '../exit-codes.js';
import { factsTable, jsonText, outputOption, quietOption, type OutputFormat } from '../output.js';
import { progressOn } from '../progress.js';
import { endWith, PlaceError } from './failures.js';
import { openLogAt, openTargetAt, openTargetToRead, type OpenedLog } from './opened-log.js';
import { readPlace, shownPlace, type Place } from './place.js';

interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly verifyOnly: boolean;
  readonly dryRun: boolean;
  readonly output: OutputFormat;
  readonly quiet: boolean;
}

const HELP = `
Ids, types, data, metadata, streams, revisions and the order of all events are kept; events of the system are not copied.
What is there already is compared, never written again: after a kill or Ctrl-C run the same command, it goes on. When
everything has been read back, the copy gets a name of its own, so that read models are made again from it. Stop Daybook
first: a source that somebody writes to is copied, but the copy is not completed.

Exit code 0: done, both sides are alike. 2: they differ. 3: refused, because the target holds something else, the source
is in use or could not be kept as it is. 130: stopped.

Examples:
  daybook store copy --from .daybook --to 'esdb://node1:2113,node2:2113,node3:2113?tls=true' --dry-run
  daybook store copy --from .daybook --to 'esdb://node1:2113,node2:2113,node3:2113?tls=true'
  daybook store copy --from 'esdb://node1:2113?tls=true' --to ./home --verify-only`;

export function copyCommand(): Command {
  return new Command('copy')
    .description('copy a log from a data directory to any esdb://, or back, and verify it')
    .requiredOption('--from <place>', 'the log to copy: a data directory, the directory of a node, or esdb://…')
    .requiredOption('--to <place>', 'where to: an empty or new data directory, or esdb://…')
    .option('--verify-only', 'compare the two, write nothing', false)
    .option('--dry-run', 'say what would be copied, write nothing', false)
    .addOption(outputOption())
    .addOption(quietOption())
    .addHelpText('after', HELP)
    .action((options: CopyOptions) => {
      const stopping = new AbortController();
      process.once('SIGINT', () => stopping.abort());
      process.once('SIGTERM', () => stopping.abort());
      return endWith(() => copy(options, stopping.signal), stopping.signal);
    });
}

async function copy({ from, to, verifyOnly, dryRun, output, quiet }: CopyOptions, signal: AbortSignal) {
  if (verifyOnly && dryRun) throw new PlaceError('--verify-only and --dry-run are two different questions');
  const [source, target] = [readPlace(from), readPlace(to)];
  if (shownPlace(source) === shownPlace(target)) throw new PlaceError('the source and the target are the same place');
  const progress = progressOn(process.stderr, { unit: 'events', quiet, monotonic: () => systemClock.monotonic() });
  const onProgress: CopyParts['onProgress'] = (phase, done, total) => progress.show(phase, done, total);
  const ports = { clock: systemClock, random: systemRandom, timers: systemTimers, signal, onProgress };
  const answer = await withBoth(source, target, { verifyOnly, dryRun }, async (logs) => {
    if (dryRun) return planOf(await planCopy({ ...logs, ...ports }));
    return resultOf(await (verifyOnly ? verifyCopy : copyLog)({ ...logs, ...ports }));
  });
  progress.end();
  const facts = { from: shownPlace(source), to: shownPlace(target), ...answer };
  process.stdout.write(output === 'json' ? jsonText(facts) : factsTable(facts));
  return CliExit.OK;
}

async function withBoth<Result>(
  from: Place,
  to: Place,
  { verifyOnly, dryRun }: { verifyOnly: boolean; dryRun: boolean },
  work: (logs: Pick<CopyParts, 'source' | 'target'>) => Promise<Result>,
): Promise<Result> {
  const opened: OpenedLog[] = [];
  const open = async (opening: Promise<OpenedLog>) => {
    const log = await opening;
    opened.push(log);
    return log.store;
  };
  try {
    const source = await open(openLogAt(from));
    const target = await open(dryRun ? openTargetToRead(to) : verifyOnly ? openLogAt(to) : openTargetAt(to));
    return await work({ source, target });
  } finally {
    for (const log of opened.reverse()) await log.close();
  }
}

function planOf({ common, state, source }: Comparison) {
  return {
    events: source.events,
    streams: source.streams.length,
    alreadyThere: common,
    toCopy: source.events - common,
    state: state.kind,
  };
}

function resultOf({ target, upTo, usedSince, ...counts }: CopyReport) {
  return {
    ...counts,
    copyOf: upTo.logId,
    upToPosition: upTo.position.toString(),
    logId: target?.logId ?? null,
    usedSince,
    result: 'both are alike',
  };
}
