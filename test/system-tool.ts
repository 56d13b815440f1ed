import { spawnSync } from 'node:child_process';

/**
 * With FLOWPACT_REQUIRE_SYSTEM=1 a test whose program is missing runs, and fails, instead of being skipped. Its name says
 * what to install.
 */
export const isSystemRequired = process.env.FLOWPACT_REQUIRE_SYSTEM === '1';

/** Where Debian puts programs; those of daemons are in folders that an ordinary user's path lacks. */
export const systemPath = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;

/** Whether the program is installed. */
export function isInstalled(program: string): boolean {
  const env = { ...process.env, PATH: systemPath };
  return spawnSync('sh', ['-c', 'command -v -- "$1"', 'sh', program], { env }).status === 0;
}

/** Whether tests of these programs are to be skipped: one is not installed, and not required either. */
export const skipWithout = (...programs: readonly string[]): boolean =>
  !isSystemRequired && !programs.every(isInstalled);

/** Whether tests of that program are to be skipped, and what their names say then. */
export function systemTool(
  program: string,
  debianPackage: string,
): { readonly skip: boolean; readonly note: string } {
  const missing = !isInstalled(program);
  const note = missing ? ` (skipped: apt-get install -y ${debianPackage})` : '';
  return { skip: missing && !isSystemRequired, note };
}
