'use strict';
// @event-driven-io/emmett-postgresql: its consumer with a projection that counts by key, one statement a key of a batch.
//   emmett-consumer.cjs <url> default   batches of 100, a pause of 50 ms after each, no index but its own
//   emmett-consumer.cjs <url> tuned     batches of 1 000, no pause, and indexes for its query
const { getPostgreSQLEventStore, postgreSQLEventStoreConsumer, postgreSQLRawBatchSQLProjection } = require('@event-driven-io/emmett-postgresql');
const { rawSql } = require('@event-driven-io/dumbo');
const path = require('node:path');
const pg = require('pg');
const { serve } = require(path.join(__dirname, '../../dist/bench/harness/worker.js'));
const { dataOf, familiesOf, streamOf } = require(path.join(__dirname, '../../dist/bench/project/counter-group.js'));

const url = process.argv[2];
const isTuned = process.argv[3] === 'tuned';
const PER_APPEND = 100;
const FILL_LANES = 8;

async function withPool(work) {
  const pool = new pg.Pool({ connectionString: url, max: FILL_LANES });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** The same events in the same order of streams as the node has. */
async function fill({ events, keys }) {
  await withPool(async (pool) => {
    const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
    await store.schema.migrate();
    const families = familiesOf(keys);
    let next = 0;
    const lane = async () => {
      while (next * PER_APPEND < events) {
        const append = next++;
        const family = append % families;
        const count = Math.min(PER_APPEND, events - append * PER_APPEND);
        const batch = Array.from({ length: count }, (_, offset) => ({
          type: 'Counted',
          data: dataOf(append * PER_APPEND + offset, family, keys),
          metadata: { note: 'x'.repeat(300) },
        }));
        await store.appendToStream(streamOf(family), batch);
      }
    };
    // Two appends to one stream must not meet.
    await Promise.all(Array.from({ length: families < FILL_LANES ? 1 : FILL_LANES }, lane));
    await store.close();
    await pool.query('create table if not exists counters (counter text primary key, count bigint not null, total bigint not null)');
    if (isTuned) {
      await pool.query('create index if not exists emt_by_transaction on emt_messages (partition, is_archived, transaction_id, global_position)');
      await pool.query('create index if not exists emt_by_position on emt_messages (global_position)');
    }
    await pool.query('analyze');
  });
}

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

function statements(events) {
  const folded = new Map();
  for (const { data } of events) {
    const { count, total } = folded.get(data.key) ?? { count: 0, total: 0 };
    folded.set(data.key, { count: count + 1, total: total + data.amount });
  }
  return [...folded].map(([key, { count, total }]) =>
    rawSql(
      `insert into counters values (${quoted(key)}, ${count}, ${total})
       on conflict (counter) do update set count = counters.count + excluded.count, total = counters.total + excluded.total`,
    ),
  );
}

let slices = 0;

async function slice({ events, milliseconds }) {
  slices += 1;
  return withPool(async (pool) => {
    await pool.query('truncate counters');
    let [done, endedAt] = [0, 0];
    const projection = postgreSQLRawBatchSQLProjection({
      name: `counting_${slices}`,
      canHandle: ['Counted'],
      evolve: (batch) => {
        done += batch.length;
        return statements(batch);
      },
    });
    const consumer = postgreSQLEventStoreConsumer({
      connectionString: url,
      ...(isTuned ? { pulling: { batchSize: 1_000, pullingFrequencyInMs: 0 } } : {}),
      stopWhen: { noMessagesLeft: true },
    });
    consumer.projector({ projection, processorId: `counting-${slices}` });
    const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
    const limit = setTimeout(() => void consumer.stop(), milliseconds);
    await consumer.start();
    endedAt = performance.now();
    clearTimeout(limit);
    await consumer.close();
    const { rows } = await pool.query('select coalesce(sum(count), 0) as count from counters');
    const counted = Number(rows[0].count);
    if (counted === 0 || (counted === events) !== (done === events)) throw new Error(`${done} events were counted as ${counted}`);
    const { user, system } = process.cpuUsage(cpu);
    const perSecond = Math.round(counted / ((endedAt - startedAt) / 1_000));
    return { events: counted, perSecond, cpuMicrosPerEvent: Number(((user + system) / counted).toFixed(1)) };
  });
}

serve({ fill, slice });
