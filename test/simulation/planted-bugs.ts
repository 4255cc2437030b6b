import {
  OutcomeUnknownError,
  StoreUnavailableError,
  WrongExpectedRevisionError,
  type AppendResult,
  type EventStore,
  type NewEvent,
  type RecordedEvent,
} from '@daybook/eventsourcing';
import { uuidV5 } from '@daybook/kernel';
import type { Sabotage } from './run-history.js';

/**
 * Bugs a command runtime could have, as seen at its store. Each is planted between the real runtime and the simulated
 * store, so that the product has no switch for being wrong; each must turn the checker red, or the checker is worthless.
 */
type Append = EventStore['append'];
type ReadStream = EventStore['readStream'];

function withBug(store: EventStore, bug: { readonly append?: Append; readonly readStream?: ReadStream }): EventStore {
  return {
    append: bug.append ?? ((...call) => store.append(...call)),
    readStream: bug.readStream ?? ((...call) => store.readStream(...call)),
    readAll: (options) => store.readAll(options),
    eventAt: (position) => store.eventAt(position),
    subscribe: (options) => store.subscribe(options),
    close: () => store.close(),
  };
}

async function lastRevision(store: EventStore, stream: string): Promise<bigint> {
  let last = -1n;
  for await (const { revision } of store.readStream(stream)) last = revision;
  return last;
}

export interface PlantedBug {
  readonly sabotage: Sabotage;
  /** The rule of the checker this bug is there to break. */
  readonly breaks: string;
}

export const PLANTED_BUGS: Readonly<Record<string, PlantedBug>> = {
  'a refusal stands on a cached state that nothing proved': {
    breaks: 'a refusal or a quiet answer was true at some moment of its call',
    sabotage: (store) => {
      const inConflict = new Set<string>();
      return withBug(store, {
        async append(stream, events, expected, options) {
          try {
            return await store.append(stream, events, expected, options);
          } catch (error) {
            if (error instanceof WrongExpectedRevisionError) inConflict.add(stream);
            throw error;
          }
        },
        async *readStream(stream, options) {
          const isProof = (options?.from ?? 0n) > 0n && options?.maxCount === undefined && !inConflict.delete(stream);
          yield* store.readStream(stream, isProof ? { ...options, maxCount: 1 } : options);
        },
      });
    },
  },

  'an append of unknown outcome is tried again with new ids': {
    breaks: 'a command is in the log once and was decided on the state before it',
    sabotage: (store) => {
      const unknown = new Set<string>();
      let retries = 0;
      return withBug(store, {
        async append(stream, events, expected, options) {
          const first = events[0]?.id ?? '';
          const renew = (event: NewEvent): NewEvent => ({ ...event, id: uuidV5(event.id, String((retries += 1))) });
          const isRetry = unknown.has(first);
          const retried = isRetry ? events.map(renew) : events;
          try {
            return await store.append(stream, retried, isRetry ? await lastRevision(store, stream) : expected, options);
          } catch (error) {
            if (error instanceof OutcomeUnknownError) unknown.add(first);
            throw error;
          }
        },
      });
    },
  },

  'an append expects any revision': {
    breaks: 'a command is in the log once and was decided on the state before it',
    sabotage: (store) =>
      withBug(store, {
        async append(stream, events, expected, options): Promise<AppendResult> {
          const { position } = await store.append(stream, events, await lastRevision(store, stream), options);
          return { revision: expected + BigInt(events.length), position };
        },
      }),
  },

  'an acknowledgement leaves before the append is resolved': {
    breaks: 'what was acknowledged is in the log',
    sabotage: (store) =>
      withBug(store, {
        append(stream, events, expected, options) {
          store.append(stream, events, expected, options).catch(() => undefined);
          return Promise.resolve({ revision: expected + BigInt(events.length), position: 1_000_000n });
        },
      }),
  },

  'command ids are forgotten when a stream is loaded again': {
    breaks: 'a command is in the log once and was decided on the state before it',
    sabotage: (store) =>
      withBug(store, {
        async *readStream(stream, options) {
          for await (const event of store.readStream(stream, options)) {
            yield { ...event, metadata: {} } satisfies RecordedEvent;
          }
        },
      }),
  },

  'an unknown outcome is taken for a definite failure': {
    breaks: 'a definite refusal has no effect',
    sabotage: (store) =>
      withBug(store, {
        async append(stream, events, expected, options) {
          try {
            return await store.append(stream, events, expected, options);
          } catch (error) {
            throw error instanceof OutcomeUnknownError ? new StoreUnavailableError('it failed, surely') : error;
          }
        },
      }),
  },

  'events of two decisions of one command have the same ids': {
    breaks: 'what was acknowledged is in the log',
    sabotage: (store) =>
      withBug(store, {
        append(stream, events, expected, options) {
          const places = new Map<string, number>();
          const named = events.map((event) => {
            const commandId = event.metadata['commandId'] as string;
            const place = places.get(commandId) ?? 0;
            places.set(commandId, place + 1);
            return { ...event, id: uuidV5(commandId, String(place)) };
          });
          return store.append(stream, named, expected, options);
        },
      }),
  },
};
