/** A step of the schema, as libs/platform applies it; once released its text is never edited. */
interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * The engine's own tables. A read model's tables follow from its TableSpec and are made by `prepareGroup`. `space` comes
 * first in every key of a table that holds a space's data, so that row-level security can be laid over it.
 */
export const projectionMigrations: readonly Migration[] = [
  {
    name: '0001-group',
    sql: `
      create table projection_groups (
        group_name text primary key,
        -- JSON {projection: table with version}: what the rows of this database were folded with.
        tables text not null
      );

      create table projection_members (
        group_name text not null,
        member text not null,
        alive_until timestamptz not null,
        primary key (group_name, member)
      );

      -- The checkpoint, the fence and the lease of a bucket. All rows a process owns are updated by every commit.
      create table projection_buckets (
        group_name text not null,
        bucket smallint not null,
        log_id text,
        restores integer,
        position bigint not null default -1,
        seq bigint not null default 0,
        recorded_at timestamptz not null default '1970-01-01T00:00:00Z',
        event_id uuid,
        event_position bigint,
        owner text,
        owner_epoch bigint not null default 0,
        lease_until timestamptz,
        primary key (group_name, bucket)
      ) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

      create table projection_documents (
        space text not null,
        group_name text not null,
        projection text not null,
        key text not null,
        document text not null,
        position bigint not null,
        primary key (space, group_name, projection, key)
      );

      create table projection_parked (
        space text not null,
        group_name text not null,
        bucket smallint not null,
        position bigint not null,
        event_id uuid not null,
        projection text not null,
        reason text not null,
        since timestamptz not null,
        attempts integer not null,
        retry_wanted boolean not null default false,
        primary key (space, group_name)
      );

      create table audit_log (
        space text not null,
        group_name text not null,
        position bigint not null,
        seq bigint not null,
        stream text not null,
        revision bigint not null,
        event_id uuid not null,
        type text not null,
        actor text not null,
        recorded_at timestamptz not null,
        data text not null,
        metadata text not null,
        primary key (space, group_name, position)
      );
      create unique index audit_log_seq on audit_log (group_name, seq);

      -- id orders the rows of one bucket as they were committed: a bucket has one writer at a time, and every writer
      -- takes the bucket's row before it writes. Across buckets it means nothing. v has no gaps, id may have.
      create table changefeed (
        space text not null,
        group_name text not null,
        v bigint not null,
        id bigint generated always as identity,
        bucket smallint not null,
        position bigint not null,
        command_ids text[] not null,
        -- JSON [{m, k, o, r}]; null when it would not fit: readers of this space load again.
        ops text,
        recorded_at timestamptz not null,
        primary key (space, group_name, v)
      );
      create unique index changefeed_order on changefeed (group_name, bucket, id);

      create table changefeed_heads (
        space text not null,
        group_name text not null,
        v bigint not null,
        position bigint not null,
        primary key (space, group_name)
      );

      create function projection_advance(
        in_group text, in_owner text, in_buckets smallint[], in_epochs bigint[], in_from bigint,
        in_log_id text, in_restores integer, in_position bigint, in_seq bigint, in_recorded_at timestamptz,
        in_event_id uuid, in_event_position bigint, in_lease_ms integer
      ) returns void language plpgsql as $$
      declare
        advanced integer;
      begin
        update projection_buckets b
           set log_id = in_log_id, restores = in_restores, position = in_position, seq = in_seq,
               recorded_at = in_recorded_at, event_id = in_event_id, event_position = in_event_position,
               lease_until = now() + in_lease_ms * interval '1 millisecond'
          from unnest(in_buckets, in_epochs) as mine (bucket, epoch)
         where b.group_name = in_group and b.bucket = mine.bucket and b.owner = in_owner
           and b.owner_epoch = mine.epoch and b.position = in_from;
        get diagnostics advanced = row_count;
        if advanced <> cardinality(in_buckets) then
          raise exception 'fenced: % of % buckets are still ours', advanced, cardinality(in_buckets) using errcode = 'DB001';
        end if;
      end $$;
    `,
  },
  {
    name: '0002-audit-log-by-time',
    sql: `
      -- Which position stands for an instant: recorded_at never goes back in the order of the log.
      create index audit_log_time on audit_log (group_name, recorded_at, position);
    `,
  },
  {
    name: '0003-views',
    sql: `
      -- JSON [{kind, name, sql}]: the views and functions that were made for people, in their order.
      alter table projection_groups add column views text not null default '[]';
    `,
  },
];

/** SQLSTATE of projection_advance when another process has taken a bucket over or has moved it. */
export const FENCED_SQLSTATE = 'DB001';
