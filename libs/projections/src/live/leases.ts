import type { Pool } from 'pg';
import { BUCKET_COUNT } from '../space.js';

/**
 * Which process writes which buckets. Time is the database's: a process's own clock may jump, and one that stood still
 * must not believe that its lease still runs. A lease only decides who may take over; what keeps a late writer from
 * writing is the epoch, which every take-over raises and every commit names.
 */
export class Leases {
  constructor(
    private readonly pool: Pool,
    private readonly group: string,
    private readonly member: string,
    private readonly leaseMs: number,
  ) {}

  /** Says that this process lives, extends its leases, and answers how many buckets are its fair share. */
  async beat(): Promise<number> {
    const { rows } = await this.pool.query<{ others: string }>(
      `with me as (
         insert into projection_members values ($1, $2, now() + $3 * interval '1 millisecond')
         on conflict (group_name, member) do update set alive_until = excluded.alive_until
       ), gone as (
         delete from projection_members where group_name = $1 and member <> $2 and alive_until < now()
       ), mine as (
         update projection_buckets set lease_until = now() + $3 * interval '1 millisecond'
          where group_name = $1 and owner = $2 and lease_until < now() + $3 * interval '0.7 milliseconds'
       )
       select count(*) as others from projection_members where group_name = $1 and member <> $2 and alive_until >= now()`,
      [this.group, this.member, this.leaseMs],
    );
    return Math.ceil(BUCKET_COUNT / (Number(rows[0]?.others ?? 0) + 1));
  }

  /** Takes buckets nobody holds, or whose holder has not been heard of; `held` takes those of living holders too. */
  async claim(count: number, { held = false } = {}): Promise<number[]> {
    const { rows } = await this.pool.query<{ bucket: number }>(
      `update projection_buckets b
          set owner = $2, owner_epoch = b.owner_epoch + 1, lease_until = now() + $3 * interval '1 millisecond'
         from (select bucket from projection_buckets
                where group_name = $1 and (owner is null or (owner <> $2 and (lease_until < now() or $5)))
                order by bucket limit $4 for update skip locked) as free
        where b.group_name = $1 and b.bucket = free.bucket
        returning b.bucket`,
      [this.group, this.member, this.leaseMs, count, held],
    );
    return rows.map(({ bucket }) => bucket);
  }

  async release(buckets: readonly number[]): Promise<void> {
    await this.pool.query(
      `update projection_buckets set owner = null, lease_until = null
        where group_name = $1 and owner = $2 and bucket = any($3)`,
      [this.group, this.member, buckets],
    );
  }

  async leave(): Promise<void> {
    await this.pool.query(
      `with gone as (delete from projection_members where group_name = $1 and member = $2)
       update projection_buckets set owner = null, lease_until = null where group_name = $1 and owner = $2`,
      [this.group, this.member],
    );
  }
}
