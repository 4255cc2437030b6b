import pg from 'pg';
import { StartError } from '../system/start-error.js';
import { unusableDatabase } from './unusable-database.js';

const NO_SUCH_DATABASE = '3D000';
const MAINTENANCE_DATABASE = 'postgres';
const EXISTS_ALREADY = ['42P04', '23505'];
const NOT_PERMITTED = '42501';

/** The same server, role and options, another database. */
export function withDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(database)}`;
  return other.href;
}

export function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

/**
 * Makes a database on the server of `url` when it is not there, over the connection `url` itself names. Returns its
 * connection string. `variable` is what to set instead where the role may not make databases.
 */
export async function ensureDatabase(url: string, database: string, variable: string): Promise<string> {
  const wanted = withDatabase(url, database);
  if (await canConnect(wanted)) return wanted;
  const client = await connect(url);
  try {
    await client.query(`create database ${pg.escapeIdentifier(database)} template template0 encoding 'UTF8'`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === NOT_PERMITTED) throw notPermitted(url, database, variable);
    if (code === undefined || !EXISTS_ALREADY.includes(code)) throw error;
  } finally {
    await client.end();
  }
  return wanted;
}

/**
 * Copies a database on its own server, as it is, and tells whether it did: a copy of this name that exists already was
 * taken by an earlier attempt at the same thing and stays. Nobody may be connected to the original.
 */
export async function copyDatabase(url: string, copy: string): Promise<boolean> {
  const client = await connect(withDatabase(url, MAINTENANCE_DATABASE));
  try {
    const [to, from] = [copy, databaseOf(url)].map((name) => pg.escapeIdentifier(name));
    await client.query(`create database ${to} template ${from}`);
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== undefined && EXISTS_ALREADY.includes(code)) return false;
    throw error;
  } finally {
    await client.end();
  }
}

async function canConnect(url: string): Promise<boolean> {
  try {
    await (await connect(url)).end();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === NO_SUCH_DATABASE) return false;
    throw error;
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'daybook start' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    if ((error as { code?: string }).code === NO_SUCH_DATABASE) throw error;
    throw unusableDatabase(url, 'the start', error as Error);
  }
}

function notPermitted(url: string, database: string, variable: string): StartError {
  const { username } = new URL(url);
  return new StartError(
    `The database ${database} does not exist and the role ${decodeURIComponent(username)} may not make it.`,
    `Make it (CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${pg.escapeIdentifier(decodeURIComponent(username))}), or name another one in ${variable}.`,
  );
}
