import { spawnSync } from 'node:child_process';

/** With this set, a test whose program is missing runs, and fails, instead of being skipped. */
const isRequired = process.env.FLOWPACT_REQUIRE_SYSTEM === '1';

/** Whether tests of these programs are to be skipped: one is not installed, and not required either. */
export function skipWithout(...programs: readonly string[]): boolean {
  const isMissing = (program: string) => {
    const found = spawnSync('sh', ['-c', 'command -v -- "$1"', 'sh', program], {
      env: { ...process.env, PATH: systemPath },
    });
    return found.status !== 0;
  };
  return !isRequired && programs.some(isMissing);
}

/** Where Debian puts programs; those of daemons are in folders that an ordinary user's path lacks. */
export const systemPath = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
