import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const short = ['--duration', '90s', '--rate', '10'];

describe('flowpact generate', () => {
  it('writes the traffic and the truth beside it', async () => {
    const file = join(folder, 'a.ipfix');
    const { code, stdout, stderr } = await runCli('flowpact', [
      'generate',
      '-o',
      file,
      '--seed',
      '9',
      ...short,
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const truth = JSON.parse(readFileSync(`${file}.truth.json`, 'utf8'));
    expect(truth).toMatchObject({
      seed: 9,
      durationMs: 90_000,
      attacks: [
        {
          scenario: 'multi-stage-http',
          stages: [{ stage: 'scan' }, { stage: 'probe' }, { stage: 'bruteForce' }],
        },
      ],
    });
    const { stderr: summary } = await runCli('flowpact', [
      'collect',
      '-r',
      file,
      '-o',
      join(folder, 'a.ndjson'),
    ]);
    const flows = /([0-9,]+) flows/.exec(stderr)?.[1];
    expect(summary).toBe(
      `flowpact: ${flows} flow records in ${/in ([0-9,]+) messages/.exec(summary)?.[1]} messages\n`,
    );
  });

  it('writes to standard output, into a pipe, without a truth file', async () => {
    const generated = await runCli('flowpact', ['generate', '-o', '-', '--no-attack', '--duration', '10s']);
    expect(generated.code).toBe(0);
    expect(existsSync('-.truth.json')).toBe(false);
  });

  it('takes the start in the seconds that IPFIX has', async () => {
    const file = join(folder, 'b.ipfix');
    await runCli('flowpact', [
      'generate',
      '-o',
      file,
      '--start',
      '2020-02-29T12:00:00.7',
      '--duration',
      '5s',
      '--no-attack',
    ]);
    expect(JSON.parse(readFileSync(`${file}.truth.json`, 'utf8')).startMs).toBe(Date.UTC(2020, 1, 29, 12));
  });

  it.each([
    [['--duration', 'soon'], /A duration is a number with ms, s, m or h/],
    [['--rate', '0'], /above 0/],
    [['--seed', '-1'], /0 to 4294967295/],
    [['--start', 'yesterday'], /2026-01-01T00:00:00Z/],
    [['--sed', '1'], /Did you mean --seed/],
  ])('refuses %j with a remedy', async (args, message) => {
    const { code, stderr } = await runCli('flowpact', ['generate', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('says where it cannot write', async () => {
    const { code, stderr } = await runCli('flowpact', [
      'generate',
      '-o',
      join(folder, 'no/such/x.ipfix'),
      ...short,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^flowpact: cannot write .*x\.ipfix: ENOENT/);
  });
});
