import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Which modules people have switched off; it survives restarts. */
export interface ModuleSwitches {
  isOff(module: string): boolean;
  /** Resolves when it is on the disk. @throws what the file system does; nothing is changed then */
  set(module: string, isEnabled: boolean): Promise<void>;
}

/** @param file JSON list of the modules that are off; made where it is missing */
export function createModuleSwitches(file: string): ModuleSwitches {
  let off: ReadonlySet<string> = read(file);
  return {
    isOff: (module) => off.has(module),
    async set(module, isEnabled) {
      const next = new Set(off);
      if (isEnabled) next.delete(module);
      else next.add(module);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(`${file}.next`, `${JSON.stringify([...next])}\n`, { mode: 0o600, flush: true });
      await rename(`${file}.next`, file);
      off = next;
    },
  };
}

/** A damaged file switches nothing off. */
function read(file: string): Set<string> {
  try {
    const names: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return new Set(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []);
  } catch {
    return new Set();
  }
}
