'use strict';
// @event-driven-io/emmett-postgresql: one event at an expected version. With a pool of its own making, as its pages
// show it, or with one of as many connections as there are writers: `emmett.cjs <url> [tuned]`.
const { getPostgreSQLEventStore } = require('@event-driven-io/emmett-postgresql');
const pg = require('pg');
const { countRows, payload, servePeer, url } = require('./peer.cjs');

const { PAYLOAD, WriterStreams } = payload();
const isTuned = process.argv[3] === 'tuned';

servePeer({
  install: async () => {
    const store = getPostgreSQLEventStore(url);
    await store.schema.migrate();
    await store.close();
  },
  open: async (connections) => {
    const pool = isTuned ? new pg.Pool({ connectionString: url, max: connections }) : null;
    const store = getPostgreSQLEventStore(url, { schema: { autoMigration: 'None' }, ...(pool && { connectionOptions: { pool } }) });
    const streams = new WriterStreams();
    return {
      append: async (writer) => {
        const { stream, events } = streams.next(writer);
        const expectedStreamVersion = events === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(events);
        await store.appendToStream(`ledger-${stream}`, [PAYLOAD], { expectedStreamVersion });
      },
      close: async () => {
        await store.close();
        await pool?.end();
      },
    };
  },
  count: () => countRows('select count(*) from emt_messages'),
});
