/**
 * A projection group at a steady 1 000 events a second, single appends on a schedule, against the real embedded node
 * and a real Postgres, each in its own process, as is the projector. Beside it, in the same run: what a subscription
 * alone delivers, and what Postgres alone takes of the same rows.
 *
 *   npm run bench -- group [--smoke] [--seconds 60] [--rate 1000] [--per-append 4] [--batch-every 10]
 */
import { fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { EsdbStore, openLog } from '@daybook/eventsourcing';
import { migrate, openPostgres, postgresClientConfig, startEmbeddedPostgres, systemClock, systemRandom, systemTimers } from '@daybook/platform';
import { forgetGroup, NudgeReceiver, Nudges, PositionWatch, projectionMigrations, ReadModels } from '@daybook/projections';
import type pg from 'pg';
import { startEventStoreNode } from '../apps/eventstore/src/index.js';
import { budgetGroup, limitGroup } from './group/budget-group.js';
import { OpenLoop, type Sent } from './group/open-loop.js';
import { runProjectorProcess, type Answer, type EngineMeasure, type Order } from './group/projector-process.js';
import type { LimitFigures } from './group/limits.js';
import { treeCpuMicros } from './harness/cpu.js';
import { percentiles, rounded, type Percentiles } from './harness/percentiles.js';
import { table } from './harness/report.js';
import { main, run, type RunResult } from './harness/run.js';

const FAMILIES = 5_000;
const UPSERT_BATCHES = [10, 1_000];
const READS_EVERY_EVENTS = 100;
const POLL_MILLISECONDS = 20;

interface BenchSchema {
  readonly bench_days: { readonly space: string; readonly date: string; readonly spent: bigint };
}

interface Settings {
  readonly smoke: boolean;
  /** Events a second, in appends of so many. */
  readonly rate: number;
  readonly perAppend: number;
  readonly seconds: number;
  readonly preload: number;
  readonly batchEveryMs: number;
}

interface Commit {
  readonly position: bigint;
  readonly at: bigint;
}

class ProjectorProcess {
  private answered: (answer: Answer) => void = () => undefined;

  constructor(private readonly child: ChildProcess) {
    child.on('message', (answer: Answer) => this.answered(answer));
  }

  async order(order: Order): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error('the projector process ended'));
      this.child.once('exit', gone);
      this.answered = (answer) => {
        this.child.removeListener('exit', gone);
        resolve(answer);
      };
      this.child.send(order);
    });
  }

  async figures(order: Order): Promise<LimitFigures> {
    const { figures } = await this.order(order);
    if (figures === undefined) throw new TypeError(`${order.do} gave no figures`);
    return figures;
  }

  async measure(): Promise<EngineMeasure> {
    const { measure } = await this.order({ do: 'measure' });
    if (measure === undefined) throw new TypeError('the projector measured nothing');
    return measure;
  }

  /** Until everything up to the position is in the read models. */
  async committed(position: bigint): Promise<EngineMeasure> {
    for (;;) {
      const measure = await this.measure();
      if (BigInt(measure.position) >= position) return measure;
      await systemTimers.sleep(POLL_MILLISECONDS);
    }
  }

  async commits(): Promise<Commit[]> {
    const { commits = [] } = await this.order({ do: 'tell commits' });
    return commits.map(([position, at]) => ({ position: BigInt(position), at: BigInt(at) }));
  }
}

/** For each event: when the commit that holds it was known to be done. */
function visibleAt(sent: readonly Sent[], commits: readonly Commit[]): Map<Sent, bigint> {
  const ordered = [...sent].sort((a, b) => (a.position < b.position ? -1 : 1));
  const visible = new Map<Sent, bigint>();
  let index = 0;
  for (const one of ordered) {
    while ((commits[index]?.position ?? one.position) < one.position) index += 1;
    const commit = commits[index];
    if (commit !== undefined) visible.set(one, commit.at);
  }
  return visible;
}

const milliseconds = (nanoseconds: bigint): number => Number(nanoseconds) / 1e6;

