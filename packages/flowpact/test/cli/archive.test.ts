import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sampleMessages } from '../archive/archived-flows.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const file = join(folder, 'flows.ipfix');
const state = join(folder, 'state');

const flowpact = async (...args: string[]) => runCli('flowpact', args);
const rows = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  writeFileSync(file, Buffer.concat(sampleMessages()));
  const imported = await flowpact('import', file, '--state', state, '--extra', 'HTTPRequestURL');
  expect(imported).toMatchObject({ code: 0, stdout: '' });
  expect(imported.stderr).toMatch(/600 flows in \d files of .*flows, .* bytes a flow/);
});

describe('flowpact flows', () => {
  it('finds the same largest groups as collect does', async () => {
    const { stdout } = await flowpact('flows', '--state', state, '--top', 'src,dstport,octets', '--csv');
    const collected = await flowpact('collect', '-r', file, '--top', 'src,dstport,octets', '-q');
    const table = collected.stdout.split('\n\n')[0].split('\n').slice(1);
    const wanted = table.map((line) => line.replace(/ \([0-9.]+%\)/g, '').split(/ {2,}/));
    expect(stdout.trim().split('\n')[0]).toBe('source,destinationTransportPort,flows,packets,octets');
    const octets = (lines: readonly (readonly string[])[]) => lines.map((cells) => cells.at(-1));
    expect(
      octets(
        stdout
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.split(',')),
      ),
    ).toEqual(octets(wanted));
  });

  it('lists flows within a time, with the columns asked for', async () => {
    const { stdout, code } = await flowpact(
      ...['flows', '--state', state, '--from', '2026-11-22T13:20:00Z', '--to', '2026-11-22T13:25:00Z'],
      ...[
        '--filter',
        `ie HTTPRequestURL contains "login?1"`,
        '--columns',
        'start,src,HTTPRequestURL',
        '--limit',
        '5',
      ],
    );
    expect(code).toBe(0);
    expect(rows(stdout)).toHaveLength(5);
    for (const { flowStartMilliseconds, source, HTTPRequestURL } of rows(stdout)) {
      expect(flowStartMilliseconds).toMatch(/^2026-11-22T13:2[0-4]:/);
      expect(source).toMatch(/^10\./);
      expect(HTTPRequestURL).toBe(`/login?1'"`);
    }
  });

  it('counts along the time', async () => {
    const { stdout } = await flowpact('flows', '--state', state, '--timeline', '1h');
    expect(
      rows(stdout)
        .map(({ flows }) => flows)
        .reduce((a, b) => a + b),
    ).toBe(600);
  });

  it.each([
    ['--top', 'src', '--timeline', '5m'],
    ['--filter', 'src port'],
    ['--filter', 'ie minimumTTL 3'],
    ['--since', '1h', '--from', '2026-11-22T13:20:00Z'],
    ['--columns', 'nothing'],
    ['--json', '--csv'],
  ])('refuses %s %s %s %s', async (...args) => {
    const { code, stdout, stderr } = await flowpact('flows', '--state', state, ...args);
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^flowpact: /);
    expect(stderr).not.toContain('    at ');
  });
});

describe('flowpact query', () => {
  it('answers as JSON lines and as CSV', async () => {
    const sql = `SELECT count(*) AS n, 'a "b"' AS text, NULL AS nothing, [1, 2] AS list FROM flows`;
    const json = await flowpact('query', sql, '--state', state);
    expect(rows(json.stdout)).toEqual([{ n: 600, text: 'a "b"', nothing: null, list: [1, 2] }]);
    const csv = await runCli('flowpact', ['query', '-', '--state', state, '--csv'], { input: sql });
    expect(csv.stdout).toBe('n,text,nothing,list\n600,"a ""b""",,"[1,2]"\n');
  });

  it('lists what there is', async () => {
    const { stdout } = await flowpact('query', '--tables', '--state', state);
    expect(rows(stdout)).toContainEqual({ table: 'flows', column: 'HTTPRequestURL', type: 'VARCHAR' });
  });

  it('says that there is more, and what is wrong', async () => {
    const more = await flowpact('query', 'SELECT source FROM flows', '--limit', '3', '--state', state);
    expect(rows(more.stdout)).toHaveLength(3);
    expect(more.stderr).toContain('there is more');
    const wrong = await flowpact('query', 'SELECT * FROM detections', '--state', state);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('Only flows can be asked for');
    const nowhere = await flowpact('query', 'SELECT 1', '--state', join(folder, 'nowhere'));
    expect(nowhere).toMatchObject({ code: 1, stdout: '' });
    expect(nowhere.stderr).toContain('there is no state directory');
  });

  it('never changes anything', async () => {
    const { code, stderr } = await flowpact('query', `COPY flows TO '${file}'`, '--state', state);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^flowpact: /);
    expect(readFileSync(file)).toEqual(Buffer.concat(sampleMessages()));
  });
});
