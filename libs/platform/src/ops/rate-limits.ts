import type { Pool } from 'pg';

const SECOND_MICROSECONDS = 1_000_000;

/** A bucket of `burst` tokens that is refilled one by one. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

export interface TokenAnswer {
  readonly allowed: boolean;
  /** Whole tokens left in the bucket. */
  readonly remaining: number;
  /** 0 when allowed. */
  readonly retryAfterMilliseconds: number;
}

/**
 * $1 key, $2 microseconds a token takes to come back, $3 the same for all but one. The row is judged once its lock is
 * held, hence a clock that does not stand still in a transaction.
 */
const TAKE = `
  with taken as (
    insert into rate_limits as bucket (key, full_at_us) values ($1, clock_us() + $2::bigint)
    on conflict (key) do update set full_at_us = greatest(bucket.full_at_us, clock_us()) + $2::bigint
      where bucket.full_at_us <= clock_us() + $3::bigint
    returning full_at_us
  )
  select true as allowed, full_at_us - clock_us() as full_in_us from taken
  union all
  select false, full_at_us - clock_us() from rate_limits where key = $1 and not exists (select from taken)`;

/**
 * Takes one token from the bucket of a key (GCRA): a row says when the bucket is full again, and one atomic statement
 * moves it, so that any number of processes share a limit and a restart gives nothing away. A refusal writes nothing.
 * Time is the database's; where that goes back, the bucket waits until it has caught up.
 */
export async function takeToken(pool: Pool, key: string, { burst, perSecond }: RateLimit): Promise<TokenAnswer> {
  if (!Number.isInteger(burst) || burst < 1 || !(perSecond > 0)) throw new RangeError('a bucket holds whole tokens and is refilled');
  const tokenMicroseconds = Math.ceil(SECOND_MICROSECONDS / perSecond);
  const bucketMicroseconds = burst * tokenMicroseconds;
  const { rows } = await pool.query<{ allowed: boolean; full_in_us: bigint }>({
    name: 'take-token',
    text: TAKE,
    values: [key, tokenMicroseconds, bucketMicroseconds - tokenMicroseconds],
  });
  // No row at all: another process made the bucket in this very moment and emptied it.
  const { allowed = false, full_in_us: fullIn = BigInt(bucketMicroseconds) } = rows[0] ?? {};
  const fullInMicroseconds = Math.max(0, Number(fullIn));
  const waitMicroseconds = fullInMicroseconds + tokenMicroseconds - bucketMicroseconds;
  return {
    allowed,
    remaining: Math.max(0, Math.floor((bucketMicroseconds - fullInMicroseconds) / tokenMicroseconds)),
    retryAfterMilliseconds: allowed ? 0 : Math.max(1, Math.ceil(waitMicroseconds / 1_000)),
  };
}

/** A full bucket is the same as none. */
export async function dropFullBuckets(pool: Pool): Promise<void> {
  await pool.query('delete from rate_limits where full_at_us <= clock_us()');
}