function settingsFrom(argv: readonly string[]): Settings {
  const text = { type: 'string' } as const;
  const options = { smoke: { type: 'boolean' }, seconds: text, rate: text, 'per-append': text, 'batch-every': text } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const smoke = values.smoke === true;
  return {
    smoke,
    rate: Number(values.rate ?? 1_000),
    perAppend: Number(values['per-append'] ?? 4),
    seconds: Number(values.seconds ?? (smoke ? 10 : 60)),
    preload: smoke ? 20_000 : 100_000,
    batchEveryMs: Number(values['batch-every'] ?? 10),
  };
}

async function measure(settings: Settings): Promise<RunResult> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-bench-'));
  const node = await startEventStoreNode({ dir: path.join(directory, 'node') });
  const server = await startEmbeddedPostgres({ dataDirectory: directory });
  const databaseUrl = server.url('postgres');
  const postgres = await openPostgres<BenchSchema>({ url: databaseUrl, applicationName: 'bench' });
  const storeUrl = `esdb://127.0.0.1:${node.port}?tls=false`;
  const store = new EsdbStore({ url: storeUrl, timers: systemTimers });
  const child = fork(__filename, ['--projector', storeUrl, databaseUrl]);
  const projector = new ProjectorProcess(child);
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const nudges = new Nudges();
  const receiver = new NudgeReceiver({
    connection: postgresClientConfig({ url: databaseUrl, applicationName: 'bench nudges' }),
    nudges,
    timers: systemTimers,
    random: systemRandom,
    log: quiet,
  });
  const watch = new PositionWatch({ pool: postgres.pool, group: budgetGroup.name, nudges, timers: systemTimers });
  const models = new ReadModels({ db: postgres.db, group: budgetGroup, watch, clock: systemClock, timers: systemTimers });
  try {
    await migrate(postgres.pool, projectionMigrations, { schema: 'projections' });
    const durability = await durabilityOf(postgres.pool);
    await openLog(store, systemRandom, systemClock);
    const loop = new OpenLoop(store, FAMILIES);
    await loop.preload(settings.preload);

    const read = await projector.figures({ do: 'read limit', events: settings.preload });
    const upserts: LimitFigures[] = [];
    for (const batch of UPSERT_BATCHES) {
      // Small batches are many commits: a tenth of the events says enough.
      const events = batch < 100 ? settings.preload / 10 : settings.preload;
      await forgetGroup(postgres.pool, limitGroup);
      upserts.push(await projector.figures({ do: 'upsert limit', events, batch }));
    }

    await projector.order({ do: 'start engine', limits: { batchEveryMs: settings.batchEveryMs } });
    const from = { at: performance.now(), ...(await projector.measure()) };
    const head = await headOf(store);
    const caughtUp = await projector.committed(head);
    const catchUpSeconds = (performance.now() - from.at) / 1_000;

    const cpuBefore = { own: await projector.measure(), postgres: treeCpuMicros(server.pid), node: treeCpuMicros(node.pid) };
    const reads: Promise<number | Error>[] = [];
    const { sent, lateShare } = await loop.run(settings.rate / settings.perAppend, settings.perAppend, settings.seconds, (one, stream, count) => {
      if (count % READS_EVERY_EVENTS === 0) reads.push(readBack(models, stream, one));
    });
    const last = sent.reduce((furthest, { position }) => (position > furthest ? position : furthest), 0n);
    const cpuAfter = { own: await projector.committed(last), postgres: treeCpuMicros(server.pid), node: treeCpuMicros(node.pid) };
    const answers = await Promise.all(reads);
    const unanswered = answers.find((answer) => answer instanceof Error);
    if (unanswered !== undefined) throw unanswered;
    const readWaits = answers.filter((answer) => typeof answer === 'number');
    const commits = await projector.commits();
    await projector.order({ do: 'stop engine' });

    const live = liveFigures(settings, sent, commits, readWaits, cpuBefore, cpuAfter);
    const catchUp = {
      events: settings.preload,
      eventsPerSecond: Math.round(settings.preload / catchUpSeconds),
      cpuMicrosPerEvent: rounded((caughtUp.cpuMicros - from.cpuMicros) / settings.preload, 1),
    };
    await verify(postgres.pool, settings.preload + sent.length * settings.perAppend);
    const figures = { durability, settings, read, upserts, catchUp, live: { ...live, lateShare } };
    return { sections: sectionsOf(figures), figures };
  } finally {
    child.kill();
    await watch.close();
    await receiver.close();
    await store.close();
    await postgres.close();
    await server.stop();
    await node.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

interface CpuMarks {
  readonly own: EngineMeasure;
  readonly postgres: number;
  readonly node: number;
}

interface LiveFigures {
  readonly events: number;
  /** Append acknowledged → commit of its rows known in the projector. */
  readonly lag: Percentiles;
  /** Due → commit: append and projection together. */
  readonly dueToVisible: Percentiles;
  readonly append: Percentiles;
  /** Append acknowledged → answer of a query that asks for its position, in another process. */
  readonly readYourWrite: Percentiles;
  readonly projectorCpuMicrosPerEvent: number;
  readonly postgresCpuMicrosPerEvent: number;
  readonly nodeCpuMicrosPerEvent: number;
  readonly projectorCores: number;
  readonly eventsPerBatch: number;
  readonly roundTripsPerBatch: number;
  readonly statementsPerBatch: number;
  readonly documentsReadPerEvent: number;
  readonly rowsPerEvent: number;
  readonly residentMiB: number;
}

function liveFigures(
  settings: Settings,
  sent: readonly Sent[],
  commits: readonly Commit[],
  readWaits: readonly number[],
  before: CpuMarks,
  after: CpuMarks,
): LiveFigures {
  const visible = [...visibleAt(sent, commits)];
  if (visible.length !== sent.length) throw new Error(`${sent.length - visible.length} appends never became visible`);
  const delta = (name: 'batches' | 'statements' | 'roundTrips' | 'events' | 'documentsRead' | 'rows'): number =>
    after.own.counters[name] - before.own.counters[name];
  const events = sent.length * settings.perAppend;
  const perEvent = (value: number): number => rounded(value / events, 1);
  return {
    events,
    lag: percentiles(visible.map(([{ acknowledged }, at]) => Math.max(0, milliseconds(at - acknowledged)))),
    dueToVisible: percentiles(visible.map(([{ due }, at]) => milliseconds(at - due))),
    append: percentiles(sent.map(({ due, acknowledged }) => milliseconds(acknowledged - due))),
    readYourWrite: percentiles(readWaits),
    projectorCpuMicrosPerEvent: perEvent(after.own.cpuMicros - before.own.cpuMicros),
    postgresCpuMicrosPerEvent: perEvent(after.postgres - before.postgres),
    nodeCpuMicrosPerEvent: perEvent(after.node - before.node),
    projectorCores: rounded((after.own.cpuMicros - before.own.cpuMicros) / 1e6 / settings.seconds),
    eventsPerBatch: rounded(delta('events') / delta('batches'), 1),
    roundTripsPerBatch: rounded(delta('roundTrips') / delta('batches')),
    statementsPerBatch: rounded(delta('statements') / delta('batches'), 1),
    documentsReadPerEvent: rounded(delta('documentsRead') / delta('events')),
    rowsPerEvent: rounded(delta('rows') / delta('events')),
    residentMiB: after.own.residentMiB,
  };
}

async function readBack(models: ReadModels<BenchSchema>, stream: string, { position, acknowledged }: Sent): Promise<number | Error> {
  const space = budgetGroup.spaceOf(stream);
  const key = `${space.kind}:${space.id}`;
  try {
    await models.read({ space, minPosition: position, timeoutMs: 10_000 }, async (trx) =>
      trx.selectFrom('bench_days').select(['date', 'spent']).where('space', '=', key).execute(),
    );
    return milliseconds(process.hrtime.bigint() - acknowledged);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function headOf(store: EsdbStore): Promise<bigint> {
  for await (const { position } of store.readAll({ direction: 'backwards', maxCount: 1 })) return position;
  throw new Error('the log is empty');
}

async function durabilityOf(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ settings: string }>(
    `select current_setting('server_version') || ', fsync ' || current_setting('fsync') || ', synchronous_commit '
            || current_setting('synchronous_commit') || ', full_page_writes ' || current_setting('full_page_writes') as settings`,
  );
  return `Postgres ${rows[0]?.settings ?? 'unknown'}`;
}

/** A run whose rows are not those of its events counts for nothing. */
async function verify(pool: pg.Pool, events: number): Promise<void> {
  const { rows } = await pool.query<{ audited: number; expenses: number; counted: number; v: number }>(
    `select (select count(*) from audit_log where group_name = 'bench')::int as audited,
            (select count(*) from bench_expenses)::int as expenses,
            (select sum(count) from bench_days)::int as counted,
            (select sum(v) from changefeed_heads where group_name = 'bench')::int as v`,
  );
  const found = rows[0];
  const right = found !== undefined && [found.audited, found.expenses, found.counted, found.v].every((count) => count === events);
  if (!right) throw new Error(`of ${events} events the read models hold ${JSON.stringify(found)}`);
}

interface Figures {
  readonly durability: string;
  readonly settings: Settings;
  readonly read: LimitFigures;
  readonly upserts: readonly LimitFigures[];
  readonly catchUp: LimitFigures;
  readonly live: LiveFigures & { readonly lateShare: number };
}

function sectionsOf({ durability, settings, read, upserts, catchUp, live }: Figures): string[] {
  const row = (name: string, { p50, p95, p99, max }: Percentiles): (string | number)[] => [name, p50, p95, p99, max];
  const rate = (name: string, { eventsPerSecond, cpuMicrosPerEvent, rowsPerSecond }: LimitFigures): (string | number)[] => [
    name,
    eventsPerSecond,
    cpuMicrosPerEvent,
    rowsPerSecond ?? '',
  ];
  const [small, large] = upserts;
  return [
    `${durability}. Embedded node, Postgres and projector each in a process of its own;`,
    `${FAMILIES} families, ${settings.preload} events before, then ${live.events} in ${settings.seconds} s on a schedule, ${settings.perAppend} an append`,
    `(${rounded(live.lateShare * 100)} % of them more than 5 ms late${live.lateShare > 0.01 ? ': the generator was the bottleneck' : ''}).`,
    '',
    table(
      ['milliseconds', 'p50', 'p95', 'p99', 'max'],
      [
        row('lag: append acknowledged → rows committed', live.lag),
        row('due → rows committed', live.dueToVisible),
        row('due → append acknowledged', live.append),
        row('append acknowledged → answer of a query with its position', live.readYourWrite),
      ],
    ),
    '',
    table(
      ['processor time per event', 'microseconds'],
      [
        ['projector', live.projectorCpuMicrosPerEvent],
        ['Postgres', live.postgresCpuMicrosPerEvent],
        ['event store node', live.nodeCpuMicrosPerEvent],
      ],
    ),
    '',
    `A batch held ${live.eventsPerBatch} events, ${live.statementsPerBatch} statements and ${live.roundTripsPerBatch} round trips; an event`,
    `wrote ${live.rowsPerEvent} rows of read models and read ${live.documentsReadPerEvent} documents. Projector: ${live.projectorCores} cores, ${live.residentMiB} MiB.`,
    '',
    table(
      ['throughput, same run', 'events/s', 'projector CPU us/event', 'rows/s'],
      [
        rate('read limit: subscription, no fold', read),
        ...(large === undefined ? [] : [rate(`upsert limit: the same rows, batches of ${UPSERT_BATCHES[1]}`, large)]),
        ...(small === undefined ? [] : [rate(`upsert limit: batches of ${UPSERT_BATCHES[0]}`, small)]),
        rate('the group catching up', catchUp),
      ],
    ),
  ];
}

const [role, storeUrl, databaseUrl] = process.argv.slice(2);
if (role === '--projector' && storeUrl !== undefined && databaseUrl !== undefined) {
  runProjectorProcess(storeUrl, databaseUrl).catch((error: unknown) => {
    process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
    process.exit(1);
  });
} else {
  const settings = settingsFrom(process.argv.slice(2));
  const title = `A group at ${settings.rate} events/s`;
  main(() => run({ name: 'group', title, smoke: settings.smoke }, () => measure(settings)));
}
