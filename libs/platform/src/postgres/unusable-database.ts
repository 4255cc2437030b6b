import { StartError } from '../system/start-error.js';

/** Why a database cannot be used. Never with its whole connection string: a password may stand in it. */
export function unusableDatabase(url: string, use: string, cause: Error): StartError {
  const { host, pathname, searchParams } = new URL(url);
  const place = `${decodeURIComponent(pathname.slice(1))} on ${searchParams.get('host') ?? host}`;
  return new StartError(
    `The database ${place} (for ${use}) cannot be used: ${cause.message || (cause as { code?: string }).code}`,
    'Check that the server runs and that its connection string is right (docs/configuration.md).',
    { cause },
  );
}
