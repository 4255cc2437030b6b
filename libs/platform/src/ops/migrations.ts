import type { Migration } from '../postgres/migrate.js';

/** What the log does not hold and a rebuild does not bring back. Features add their tables with their first use. */
export const OPS_MIGRATIONS: readonly Migration[] = [
  {
    name: '0001-rate-limits',
    sql: `
      create table rate_limits (
        key text primary key,
        -- When the bucket will be full again, in microseconds since 1970 ("theoretical arrival time" of GCRA).
        full_at_us bigint not null
      );
      create function clock_us() returns bigint language sql volatile
        return (extract(epoch from clock_timestamp()) * 1000000)::bigint;
      create index rate_limits_full_at on rate_limits (full_at_us);
    `,
  },
  {
    name: '0002-remembered-answers',
    sql: `
      create table remembered_answers (
        command_id text primary key,
        command_hash text not null,
        answer jsonb not null,
        expires_at timestamptz not null
      );
      create index remembered_answers_expires_at on remembered_answers (expires_at);
    `,
  },
  {
    name: '0003-errors',
    sql: `
      create table errors (
        component text not null,
        message text not null,
        count bigint not null default 1,
        first_at timestamptz not null default now(),
        last_at timestamptz not null default now(),
        last_trace_id text,
        last_facts jsonb not null,
        primary key (component, message)
      );
      create index errors_last_at on errors (last_at);
    `,
  },
];
