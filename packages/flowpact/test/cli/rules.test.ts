import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../shared.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const shipped = join(rules, 'multi-stage-http/multi-stage-http.epl');

function module(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('flowpact rules', () => {
  it('check finds nothing wrong with the rules that ship', async () => {
    expect(await runCli('flowpact', ['rules', 'check', shipped])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'flowpact: 1 module checked, nothing wrong\n',
    });
  });

  it('check tells every mistake of every module, annotations among them', async () => {
    const misspelt = module('misspelt.epl', 'create schema Flow(octets long);\nselect octet from Flow;');
    const annotated = module(
      'annotated.epl',
      "create schema Flow(src string);\n@Name('s') @SecurityEvent(type='scan', source='sorce') select src from Flow;",
    );
    const { code, stdout, stderr } = await runCli('flowpact', [
      'rules',
      'check',
      misspelt,
      shipped,
      annotated,
      join(folder, 'none.epl'),
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/misspelt\.epl:2:8: error: .*octet/);
    expect(stdout).toMatch(/did you mean 'octets'\?/);
    expect(stdout).toMatch(
      /annotated\.epl: error: statement s: @SecurityEvent\(source=…\) must name a column of the row; it has: src/,
    );
    expect(stdout).toMatch(/none\.epl: cannot be read: ENOENT/);
    expect(stderr).toBe('flowpact: 4 modules checked, 3 with errors or warnings\n');
  });

  it('explain prints the plan of each statement', async () => {
    const { code, stdout } = await runCli('flowpact', ['rules', 'explain', shipped]);
    expect(code).toBe(0);
    for (const name of ['PortScan', 'LoginProbe', 'LoginSearch', 'BruteForce', 'MultiStage'])
      expect(stdout).toContain(name);
    expect(stdout).toMatch(/evidence/);
  });
});
