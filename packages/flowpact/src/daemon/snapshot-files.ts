import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What modules hold, a file each, in a directory that is made where it is missing. */
export interface SnapshotFiles {
  /** Undefined where there is none. */
  read(module: string): Uint8Array | undefined;
  /** The file is the old one or the new one, whenever the process ends. @throws what the file system does */
  write(module: string, bytes: Uint8Array): void;
}

export function createSnapshotFiles(directory: string): SnapshotFiles {
  // A module without a name of its own has that of its file, which may hold anything.
  const fileOf = (module: string) => join(directory, `${encodeURIComponent(module)}.snapshot`);
  return {
    read(module) {
      try {
        return readFileSync(fileOf(module));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write(module, bytes) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const file = fileOf(module);
      // Flushed before it gets its name, so that a power failure leaves one of the two, too.
      writeFileSync(`${file}.next`, bytes, { mode: 0o600, flush: true });
      renameSync(`${file}.next`, file);
    },
  };
}
