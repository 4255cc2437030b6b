import type { Pool } from 'pg';

const KEPT_DAYS = 90;

/** Something that went wrong inside, for operators. A constant sentence and its facts; never personal data. */
export interface TechnicalError {
  /** The part of Daybook it happened in. */
  readonly component: string;
  readonly message: string;
  readonly traceId?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface LoggedError {
  readonly component: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lastTraceId: string | null;
  readonly lastFacts: Readonly<Record<string, unknown>>;
}

/** One row a sentence, however often it comes: an error in a loop must not fill the disk. */
export async function recordError(pool: Pool, error: TechnicalError): Promise<void> {
  await pool.query(
    `insert into errors (component, message, last_trace_id, last_facts) values ($1, $2, $3, $4)
     on conflict (component, message) do update
       set count = errors.count + 1, last_at = now(), last_trace_id = excluded.last_trace_id, last_facts = excluded.last_facts`,
    [error.component, error.message, error.traceId ?? null, JSON.stringify(error.facts ?? {})],
  );
}

export async function recentErrors(pool: Pool, limit: number): Promise<readonly LoggedError[]> {
  const { rows } = await pool.query<Omit<LoggedError, 'count'> & { count: bigint }>(
    `select component, message, count, first_at as "firstAt", last_at as "lastAt",
            last_trace_id as "lastTraceId", last_facts as "lastFacts"
     from errors order by last_at desc, component, message limit $1`,
    [limit],
  );
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

export async function dropOldErrors(pool: Pool): Promise<void> {
  await pool.query('delete from errors where last_at < now() - make_interval(days => $1)', [KEPT_DAYS]);
}
