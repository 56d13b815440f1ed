import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { securityEventFromJson } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { startFakeElasticsearch } from '../output/send/fake-elasticsearch.ts';
import { rules } from '../shared.ts';
import { runCli, startCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const module = join(folder, 'module.epl');
writeFileSync(
  module,
  `@Name('Schema') @Tag(name='timestamp', value='t') create schema Flow(t long, src string, n int);
   @Name('Big') insert into Big select src, n from Flow where n > 10;
   @Name('Output') select src, count(*) as c from Flow#time_batch(1 sec) group by src;`,
);
const lines = [
  '{"t": 1000, "src": "a", "n": 11}',
  '{"t": 1500, "src": "a", "n": 1}',
  '{"t": 2000, "src": "b", "n": 12}',
];
const utc = { TZ: 'UTC' };

describe('flowpact detect', () => {
  it('prints rows with timestamp and type, from standard input and from a file', async () => {
    const expected = '{"src":"a","c":2,"timestamp":"1970-01-01T00:00:02Z","type":"Output_result"}\n';
    expect(await runCli('flowpact', ['detect', '-m', module], { input: lines.join('\n'), env: utc })).toEqual(
      { code: 0, stdout: expected, stderr: '' },
    );
    const file = join(folder, 'flows.ndjson');
    writeFileSync(file, lines.join('\r\n'));
    for (const bin of ['flowpact', 'espercli'] as const) {
      const { stdout } = await runCli(
        bin,
        [...(bin === 'flowpact' ? ['detect'] : []), '-m', module, '-i', file],
        { env: utc },
      );
      expect(stdout, bin).toBe(expected);
    }
  });

  it('sends what it finds to Elasticsearch, and says what has not arrived', async () => {
    const server = await startFakeElasticsearch();
    const detect = (...args: readonly string[]) =>
      runCli('flowpact', ['detect', '-m', module, ...args], { input: lines.join('\n'), env: utc });
    const to = `elasticsearch://${server.url.host}`;
    expect(await detect('--to', to)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await detect('--to', to, '-o', 'Big', '--format', 'native', '--index', 'big-%Y')).toMatchObject({
      code: 0,
    });
    const found = [...server.indices].map(([name, documents]) => [name, [...documents.values()]]);
    expect(Object.fromEntries(found)).toMatchObject({
      'flowpact-detections-1970.01.01': [
        { '@timestamp': '1970-01-01T00:00:02.000Z', src: 'a', c: 2, type: 'Output_result' },
      ],
      'big-1970': [{ statement: 'Big', row: { src: 'a' } }, { row: { src: 'b', n: 12 } }],
    });
    server.itemFault = () => ({ status: 400, type: 'document_parsing_exception', reason: 'no number' });
    expect(await detect('--to', to, '--index', 'other')).toEqual({
      code: 1,
      stdout: '',
      stderr: `flowpact: 1 findings have not arrived at ${to}: HTTP 400: document_parsing_exception: no number\n`,
    });
    expect((await detect('--to', to, '--format', 'ecs')).stderr).toContain('ecs is about events');
  });

  it('leaves out wrong lines, tells the first of each kind with its place, and counts', async () => {
    const input = [lines[0], 'garbage', '{"src": "no time"}', '[]', '42', lines[2], '{"t": "soon"}'].join(
      '\n',
    );
    const { code, stdout, stderr } = await runCli('flowpact', ['detect', '-m', module, '-o', 'Big'], {
      input,
      env: utc,
    });
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line && JSON.parse(line).src)).toEqual(['a', 'b', '']);
    expect(stderr).toBe(
      'flowpact: standard input: line 2: not a JSON object; the line is left out [FLOWPACT_INPUT]\n' +
        "flowpact: standard input: line 3: no number in the time field 't'; the line is left out [FLOWPACT_INPUT_TIME]\n" +
        'flowpact: standard input: FLOWPACT_INPUT: 3 times in all\n' +
        'flowpact: standard input: FLOWPACT_INPUT_TIME: 2 times in all\n',
    );
    const strict = await runCli('flowpact', ['detect', '-m', module, '--strict'], { input });
    expect(strict).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('standard input: line 2: not a JSON object'),
    });
  });

  it('shows what is wrong with a module, where, and what was meant', async () => {
    const broken = join(folder, 'broken.epl');
    writeFileSync(broken, 'create schema Flow(src string);\nselect scr from Flow where x = 1 and;\n');
    const { code, stdout, stderr } = await runCli('flowpact', ['detect', '-m', broken]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/broken\.epl:2:[0-9]+: error: /);
    expect(stderr).toMatch(/\^/);
  });

  it('prints security events with the flows that made them', async () => {
    const traffic = join(folder, 'traffic.ipfix');
    await runCli('flowpact', ['generate', '-o', traffic]);
    const rule = join(rules, 'multi-stage-http/multi-stage-http.epl');
    const { code, stdout, stderr } = await runCli('flowpact', [
      'detect',
      '-m',
      rule,
      '-r',
      traffic,
      '--events',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = stdout.trimEnd().split('\n').map(securityEventFromJson);
    expect(events).toMatchObject([
      {
        type: 'bruteForce',
        severity: 'high',
        detector: { name: 'flowpact', rule: 'MultiStage' },
        targets: { length: 4 },
      },
    ]);
    const { layout, groups } = events[0].flows ?? { layout: { columns: [] }, groups: [] };
    expect(layout.columns.length).toBe(11);
    expect(groups[0].rows.length).toBeGreaterThan(100);
  });

  it('filters what it reads from IPFIX files', async () => {
    const traffic = join(folder, 'filtered.ipfix');
    await runCli('flowpact', ['generate', '-o', traffic, '--duration', '30s', '--no-attack']);
    const epl = join(folder, 'protocols.epl');
    writeFileSync(
      epl,
      `@Name('Schema') @Tag(name='timestamp', value='ipfix.flowEndMilliseconds')
       create map schema IPFIX(ipfix.flowEndMilliseconds long, ipfix.protocolIdentifier int);
       @Name('Output') select ipfix.protocolIdentifier as p from IPFIX;`,
    );
    const { stdout } = await runCli('flowpact', ['detect', '-m', epl, '-r', traffic, '--filter', 'not tcp']);
    const protocols = new Set(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).p),
    );
    expect(protocols).toEqual(new Set([1, 17]));
  });

  it('takes lines by TCP until Ctrl-C', async () => {
    const detect = startCli(
      'flowpact',
      ['detect', '-m', module, '--listen', 'tcp://127.0.0.1:0', '-o', 'Big'],
      utc,
    );
    const [url] = await detect.sees(/tcp:\/\/127\.0\.0\.1:[0-9]+/);
    const traffic = join(folder, 'some.ipfix');
    await runCli('flowpact', ['generate', '-o', traffic, '--duration', '5s', '--no-attack']);
    const { code } = await runCli('flowpact', ['collect', '-r', traffic, '-o', url]);
    expect(code).toBe(0);
    await detect.sees(/no number in the time field/); // another schema's flows: they came
    detect.process.kill('SIGINT');
    expect((await detect.result).code).toBe(0);
  });

  it.each([
    [['-m', module, '-i', 'x', '-r', 'y'], 2, /one of --input, --read and --listen/],
    [['-m', module, '--filter', 'tcp'], 2, /--filter goes with --read/],
    [['-m', module, '-o', 'Nothing'], 1, /no statement named Nothing; it has: Big, Output/],
    [['-m', module, '--events'], 1, /none of the statements has an annotation @SecurityEvent/],
    [['-m', module, '--listen', 'http://x'], 2, /udp:\/\/HOST:PORT/],
    [['-m', join(folder, 'none.epl')], 1, /cannot read the module .*none\.epl/],
    [['-m', module, '-i', join(folder, 'none')], 1, /cannot read .*none: ENOENT/],
    [[], 2, /-m, --module <file>/],
  ])('refuses %j', async (args, code, message) => {
    const result = await runCli('flowpact', ['detect', ...args]);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
  });
});

describe('espercli', () => {
  it('prints Output without -o, and takes several names', async () => {
    const all = await runCli('espercli', ['-m', module, '-o', 'Output, Big'], {
      input: lines.join('\n'),
      env: utc,
    });
    expect(
      all.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['Big', 'Output_result', 'Big']);
  });

  it('answers a wrong command line with 1, as the original does', async () => {
    expect((await runCli('espercli', [])).code).toBe(1);
    expect((await runCli('espercli', ['-m', module, '-x'])).code).toBe(1);
  });
});
