import { migrate } from '../postgres/migrate.js';
import { openPostgres } from '../postgres/open-postgres.js';
import { databaseOf, ensureDatabase } from '../postgres/ensure-database.js';
import { dropOldErrors, recentErrors, recordError, type LoggedError, type TechnicalError } from './error-log.js';
import { OPS_MIGRATIONS } from './migrations.js';
import { dropFullBuckets, takeToken, type RateLimit, type TokenAnswer } from './rate-limits.js';
import {
  dropExpiredAnswers, recallAnswer, rememberAnswer, type RememberedAnswer,
} from './remembered-answers.js';

const POOL_SIZE = 8;
const STATEMENT_TIMEOUT_MILLISECONDS = 5_000;

/** A database of its own for what must survive the loss of every read model and is in every backup. */
export interface Ops {
  takeToken(key: string, limit: RateLimit): Promise<TokenAnswer>;
  rememberAnswer<Answer>(commandId: string, remembered: RememberedAnswer<Answer>): Promise<void>;
  recallAnswer<Answer>(commandId: string): Promise<RememberedAnswer<Answer> | undefined>;
  recordError(error: TechnicalError): Promise<void>;
  recentErrors(limit: number): Promise<readonly LoggedError[]>;
  /** Drops what no answer depends on any more; to be called now and then, by any process. */
  prune(): Promise<void>;
  close(): Promise<void>;
}

export interface OpsOptions {
  readonly url: string;
  readonly onConnectionLost?: (error: Error) => void;
}

export async function openOps(options: OpsOptions): Promise<Ops> {
  const { pool, close } = await openPostgres({
    ...options,
    applicationName: 'ops',
    max: POOL_SIZE,
    statementTimeoutMilliseconds: STATEMENT_TIMEOUT_MILLISECONDS,
  });
  try {
    await migrate(pool, OPS_MIGRATIONS, { schema: 'ops' });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    takeToken: (key, limit) => takeToken(pool, key, limit),
    rememberAnswer: (commandId, remembered) => rememberAnswer(pool, commandId, remembered),
    recallAnswer: (commandId) => recallAnswer(pool, commandId),
    recordError: (error) => recordError(pool, error),
    recentErrors: (limit) => recentErrors(pool, limit),
    async prune() {
      await Promise.all([dropFullBuckets(pool), dropExpiredAnswers(pool), dropOldErrors(pool)]);
    },
    close,
  };
}

/**
 * Where ops lives: in OPS_DATABASE_URL, else in a database beside the read models, which is made when it is missing.
 * `databaseUrl` is that of the read models.
 */
export function opsDatabaseUrl(databaseUrl: string, opsUrl: string | undefined): Promise<string> {
  if (opsUrl !== undefined) return Promise.resolve(opsUrl);
  return ensureDatabase(databaseUrl, `${databaseOf(databaseUrl)}_ops`, 'OPS_DATABASE_URL');
}
