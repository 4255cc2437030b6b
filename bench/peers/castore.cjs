'use strict';
// @castore/event-storage-adapter-postgres: pushEvent at a version. It makes its own pool, of ten connections; there is
// no other way to give it one.
const { PostgresEventStorageAdapter } = require('@castore/event-storage-adapter-postgres');
const { countRows, payload, servePeer, url } = require('./peer.cjs');

const { PAYLOAD, WriterStreams } = payload();

servePeer({
  install: () => PostgresEventStorageAdapter.createEventTable({ connectionString: url, tableName: 'castore_event' }),
  open: async () => {
    const adapter = new PostgresEventStorageAdapter({ connectionString: url, tableName: 'castore_event' });
    const streams = new WriterStreams();
    return {
      append: async (writer) => {
        const { stream, events } = streams.next(writer);
        const { type, data: payload, metadata } = PAYLOAD;
        await adapter.pushEvent({ aggregateId: stream, version: events + 1, type, payload, metadata }, { eventStoreId: 'ledger' });
      },
      // It has no way to be closed: its connections are.
      close: () => adapter._sql.end({ timeout: 5 }),
    };
  },
  count: () => countRows('select count(*) from castore_event'),
});
