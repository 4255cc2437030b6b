import { copyDatabase, databaseOf, openPostgres, pendingMigrations, StartError, type Migration } from '@daybook/platform';

export interface Upgrade {
  /** False after `--no-backup`. */
  readonly backsUpFirst: boolean;
  /** Tells the person at the keyboard what is about to change. */
  readonly announce: (sentence: string) => void;
}

/**
 * Before a database that no rebuild brings back is changed: says what will change and copies it first. A start that was
 * killed after the copy finds it and goes on; read models need no copy, because the log makes them again.
 */
export async function prepareUpgrade(url: string, migrations: readonly Migration[], upgrade: Upgrade): Promise<void> {
  const { pool, close } = await openPostgres({ url, applicationName: 'upgrade', max: 1 });
  // Closed before the copy, which wants the database to itself.
  const pending = await pendingMigrations(pool, migrations, { schema: 'ops' }).finally(close);
  const [first] = pending;
  if (first === undefined) return;
  const database = databaseOf(url);
  upgrade.announce(`Upgrading ${database}: ${pending.join(', ')}`);
  if (!upgrade.backsUpFirst) return;
  const copy = `${database}_before_${first}`;
  try {
    const isNew = await copyDatabase(url, copy);
    upgrade.announce(`${isNew ? 'Backed up' : 'Already backed up'}: the database ${copy} holds it as it was`);
  } catch (cause) {
    throw new StartError(
      `${database} must be upgraded and could not be backed up first: ${(cause as Error).message}.`,
      'Stop other programs that use it, or take a backup of your own and start with: npm start -- --no-backup',
      { cause },
    );
  }
}
