import type { Pool } from 'pg';

const KEPT_HOURS = 24;

export interface RememberedAnswer<Answer> {
  /** Keyed digest of the command, which tells its repeat from another command under the same id. */
  readonly commandHash: string;
  readonly answer: Answer;
}

/**
 * The answer of an accepted command that stored no event: its stream cannot remember it, so the repeat within a day
 * finds it here. The first answer stays. What is personal in an answer is sealed before it comes here.
 */
export async function rememberAnswer<Answer>(pool: Pool, commandId: string, remembered: RememberedAnswer<Answer>): Promise<void> {
  await pool.query(
    `insert into remembered_answers as old (command_id, command_hash, answer, expires_at)
     values ($1, $2, $3, now() + make_interval(hours => $4))
     on conflict (command_id) do update
       set command_hash = excluded.command_hash, answer = excluded.answer, expires_at = excluded.expires_at
       where old.expires_at <= now()`,
    [commandId, remembered.commandHash, JSON.stringify(remembered.answer), KEPT_HOURS],
  );
}

export async function recallAnswer<Answer>(pool: Pool, commandId: string): Promise<RememberedAnswer<Answer> | undefined> {
  const { rows } = await pool.query<{ command_hash: string; answer: Answer }>(
    'select command_hash, answer from remembered_answers where command_id = $1 and expires_at > now()',
    [commandId],
  );
  return rows[0] && { commandHash: rows[0].command_hash, answer: rows[0].answer };
}

export async function dropExpiredAnswers(pool: Pool): Promise<void> {
  await pool.query('delete from remembered_answers where expires_at <= now()');
}
