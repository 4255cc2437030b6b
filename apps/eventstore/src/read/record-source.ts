import type { SegmentedLog } from '../storage/segmented-log.js';
import { RecordView } from '../storage/record.js';

const SMALLEST_WINDOW = 16 * 1024;
const LARGEST_WINDOW = 256 * 1024;

/**
 * Reads records for one caller: from memory if they are new, else from a window of the log that grows while the caller
 * walks through neighbouring records. Every record from the disk is checked against its checksum.
 */
export class RecordSource {
  private window: Buffer = Buffer.alloc(0);
  private windowStart = 0;
  private windowBytes = SMALLEST_WINDOW;

  constructor(
    private readonly log: SegmentedLog,
    private readonly backwards = false,
  ) {}

  /** Without waiting, if that is possible. */
  recordNow(position: number): RecordView | undefined {
    return this.log.recordInMemory(position) ?? this.recordInWindow(position);
  }

  async record(position: number): Promise<RecordView> {
    await this.load(position);
    const record = this.recordInWindow(position);
    if (!record) throw this.log.damagedRecord(position);
    return record;
  }

  private recordInWindow(position: number): RecordView | undefined {
    const record = RecordView.at(this.window, position - this.windowStart);
    if (record && !record.isIntactAt(position)) throw this.log.damagedRecord(position);
    return record;
  }

  private async load(position: number): Promise<void> {
    const windowEnd = this.windowStart + this.window.length;
    const isNeighbour =
      position >= this.windowStart - this.windowBytes && position <= windowEnd + this.windowBytes && windowEnd > 0;
    this.windowBytes = isNeighbour ? Math.min(this.windowBytes * 2, LARGEST_WINDOW) : SMALLEST_WINDOW;
    const before = this.backwards ? this.windowBytes / 2 : 0;
    this.windowStart = Math.max(this.log.startOfSegment(position), position - before);
    this.window = await this.log.read(this.windowStart, this.windowBytes);
    if (RecordView.at(this.window, position - this.windowStart)) return;
    const length = await this.log.read(position, 4);
    this.windowStart = position;
    this.window = await this.log.read(position, length.length === 4 ? length.readUInt32LE(0) : 0);
  }
}
