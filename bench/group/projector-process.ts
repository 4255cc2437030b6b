import { EsdbStore } from '@daybook/eventsourcing';
import { postgresClientConfig, systemClock, systemRandom, systemTimers } from '@daybook/platform';
import { NudgeSender, pipelined, ProjectionEngine, type Counters, type EngineLimits } from '@daybook/projections';
import pg from 'pg';
import { ownCpuMicros } from '../harness/cpu.js';
import { budgetGroup, limitGroup } from './budget-group.js';
import { readLimit, upsertLimit, type LimitFigures } from './limits.js';

/** The projector alone in its process, so that its processor time is its own. Driven by messages, one at a time. */
export type Order =
  | { readonly do: 'read limit'; readonly events: number }
  | { readonly do: 'upsert limit'; readonly events: number; readonly batch: number }
  | { readonly do: 'start engine'; readonly limits: Partial<EngineLimits> }
  | { readonly do: 'measure' }
  | { readonly do: 'tell commits' }
  | { readonly do: 'stop engine' };

export interface EngineMeasure {
  readonly cpuMicros: number;
  readonly residentMiB: number;
  readonly counters: Counters & { readonly documentsRead: number; readonly cacheBytes: number };
  readonly position: string;
  readonly reason: string | null;
}

/** A position and when its commit was known: nanoseconds of the machine's monotonic clock, which all processes share. */
export type CommitMark = readonly [position: string, at: string];

export interface Answer {
  readonly done: Order['do'];
  readonly figures?: LimitFigures;
  readonly measure?: EngineMeasure;
  readonly commits?: readonly CommitMark[];
}

export async function runProjectorProcess(storeUrl: string, databaseUrl: string): Promise<void> {
  const store = new EsdbStore({ url: storeUrl, timers: systemTimers });
  const config = postgresClientConfig({ url: databaseUrl, applicationName: 'bench projector' });
  const pool = new pg.Pool({ ...config, max: 4 });
  let engine: ProjectionEngine | null = null;
  const quiet = { info: () => undefined, warn: say, error: say };
  const sender = new NudgeSender(pool, budgetGroup.name, quiet);

  // Kept here until asked for: telling each would cost the process more than noting it.
  const commits: { readonly position: bigint; readonly at: bigint }[] = [];

  const obey = async (order: Order): Promise<Answer> => {
    switch (order.do) {
      case 'read limit':
        return { done: order.do, figures: await readLimit(store, budgetGroup.streamPrefixes, order.events) };
      case 'upsert limit':
        return { done: order.do, figures: await upsertLimit(limitGroup, store, pool, pipelined(config), order.events, order.batch) };
      case 'start engine':
        engine = new ProjectionEngine({
          group: budgetGroup,
          store,
          pool,
          connect: pipelined(config),
          clock: systemClock,
          timers: systemTimers,
          random: systemRandom,
          log: quiet,
          limits: order.limits,
          takeOver: true,
          onCommit(commit) {
            commits.push({ position: commit.position, at: process.hrtime.bigint() });
            sender.send(commit);
          },
        });
        engine.start();
        return { done: order.do };
      case 'measure':
        return { done: order.do, measure: measureOf(engine) };
      case 'tell commits':
        return { done: order.do, commits: commits.map(({ position, at }) => [String(position), String(at)]) };
      case 'stop engine':
        await engine?.stop();
        await sender.settled();
        await pool.end();
        await store.close();
        return { done: order.do };
      default:
        throw new TypeError(`no order ${JSON.stringify(order satisfies never)}`);
    }
  };

  process.on('message', (order: Order) => {
    obey(order).then(tell, (error: unknown) => {
      say(String(error instanceof Error ? error.stack : error));
      process.exit(1);
    });
  });
}

function measureOf(engine: ProjectionEngine | null): EngineMeasure {
  if (engine === null) throw new TypeError('the engine has not been started');
  const { counters, bucketSets, reason } = engine.status();
  const residentMiB = Math.round(process.memoryUsage().rss / 2 ** 20);
  return { cpuMicros: ownCpuMicros(), residentMiB, counters, position: String(bucketSets[0]?.position ?? -1n), reason };
}

function tell(answer: Answer): void {
  process.send?.(answer);
}

function say(message: string, facts: unknown = ''): void {
  process.stderr.write(`projector: ${message} ${JSON.stringify(facts)}\n`);
}
