import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { systemTool } from '../../../test/system-tool.ts';
import { temporaryFolder } from './cli/workspace.ts';

const unit = resolve(import.meta.dirname, '../../../packaging/flowpact.service');
const analyze = systemTool('systemd-analyze', 'systemd');
const folder = temporaryFolder();

it.skipIf(analyze.skip)(`the unit is one that systemd understands, and exposes little${analyze.note}`, () => {
  // The program is not installed where tests run.
  const copy = join(folder, 'flowpact.service');
  writeFileSync(copy, readFileSync(unit, 'utf8').replace('/usr/local/bin/flowpact', process.execPath));
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', copy], { encoding: 'utf8' });
  expect(verified.stderr.split('\n').filter((line) => line.includes('flowpact.service'))).toEqual([]);
  const security = spawnSync('systemd-analyze', ['security', '--offline=true', copy], { encoding: 'utf8' });
  const [, exposure] = /exposure level for flowpact\.service: ([0-9.]+)/.exec(security.stdout) ?? [];
  expect(Number(exposure)).toBeLessThan(2);
});
