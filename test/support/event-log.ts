import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EventIndex } from '../../apps/eventstore/src/index/event-index.js';
import { BatchBuilder } from '../../apps/eventstore/src/storage/batch.js';
import { openLog } from '../../apps/eventstore/src/storage/open-log.js';
import { indexFileName, segmentFileName } from '../../apps/eventstore/src/storage/segment.js';
import type { SegmentedLog } from '../../apps/eventstore/src/storage/segmented-log.js';

const CREATED = 1_775_000_000_000;

/** The node's log on a directory of its own, without the node: what its writer would do, in one process. */
export class LogOnDisk {
  private constructor(
    readonly directory: string,
    readonly log: SegmentedLog,
    readonly index: EventIndex,
  ) {}

  static async create(segmentBytes: number): Promise<LogOnDisk> {
    return LogOnDisk.open(await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-files-')), segmentBytes);
  }

  static async open(directory: string, segmentBytes: number): Promise<LogOnDisk> {
    const index = new EventIndex();
    const { log } = await openLog({ directory, segmentBytes, verify: false, onScannedRecord: () => undefined }, index);
    return new LogOnDisk(directory, log, index);
  }

  /** One batch of events to the streams `s-0`, `s-1` and `s-2` in turn; `revisions` overrules what would be right. */
  async append(count: number, { dataBytes = 40, revision }: { dataBytes?: number; revision?: number } = {}): Promise<void> {
    await this.log.rollIfFull();
    const batch = new BatchBuilder();
    batch.begin(this.log.tail);
    for (let at = 0; at < count; at += 1) this.add(batch, at, dataBytes, revision);
    await this.log.append(batch.finish(this.log.previousCrc));
    this.index.commit();
  }

  /** Stops cleanly. */
  async close(): Promise<void> {
    await this.log.close();
  }

  file(base = 0): string {
    return path.join(this.directory, segmentFileName(base));
  }

  indexFile(base = 0): string {
    return path.join(this.directory, indexFileName(base));
  }

  async discard(): Promise<void> {
    await fs.rm(this.directory, { recursive: true, force: true });
  }

  private add(batch: BatchBuilder, at: number, dataBytes: number, wrongRevision: number | undefined): void {
    const [stream, type] = [`s-${at % 3}`, `T${at % 2}`];
    const number = this.index.streams.find(stream);
    const revision = wrongRevision ?? (number === undefined ? 0 : this.index.countIn(number));
    const position = batch.add(
      {
        id: `00000000-0000-4000-8000-${String(this.index.count).padStart(12, '0')}`,
        streamName: Buffer.from(stream),
        type: Buffer.from(type),
        isJson: true,
        revision,
        created: CREATED,
        data: Buffer.alloc(dataBytes, 'd'),
        metadata: Buffer.alloc(0),
      },
      revision,
    );
    this.index.add(stream, type, position);
  }
}

/** Overwrites bytes of a file in place. */
export async function damageFile(file: string, offset: number, bytes: Buffer): Promise<void> {
  const handle = await fs.open(file, 'r+');
  try {
    await handle.write(bytes, 0, bytes.length, offset);
  } finally {
    await handle.close();
  }
}

export async function flipBit(file: string, offset: number): Promise<void> {
  const bytes = await fs.readFile(file);
  await damageFile(file, offset, Buffer.from([(bytes[offset] as number) ^ 0x10]));
}
