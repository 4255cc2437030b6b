import type { Clock, Random } from '@daybook/kernel';
import type { EventIndex } from '../index/event-index.js';
import type { RecentIds } from '../index/recent-ids.js';
import type { BatchBuilder } from '../storage/batch.js';
import { decideWrite } from './expected-revision.js';
import type { ProposedEvent } from './proposed-event.js';
import type { StreamCatalog } from './stream-catalog.js';
import {
  isMetastream,
  METADATA_TYPE,
  metastreamOf,
  originalStreamOf,
  reopenedMetadata,
  SOFT_DELETED_METADATA,
  TOMBSTONE_TYPE,
} from './stream-metadata.js';
import type { WriteOutcome, WriteRequest } from './write-request.js';

const EMPTY = Buffer.alloc(0);

/**
 * Decides one write after the other and encodes what is accepted into the open batch. Everything it decides on may not
 * be durable yet: its outcomes, refusals too, are told only after the batch is.
 */
export class BatchWriter {
  constructor(
    private readonly index: EventIndex,
    private readonly catalog: StreamCatalog,
    private readonly recentIds: RecentIds,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  write(request: WriteRequest, batch: BatchBuilder): WriteOutcome {
    if (request.kind === 'append' && request.deadline !== undefined && request.deadline < this.clock.now()) {
      return { kind: 'expired' };
    }
    const facts = this.catalog.factsOf(request.stream);
    // A delete is decided like an append of an event nobody has seen.
    const events = request.kind === 'append' ? request.events : [{ id: this.random.uuid() }];
    const decision = decideWrite(request.expected, events, facts);
    switch (decision.kind) {
      case 'conflict':
        return { kind: 'conflict', revision: facts.revision };
      case 'deleted':
        return { kind: 'deleted' };
      case 'repeated': {
        const position = this.catalog.positionOf(request.stream, decision.lastRevision);
        return { kind: 'written', revision: decision.lastRevision, position };
      }
      case 'append':
        return this.accept(request, batch);
      default:
        throw new Error(`unknown decision ${String(decision satisfies never)}`);
    }
  }

  private accept(request: WriteRequest, batch: BatchBuilder): WriteOutcome {
    switch (request.kind) {
      case 'append':
        return this.append(request.stream, request.events, batch);
      case 'delete':
        return this.softDelete(request.stream, batch);
      case 'tombstone': {
        const position = this.add(request.stream, this.systemEvent(TOMBSTONE_TYPE, EMPTY), batch, true);
        return { kind: 'written', revision: this.catalog.count(request.stream, 'written') - 1, position };
      }
      default:
        throw new Error(`unknown write ${String(request satisfies never)}`);
    }
  }

  private append(stream: string, events: readonly ProposedEvent[], batch: BatchBuilder): WriteOutcome {
    const before = this.catalog.count(stream, 'written') - 1;
    if (events.length === 0) return { kind: 'written', revision: before, position: undefined };
    const softDeleted = this.catalog.metadataOf(stream, 'written').softDeleted;
    const original = isMetastream(stream) ? originalStreamOf(stream) : undefined;
    const originalSoftDeleted = original !== undefined && this.catalog.metadataOf(original, 'written').softDeleted;
    let position: number | undefined;
    for (const event of events) position = this.add(stream, event, batch);
    if (softDeleted) this.reopen(stream, before + 1, batch);
    if (originalSoftDeleted) this.reopen(original, this.catalog.count(original, 'written'), batch);
    return { kind: 'written', revision: before + events.length, position };
  }

  private softDelete(stream: string, batch: BatchBuilder): WriteOutcome {
    const revision = this.catalog.count(stream, 'written') - 1;
    if (revision < 0 && this.catalog.count(metastreamOf(stream), 'written') === 0) {
      return { kind: 'conflict', revision };
    }
    const metadata = this.systemEvent(METADATA_TYPE, Buffer.from(SOFT_DELETED_METADATA));
    return { kind: 'written', revision, position: this.add(metastreamOf(stream), metadata, batch) };
  }

  /** Numbering goes on; what was deleted stays hidden. */
  private reopen(stream: string, firstRevision: number, batch: BatchBuilder): void {
    const metadata = reopenedMetadata(this.catalog.rawMetadataOf(stream, 'written'), firstRevision);
    this.add(metastreamOf(stream), this.systemEvent(METADATA_TYPE, Buffer.from(metadata)), batch);
  }

  private systemEvent(type: string, data: Buffer): ProposedEvent {
    return { id: this.random.uuid(), type, isJson: true, data, metadata: EMPTY };
  }

  private add(stream: string, event: ProposedEvent, batch: BatchBuilder, tombstone = false): number {
    const revision = this.catalog.count(stream, 'written');
    const position = batch.add(
      {
        id: event.id,
        streamName: Buffer.from(stream, 'utf8'),
        type: Buffer.from(event.type, 'utf8'),
        isJson: event.isJson,
        revision: tombstone ? 'deleted' : revision,
        created: this.clock.now(),
        data: event.data,
        metadata: event.metadata,
      },
      revision,
    );
    this.recentIds.remember(event.id, this.index.add(stream, event.type, position));
    return position;
  }
}
