import { stat } from 'node:fs/promises';
import { StartError } from '../system/start-error.js';

export async function fileExists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Keys that others could read may have been copied; that is for a person to judge, not to be tidied away. */
export async function refuseOpenToOthers(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return;
  throw new StartError(
    `${file} can be read by other users of this machine (mode ${(mode & 0o777).toString(8)}).`,
    `Find out who could read it, then close it with \`chmod 600 ${file}\`.`,
  );
}
