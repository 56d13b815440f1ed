import { spawnSync } from 'node:child_process';

/** With this set, a test whose tool is missing runs, and fails, instead of being skipped. */
const required = process.env.FLOWPACT_REQUIRE_SYSTEM === '1';

/** Whether tests of these programs are to be skipped: one is not installed, and not required either. */
export function skipWithout(...programs: string[]): boolean {
  return !required && programs.some((program) => spawnSync(program, ['--version']).error !== undefined);
}
