import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const isRequired = process.env.FLOWPACT_REQUIRE_SYSTEM === '1';

/** Whether xmllint is missing, and what a test's name says then. With FLOWPACT_REQUIRE_SYSTEM=1 it runs, and so fails. */
export function xmllintState(schema: string): { readonly skip: boolean; readonly note: string } {
  const isMissing = spawnSync('xmllint', ['--version'], { stdio: 'ignore' }).error !== undefined;
  if (isMissing) return { skip: !isRequired, note: ' (skipped: apt-get install -y libxml2-utils)' };
  return existsSync(schema) ? { skip: false, note: '' } : { skip: true, note: ` (skipped: no ${schema})` };
}

/** What xmllint says against the document; empty where it is valid. */
export function xmllint(options: readonly string[], document: string, folder: string): string {
  const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', ...options, '-'], {
    input: document,
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, XML_CATALOG_FILES: `${folder}/catalog.xml` },
  });
  return status === 0 ? '' : stderr;
}
