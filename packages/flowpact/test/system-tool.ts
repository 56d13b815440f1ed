import { spawnSync } from 'node:child_process';

/**
 * Whether a system tool is here; where it is not, the name of a test says what to install. With
 * FLOWPACT_REQUIRE_SYSTEM=1 tests run regardless, and so fail.
 */
export function systemTool(
  command: string,
  debianPackage: string,
): { readonly missing: boolean; readonly note: string } {
  const missing = spawnSync(command, ['version'], { stdio: 'ignore' }).error !== undefined;
  const required = process.env.FLOWPACT_REQUIRE_SYSTEM === '1';
  return {
    missing: missing && !required,
    note: missing ? ` (skipped: apt-get install -y ${debianPackage})` : '',
  };
}
