import { EsdbStore } from '@daybook/eventsourcing';
import { postgresClientConfig, systemClock, systemRandom, systemTimers } from '@daybook/platform';
import { forgetGroup, pipelined, ProjectionEngine, type ProjectionGroup } from '@daybook/projections';
import pg from 'pg';
import { readLimit, upsertLimit } from '../group/limits.js';
import { ownCpuMicros } from '../harness/cpu.js';
import { rounded } from '../harness/percentiles.js';
import { serve } from '../harness/worker.js';
import { counterGroup, limitGroup } from './counter-group.js';
import { unnestLimit } from './unnest-limit.js';

export interface ProjectSlice {
  readonly events: number;
  readonly perSecond: number;
  readonly cpuMicrosPerEvent: number;
}

interface Order {
  readonly storeUrl: string;
  readonly databaseUrl: string;
  readonly events: number;
  /** A slice ends then, wherever it is. */
  readonly milliseconds: number;
}

const POLL_MILLISECONDS = 5;
const ENGINE_BATCH = 1_000;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A group that has never been, following the log from its first event: the engine as the program runs it. */
async function catchUp({ storeUrl, databaseUrl, events, milliseconds }: Order): Promise<ProjectSlice> {
  return withParts({ storeUrl, databaseUrl }, async ({ store, pool, config }) => {
    await forgetGroup(pool, counterGroup);
    const engine = new ProjectionEngine({
      group: counterGroup,
      store,
      pool,
      connect: pipelined(config),
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      log: quiet,
      takeOver: true,
    });
    const [startedAt, cpu] = [performance.now(), ownCpuMicros()];
    engine.start();
    const isOver = (): boolean => engine.status().counters.events >= events || performance.now() - startedAt >= milliseconds;
    while (!isOver()) await systemTimers.sleep(POLL_MILLISECONDS);
    const done = engine.status().counters.events;
    if (done === 0) throw new Error(`the engine has folded nothing: ${engine.status().reason}`);
    const slice = sliceOf(done, startedAt, cpu);
    await engine.stop();
    await assertCounted(pool, engine.status().counters.events, counterGroup);
    return slice;
  });
}

/** The rows must be those of the events, whatever was measured. */
async function assertCounted(pool: pg.Pool, events: number, { projections }: ProjectionGroup): Promise<void> {
  const table = projections[0]?.table.name ?? '';
  const { rows } = await pool.query<{ count: string }>(`select coalesce(sum(count), 0) as count from ${table}`);
  if (Number(rows[0]?.count) !== events) throw new Error(`${events} events were counted as ${rows[0]?.count}`);
}

async function readOnly({ storeUrl, databaseUrl, events }: Order): Promise<ProjectSlice> {
  return withParts({ storeUrl, databaseUrl }, async ({ store }) => limit(await readLimit(store, counterGroup.streamPrefixes, events)));
}

/** What the engine writes of these events, folded beforehand: audit log, feed, documents and rows. */
async function engineRows({ storeUrl, databaseUrl, events }: Order): Promise<ProjectSlice> {
  return withParts({ storeUrl, databaseUrl }, async ({ store, pool, config }) => {
    await forgetGroup(pool, limitGroup);
    return limit(await upsertLimit(limitGroup, store, pool, pipelined(config), events, ENGINE_BATCH));
  });
}

async function unnest({ databaseUrl, events, keys }: Order & { readonly keys: number }): Promise<ProjectSlice> {
  const [startedAt, cpu] = [performance.now(), ownCpuMicros()];
  const { done, seconds } = await unnestLimit(databaseUrl, events, keys, ENGINE_BATCH);
  return { ...sliceOf(done, startedAt, cpu), perSecond: Math.round(done / seconds) };
}

interface Parts {
  readonly store: EsdbStore;
  readonly pool: pg.Pool;
  readonly config: pg.ClientConfig;
}

async function withParts<Result>(urls: Pick<Order, 'storeUrl' | 'databaseUrl'>, work: (parts: Parts) => Promise<Result>): Promise<Result> {
  const store = new EsdbStore({ url: urls.storeUrl, timers: systemTimers });
  const config = postgresClientConfig({ url: urls.databaseUrl, applicationName: 'bench project' });
  const pool = new pg.Pool({ ...config, max: 4 });
  try {
    return await work({ store, pool, config });
  } finally {
    await pool.end();
    await store.close();
  }
}

function sliceOf(events: number, startedAt: number, cpu: number): ProjectSlice {
  const seconds = (performance.now() - startedAt) / 1_000;
  return { events, perSecond: Math.round(events / seconds), cpuMicrosPerEvent: rounded((ownCpuMicros() - cpu) / events, 1) };
}

function limit({ events, eventsPerSecond, cpuMicrosPerEvent }: Awaited<ReturnType<typeof readLimit>>): ProjectSlice {
  return { events, perSecond: eventsPerSecond, cpuMicrosPerEvent };
}

serve({ catchUp, readOnly, engineRows, unnest });
