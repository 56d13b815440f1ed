import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { systemTool } from '../../../test/system-tool.ts';

/** Whether tests of xmllint against that schema are to be skipped, and what their names say then. */
export function xmllintState(schema: string): { readonly skip: boolean; readonly note: string } {
  const tool = systemTool('xmllint', 'libxml2-utils');
  if (tool.skip) return tool;
  return existsSync(schema) ? tool : { skip: true, note: ` (skipped: no ${schema})` };
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
