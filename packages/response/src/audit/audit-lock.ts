import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ResponseError } from '../response-error.ts';

/**
 * Keeps a second process from writing a log: a file `lock` with the process id. What a killed process left behind is
 * known by its id, which nobody bears any more, or which is our own.
 * @returns what takes it away again, unless another process holds it by then
 * @throws ResponseError `RESPONSE_LOG_FAILED` where a living process holds it.
 */
export async function lockAuditDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'lock');
  const unlock = async () => {
    if ((await readHolder(path)) === process.pid) await unlink(path).catch(ignoreMissing);
  };
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(path, 'wx', 0o600);
      await handle.writeFile(`${process.pid}\n`).finally(() => handle.close());
      return unlock;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
    const holder = await readHolder(path);
    if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
      throw new ResponseError(
        'RESPONSE_LOG_FAILED',
        `${directory} is in use by process ${holder}; stop it, or give each its own directory`,
      );
    }
    await unlink(path).catch(ignoreMissing);
  }
  throw new ResponseError('RESPONSE_LOG_FAILED', `${path} changes hands all the time; see who uses it`);
}

async function readHolder(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^[1-9][0-9]{0,9}\n$/.test(text) ? Number(text) : undefined;
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
