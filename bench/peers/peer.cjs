'use strict';
// What a peer's process does: `open(connections)` gives { append(writer), close() }; the loop and the talking are the
// harness's, the same for everybody.
const path = require('node:path');
const harness = (name) => require(path.join(__dirname, '../../dist/bench/harness', name));

exports.servePeer = ({ install = async () => undefined, open, count, ...more }) => {
  const { closedLoop } = harness('closed-loop.js');
  const { serve } = harness('worker.js');
  let acknowledged = 0;
  serve({
    install,
    count,
    acknowledged: () => acknowledged,
    slice: async (order) => {
      const peer = await open(Math.min(order.writers, order.connections));
      try {
        return await closedLoop(order, async (writer) => {
          await peer.append(writer);
          acknowledged += 1;
        });
      } finally {
        await peer.close();
      }
    },
    ...more,
  });
};

/** The same streams as everybody's. */
exports.payload = () => require(path.join(__dirname, '../../dist/bench/append/payload.js'));

exports.url = process.argv[2];

exports.countRows = async (sql) => {
  const { Client } = require('pg');
  const client = new Client({ connectionString: exports.url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return Number(rows[0].count);
};
