import { EsdbStore, LogStats, type LogStatsReport } from '@daybook/eventsourcing';
import { systemClock, systemTimers } from '@daybook/platform';
import { Command, InvalidArgumentError } from 'commander';
import { checkLog } from '../../../eventstore/src/index.js';
import { CliExit } from '../exit-codes.js';
import { factsTable, jsonText, outputOption, quietOption, rowsTable, type OutputFormat } from '../output.js';
import { progressOn, type Progress } from '../progress.js';
import { endWith } from './failures.js';
import { withFiles } from './offline.js';
import { defaultDataDirectory, logFolderOf, readPlace, shownPlace } from './place.js';

interface StatsOptions {
  readonly from: string;
  readonly top: number;
  readonly output: OutputFormat;
  readonly quiet: boolean;
}

interface PlaceStats extends LogStatsReport {
  readonly place: string;
  /** Of a log in files. */
  readonly segments?: number;
  readonly fileBytes?: number;
  readonly systemEvents?: number;
  readonly damagedPlaces?: number;
}

const DEFAULT_TOP = 10;
const HELP = `
Counts the events of a log, by kind of stream, by stream and by type. A stream of 5 000 events or more is marked: every
command that has not seen a stream reads all of it. Bytes are those of records in files, and of data and metadata
elsewhere. Reads files alone (nobody may have them), or everything from a server.

Examples:
  daybook store stats
  daybook store stats --from 'esdb://127.0.0.1:2113?tls=false' --top 20
  daybook store stats --from /backup/eventstore -o json`;

export function statsCommand(): Command {
  return new Command('stats')
    .description('count events, streams, bytes and types of a log')
    .option('--from <place>', 'a data directory, the directory of a node, or esdb://…', defaultDataDirectory(process.env))
    .option('--top <count>', 'how many of the largest streams are listed', wholeNumber, DEFAULT_TOP)
    .addOption(outputOption())
    .addOption(quietOption())
    .addHelpText('after', HELP)
    .action(({ from, top, output, quiet }: StatsOptions) =>
      endWith(async () => {
        const progress = progressOn(process.stderr, { unit: 'events', quiet, monotonic: () => systemClock.monotonic() });
        const place = readPlace(from);
        const stats = place.kind === 'files' ? await statsOfFiles(place.directory, top) : await statsOfServer(place.url, top, progress);
        progress.end();
        const answer: PlaceStats = { place: shownPlace(place), ...stats };
        process.stdout.write(output === 'json' ? jsonText(answer) : tableOf(answer));
        return stats.damagedPlaces ? CliExit.DAMAGED : CliExit.OK;
      }),
    );
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

async function statsOfFiles(directory: string, top: number): Promise<Omit<PlaceStats, 'place'>> {
  const stats = new LogStats();
  let systemEvents = 0;
  const folder = logFolderOf(directory);
  const check = await withFiles(folder, () =>
    checkLog(folder.log, {
      onRecord: ({ streamName: stream, type, length: bytes }) => {
        if (stream.startsWith('$') || type.startsWith('$')) systemEvents += 1;
        else stats.add({ stream, type, bytes });
      },
    }),
  );
  const { segments, bytes: fileBytes, damage } = check;
  return { segments, fileBytes, systemEvents, damagedPlaces: damage.length, ...stats.report(top) };
}

async function statsOfServer(url: string, top: number, progress: Progress): Promise<Omit<PlaceStats, 'place'>> {
  const store = new EsdbStore({ url, timers: systemTimers });
  try {
    const stats = new LogStats();
    let events = 0;
    for await (const { stream, type, data, metadata } of store.readAll()) {
      const bytes = Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(metadata));
      stats.add({ stream, type, bytes });
      events += 1;
      progress.show('read', events, undefined);
    }
    return stats.report(top);
  } finally {
    await store.close();
  }
}

function tableOf(stats: PlaceStats): string {
  const { place, segments, fileBytes, events, systemEvents, streams, bytes, kinds, types, largest, tooLong, damagedPlaces } = stats;
  const facts = factsTable({
    place,
    segments,
    'bytes of files': fileBytes,
    events,
    'system events': systemEvents,
    'bytes of events': bytes,
    streams,
    'too long': tooLong === 0 ? undefined : `${tooLong} streams have 5 000 events or more`,
    damaged: damagedPlaces ? `${damagedPlaces} places, not counted: daybook store check names them` : undefined,
  });
  const kindRows = kinds.map((kind) => [`${kind.name}-`, kind.streams, kind.events, kind.bytes, kind.longest]);
  return [
    facts,
    rowsTable(['STREAMS OF', 'STREAMS', 'EVENTS', 'BYTES', 'LONGEST'], kindRows),
    rowsTable(['TYPE', 'EVENTS', 'BYTES'], types.map((type) => [type.name, type.events, type.bytes])),
    rowsTable(
      ['LARGEST STREAM', 'EVENTS', 'BYTES', ''],
      largest.map((stream) => [stream.name, stream.events, stream.bytes, stream.tooLong ? 'too long' : '']),
    ),
  ].join('\n');
}
