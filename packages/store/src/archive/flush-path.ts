import { open } from 'node:fs/promises';

/** Makes a file, or the names in a folder, as durable as the disk is. */
export async function flushPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
