import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder with package.json: above src/ and above dist/ alike. */
export const PROJECT_ROOT = rootAbove(__dirname);

export const VERSION = (JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string })
  .version;

function rootAbove(folder: string): string {
  const parent = path.dirname(folder);
  return path.basename(folder) === 'apps' ? withoutDist(parent) : rootAbove(parent);
}

function withoutDist(folder: string): string {
  return path.basename(folder) === 'dist' ? path.dirname(folder) : folder;
}
