import fs from 'node:fs/promises';
import type { Clock, Random } from '@daybook/kernel';
import type { FaultSwitches } from './faults/fault-switches.js';
import { EventIndex } from './index/event-index.js';
import { RecentIds } from './index/recent-ids.js';
import { Commits } from './read/commits.js';
import type { ReadContext } from './read/read-context.js';
import { routes } from './rpc/routes.js';
import { startScrub, type ScrubOptions } from './scrub/scrub.js';
import { diskReserve } from './storage/disk-reserve.js';
import { openLog } from './storage/open-log.js';
import { BatchWriter } from './streams/batch-writer.js';
import { firstEvents } from './streams/first-events.js';
import { StreamCatalog } from './streams/stream-catalog.js';
import { WriteLane } from './streams/write-lane.js';
import { listen } from './wire/rpc-server.js';

export interface NodeOptions {
  readonly directory: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly segmentBytes: number;
  readonly reserveBytes: number;
  readonly verify: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** After a failed write or sync nothing more may be answered: the process has to end. */
  readonly onFailure: (error: unknown) => void;
  /** None: the log is checked only where it is read. */
  readonly scrub?: Omit<ScrubOptions, 'log' | 'clock'>;
  /** For tests: what makes this node fail on purpose. */
  readonly faults?: FaultSwitches;
}

export interface RunningNode {
  readonly port: number;
  readonly events: number;
  readonly openMs: number;
  readonly tornBytes: number;
  /** Index files that could not be trusted and are made again. */
  readonly distrusted: readonly string[];
  /** Answers what is queued, refuses the rest, leaves everything indexed. */
  stop(): Promise<void>;
}

/** Ids that are recognised when they are appended again without an exact revision. */
const RECENT_IDS = 65_536;

export async function openNode(options: NodeOptions): Promise<RunningNode> {
  const { clock, random } = options;
  const startedAt = clock.monotonic();
  await fs.mkdir(options.directory, { recursive: true });
  const index = new EventIndex();
  const recentIds = new RecentIds(RECENT_IDS);
  const { log, tornBytes, distrusted } = await openLog(
    {
      directory: options.directory,
      segmentBytes: options.segmentBytes,
      verify: options.verify,
      onScannedRecord: (record, ordinal) => recentIds.remember(record.id, ordinal),
    },
    index,
  );
  const openMs = Math.round(clock.monotonic() - startedAt);

  const commits = new Commits();
  const catalog = new StreamCatalog(index, recentIds, (position) => {
    return lane.unwrittenRecord(position) ?? log.readRecordNow(position);
  });
  const lane: WriteLane = new WriteLane({
    log,
    index,
    writer: new BatchWriter(index, catalog, recentIds, clock, random),
    reserve: diskReserve(options.directory, options.reserveBytes, () => clock.monotonic()),
    onCommit: () => commits.announce(),
    onFailure: options.onFailure,
  });
  if (index.count === 0) await new Promise((resolve) => lane.submit(firstEvents(random), resolve));

  const context: ReadContext = { index, catalog, log, commits, clock, random };
  const self = { host: options.host, port: (): number => server.port };
  const { faults } = options;
  const served = routes(faults?.writes(lane) ?? lane, context, self);
  const server = await listen({ ...options, routes: faults?.routes(served) ?? served });
  const scrub = options.scrub && startScrub({ ...options.scrub, log, clock });
  return {
    port: server.port,
    events: index.committedCount,
    openMs,
    tornBytes,
    distrusted,
    stop: async () => {
      await scrub?.stop();
      await lane.close();
      await server.close();
      await log.close();
    },
  };
}
