import { MemoryStore, type JsonObject, type RecordedEvent } from '@daybook/eventsourcing';

const START = Date.parse('2026-04-01T10:00:00.000Z');

interface Planned {
  readonly space: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly recordedAt: string | null;
}

/** Writes a history as a sentence: `toyLog().put(A, ITEM, 'food', 5).noted(B)`, one second and one command an event. */
export class ToyLog {
  private readonly planned: Planned[] = [];
  private recordedAt: string | null = null;

  constructor(private readonly first: number) {}

  put(space: string, item: string, category: string, amount: number, note: string | null = null): this {
    return this.append(space, 'ItemPut', { item, category, amount, note });
  }

  putV1(space: string, item: string, category: string, amount: number): this {
    return this.append(space, 'ItemPutV1', { item, category, amount });
  }

  removed(space: string, item: string): this {
    return this.append(space, 'ItemRemoved', { item });
  }

  emptied(space: string): this {
    return this.append(space, 'Emptied', {});
  }

  /** No projection handles it. */
  noted(space: string): this {
    return this.append(space, 'Noted', {});
  }

  /** The next event states this recorded time. */
  at(recordedAt: string): this {
    this.recordedAt = recordedAt;
    return this;
  }

  append(space: string, type: string, data: JsonObject): this {
    this.planned.push({ space, type, data, recordedAt: this.recordedAt });
    this.recordedAt = null;
    return this;
  }

  /** Appends to a store, each event behind the last of its stream. */
  async to(store: MemoryStore): Promise<readonly RecordedEvent[]> {
    const before = store.contents().length;
    for (const [index, { space, type, data, recordedAt }] of this.planned.entries()) {
      const stream = `toy-${space}`;
      let revision = -1n;
      for await (const last of store.readStream(stream, { direction: 'backwards', maxCount: 1 })) revision = last.revision;
      const number = this.first + index;
      const metadata = {
        commandId: `command-${number}`,
        actor: { userId: 'user-1', kind: 'user', role: null },
        on: '2026-04-01',
        recordedAt: recordedAt ?? new Date(START + number * 1_000).toISOString(),
      };
      await store.append(stream, [{ id: eventId(before + index), type, data, metadata }], revision);
    }
    return store.contents().slice(before);
  }

  async events(): Promise<readonly RecordedEvent[]> {
    return this.to(new MemoryStore());
  }
}

export function toyLog(first = 1): ToyLog {
  return new ToyLog(first);
}

function eventId(number: number): string {
  return `e0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
