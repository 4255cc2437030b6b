import { NameTable } from '../index/name-table.js';
import { readFrame } from '../storage/frame-reader.js';
import type { RecordView } from '../storage/record.js';
import type { Damage } from '../storage/storage-errors.js';
import { MalformedMessageError } from '../wire/protobuf.js';

/** An event as an index names it. */
export interface NumberedRecord {
  readonly offset: number;
  readonly stream: number;
  readonly type: number;
}

/** What must hold from event to event, through all segments: positions rise, and no stream leaves out a revision. */
export class RecordChecker {
  readonly streamNames = new NameTable();
  readonly typeNames = new NameTable();
  private readonly nextRevisions: number[] = [];
  private lastPosition = -1;
  private count = 0;
  private gaps = false;

  constructor(
    private readonly damage: Damage[],
    private readonly onRecord: ((record: RecordView, position: number) => void) | undefined,
  ) {}

  get events(): number {
    return this.count;
  }

  get streams(): number {
    return this.streamNames.size;
  }

  /** Something is broken: from here on events may be missing, and numbers of names and revisions prove less. */
  expectGaps(): void {
    this.gaps = true;
  }

  get hasGaps(): boolean {
    return this.gaps;
  }

  check(file: string, base: number, offset: number, record: RecordView): NumberedRecord {
    const position = base + offset;
    const stream = this.streamNames.numberOf(record.streamName);
    const type = this.typeNames.numberOf(record.type);
    const wrong = this.wrongOrder(position, stream, record) ?? disagreement(record, position);
    if (wrong !== undefined) this.damage.push({ file, from: offset, to: offset + record.length, reason: wrong });
    this.nextRevisions[stream] = record.revision + 1;
    this.lastPosition = position;
    this.count += 1;
    this.onRecord?.(record, position);
    return { offset, stream, type };
  }

  private wrongOrder(position: number, stream: number, record: RecordView): string | undefined {
    if (position <= this.lastPosition) return 'its position does not follow the one before';
    const expected = this.nextRevisions[stream] ?? 0;
    const isExplained = record.revision > expected && this.gaps;
    if (record.revision === expected || isExplained) return undefined;
    return `the stream ${record.streamName} goes on with revision ${record.revision}, not ${expected}`;
  }
}

/** Header and frame of a record say the same things: the node goes by the one, readers are sent the other. */
function disagreement(record: RecordView, position: number): string | undefined {
  try {
    const frame = readFrame(record.frame);
    const revisionAgrees = record.isTombstone || frame.revision === record.revision;
    const agrees =
      revisionAgrees &&
      frame.id === record.id &&
      frame.stream === record.streamName &&
      frame.type === record.type &&
      frame.position === position;
    return agrees ? undefined : 'the event there says one thing in its header and another to readers';
  } catch (error) {
    if (error instanceof MalformedMessageError) return 'the event there cannot be decoded';
    throw error;
  }
}
