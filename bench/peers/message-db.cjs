'use strict';
// message-db (@eventide/message-db): its SQL function, prepared, as its clients call it.
const fs = require('node:fs');
const path = require('node:path');
const { randomUUID } = require('node:crypto');
const pg = require('pg');
const { countRows, payload, servePeer, url } = require('./peer.cjs');

const { PAYLOAD, WriterStreams } = payload();
const database = path.join(path.dirname(require.resolve('@eventide/message-db/package.json')), 'database');
const [data, metadata] = [PAYLOAD.data, PAYLOAD.metadata].map((value) => JSON.stringify(value));

/** In the order of its install.sh; privileges and views are not needed to write. */
function installFiles() {
  const listed = (folder, ...names) => names.map((name) => path.join(database, folder, `${name}.sql`));
  const all = (folder) => fs.readdirSync(path.join(database, folder)).sort().map((name) => path.join(database, folder, name));
  return [
    ...listed('roles', 'message-store'),
    ...listed('schema', 'message-store'),
    ...listed('extensions', 'pgcrypto'),
    ...listed('tables', 'messages'),
    ...listed('types', 'message'),
    ...all('functions'),
    ...all('indexes'),
  ];
}

servePeer({
  install: async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('set check_function_bodies = off');
    for (const file of installFiles()) {
      const sql = fs.readFileSync(file, 'utf8').replace(/index concurrently/gi, 'index');
      await client.query(sql);
    }
    await client.end();
  },
  open: async (connections) => {
    const pool = new pg.Pool({ connectionString: url, max: connections, options: '-c search_path=message_store,public' });
    const streams = new WriterStreams();
    const text = 'select write_message($1, $2, $3, $4, $5, $6)';
    return {
      append: async (writer) => {
        const { stream, events } = streams.next(writer);
        await pool.query({ name: 'write', text, values: [randomUUID(), `ledger-${stream}`, PAYLOAD.type, data, metadata, events - 1] });
      },
      close: () => pool.end(),
    };
  },
  count: () => countRows('select count(*) from message_store.messages'),
});
