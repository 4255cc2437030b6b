import { withClient } from '../harness/postgres.js';
import { dataOf, familiesOf } from './counter-group.js';

const UPSERT = `with moved as (update unnest_place set position = $4)
  insert into unnest_counters (counter, count, total) select * from unnest($1::text[], $2::bigint[], $3::bigint[])
  on conflict (counter) do update set count = unnest_counters.count + excluded.count, total = unnest_counters.total + excluded.total`;

/** Events an append has in the log, family by family. */
const PER_APPEND = 100;

/**
 * The least that counting by key in Postgres can be: fold a batch by key, write each key once and the place with it, in
 * one prepared statement. No reading, no audit log, no feed, no fence.
 */
export async function unnestLimit(url: string, events: number, keys: number, batchSize: number): Promise<{ done: number; seconds: number }> {
  return withClient(url, async (client) => {
    await client.query(
      `drop table if exists unnest_counters, unnest_place;
       create table unnest_counters (counter text primary key, count bigint not null, total bigint not null);
       create table unnest_place (position bigint not null);
       insert into unnest_place values (0)`,
    );
    const startedAt = performance.now();
    for (let first = 0; first < events; first += batchSize) {
      const folded = new Map<string, { count: number; total: number }>();
      for (let number = first; number < Math.min(events, first + batchSize); number += 1) {
        const { key, amount } = dataOf(number, Math.floor(number / PER_APPEND) % familiesOf(keys), keys);
        const counter = folded.get(key) ?? { count: 0, total: 0 };
        folded.set(key, { count: counter.count + 1, total: counter.total + amount });
      }
      const counters = [...folded.values()];
      const values = [[...folded.keys()], counters.map(({ count }) => count), counters.map(({ total }) => total), first];
      await client.query({ name: 'upsert', text: UPSERT, values });
    }
    return { done: events, seconds: (performance.now() - startedAt) / 1_000 };
  });
}
