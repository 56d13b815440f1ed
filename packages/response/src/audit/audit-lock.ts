import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ResponseError } from '../response-error.ts';

/**
 * Keeps a second process from writing a log: a file `lock` with the process id. What a killed process left behind is
 * known by its id, which nobody bears any more, or which is our own.
 * @returns what takes it away again
 * @throws ResponseError `RESPONSE_LOG_FAILED` where a living process holds it.
 */
export async function lockAuditDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(path, 'wx', 0o600);
      await handle.writeFile(`${process.pid}\n`).finally(() => handle.close());
      return () => unlink(path).catch(ignoreMissing);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && holder !== process.pid && isAlive(holder)) {
      throw new ResponseError(
        'RESPONSE_LOG_FAILED',
        `${directory} is in use by process ${holder}; stop it, or give each its own directory`,
      );
    }
    await unlink(path).catch(ignoreMissing);
  }
  throw new ResponseError('RESPONSE_LOG_FAILED', `${path} changes hands all the time; see who uses it`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ignoreMissing(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause;
}
