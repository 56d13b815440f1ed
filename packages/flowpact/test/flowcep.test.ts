import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, startCli } from './cli/run-cli.ts';
import { examples, flowcepData, flowcepLines, hasFlowcep, needsFlowcep } from './shared.ts';

/** What the real Esper answers for FlowCEP's modules on its capture (5.3.0 and 9.0.0 agree). */
const expected = [
  { module: 'tcp-syn-scan', statement: 'Output', onePass: 31, threePasses: 97 },
  { module: 'http-scan', statement: 'Output', onePass: 1, threePasses: 4 },
  { module: 'brute-force', statement: 'Output', onePass: 65, threePasses: 195 },
  ...['multi-stage-grouped', 'multi-stage'].flatMap((module) => [
    { module, statement: 'TCPSYNscan', onePass: 62, threePasses: 187 },
    { module, statement: 'HTTPscanUniques', onePass: 2546, threePasses: 8255 },
    { module, statement: 'HTTPscan', onePass: 1, threePasses: 4 },
    { module, statement: 'BruteForce', onePass: 104, threePasses: 325 },
  ]),
  { module: 'multi-stage-grouped', statement: 'Output', onePass: 0, threePasses: 5 },
  { module: 'multi-stage', statement: 'Output', onePass: 0, threePasses: 783 },
];
const modules = [...new Set(expected.map(({ module }) => module))];
/** The length of a pass: three passes are the capture at +0, +384 s and +768 s. */
const passMs = 384_000;

/** The `type` of a statement's rows: the stream that it inserts into, else a name made of its own. */
function typeOf(module: string, statement: string): string {
  if (statement === 'HTTPscanUniques') return 'Uniques';
  if (statement !== 'Output') return statement;
  return module.startsWith('multi-stage') ? 'DetectionResults' : 'Output_result';
}

interface OutputRow {
  readonly type: string;
  readonly timestamp: string;
  readonly [column: string]: unknown;
}

const file = (module: string) => join(examples, 'flowcep', `${module}.epl`);
const statementsOf = (module: string) =>
  expected.filter((each) => each.module === module).map(({ statement }) => statement);
const rowsOf = (stdout: string): OutputRow[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const times = (rows: readonly OutputRow[]) => [
  ...new Set(rows.map(({ timestamp }) => Date.parse(timestamp))),
];

describe.skipIf(!hasFlowcep)(`FlowCEP's capture and modules${needsFlowcep}`, () => {
  let folder = '';
  let lines = '';
  let onePass = '';
  let threePasses = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flowpact-flowcep-'));
    lines = gunzipSync(readFileSync(flowcepLines)).toString();
    onePass = join(folder, 'one.ndjson');
    threePasses = join(folder, 'three.ndjson');
    writeFileSync(onePass, lines);
    const shifted = [0, 1, 2].map((pass) =>
      lines.replace(
        /("ipfix\.flow(?:Start|End)Milliseconds": )([0-9]+)/g,
        (_all, key, ms) => `${key}${Number(ms) + pass * passMs}`,
      ),
    );
    writeFileSync(threePasses, shifted.join(''));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('collect --format ipfixcol prints what IPFIXcol prints, byte for byte', async () => {
    const { stdout, code } = await runCli('flowpact', ['collect', '-r', flowcepData, '--format', 'ipfixcol']);
    expect(code).toBe(0);
    expect(createHash('md5').update(stdout).digest('hex')).toBe('59d83a1c9c99ca6051b96566cac16347');
  });

  /** Each statement's rows of a run, by the statement's name. */
  async function detect(module: string, input: readonly string[]): Promise<Map<string, OutputRow[]>> {
    const statements = statementsOf(module);
    const { stdout, code, stderr } = await runCli('flowpact', [
      'detect',
      '-m',
      file(module),
      '-o',
      statements.join(','),
      ...input,
    ]);
    expect(code, stderr).toBe(0);
    const rows = rowsOf(stdout);
    return new Map(
      statements.map((statement) => [
        statement,
        rows.filter(({ type }) => type === typeOf(module, statement)),
      ]),
    );
  }

  for (const module of modules) {
    it(`${module}: one pass, the same from IPFIX and from IPFIXcol's lines`, async () => {
      const fromIpfix = await detect(module, ['-r', flowcepData]);
      const fromLines = await detect(module, ['-i', onePass]);
      for (const each of expected.filter((row) => row.module === module)) {
        expect(fromIpfix.get(each.statement)?.length, `${each.statement} from IPFIX`).toBe(each.onePass);
        expect(fromIpfix.get(each.statement), each.statement).toEqual(fromLines.get(each.statement));
      }
    });

    it(`${module}: three passes`, async () => {
      const rows = await detect(module, ['-i', threePasses]);
      for (const each of expected.filter((row) => row.module === module)) {
        expect(rows.get(each.statement)?.length, each.statement).toBe(each.threePasses);
      }
    });
  }

  it('the rows come at the times at which Esper gives them', async () => {
    const at = (...offsets: number[]) => offsets.map((offset) => 1523546000000 + offset);
    const scan = (await detect('tcp-syn-scan', ['-r', flowcepData])).get('Output') ?? [];
    expect(times(scan)).toEqual(at(620892, 680902, 740910, 800919, 860920, 921909));
    const http = (await detect('http-scan', ['-r', flowcepData])).get('Output') ?? [];
    expect(http).toMatchObject([{ Scanner: '59.2.153.68', URL: '/wp-login.php', atkCount: 104 }]);
    expect(times(http)).toEqual(at(860920));
    const bruteForce = (await detect('brute-force', ['-r', flowcepData])).get('Output') ?? [];
    expect(Math.max(...bruteForce.map(({ AtkCount }) => AtkCount as number))).toBe(33);
    const stages = (await detect('multi-stage', ['-r', flowcepData])).get('BruteForce') ?? [];
    const perTime = times(stages).map(
      (time) => stages.filter(({ timestamp }) => Date.parse(timestamp) === time).length,
    );
    expect(times(stages)).toEqual(at(800919, 860920, 921909));
    expect(perTime).toEqual([51, 32, 21]);
  });

  it('three passes find the multi-stage attack as Esper does', async () => {
    const rows = (await detect('multi-stage-grouped', ['-i', threePasses])).get('Output') ?? [];
    expect(
      rows.map((row) => [
        Date.parse(row.timestamp),
        row.Attacker,
        row.TCPSYNscanCount,
        row.HTTPscanCount,
        row.BruteForceCount,
      ]),
    ).toEqual([
      [1523547162834, '59.2.153.68', 1457, 104, 32],
      [1523547223174, '59.2.153.68', 1454, 104, 32],
      [1523547401727, '59.2.153.68', 1454, 104, 33],
      [1523547462964, '59.2.153.68', 1454, 53, 33],
      [1523547521171, '59.2.153.68', 1453, 53, 33],
    ]);
    expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(['DetectionResults']));
  });

  it('espercli prints the same, several statements at once, from standard input', async () => {
    const { stdout, code } = await runCli(
      'espercli',
      ['-m', file('multi-stage'), '-o', 'TCPSYNscan, HTTPscan,BruteForce'],
      { input: lines },
    );
    expect(code).toBe(0);
    const types = rowsOf(stdout).map(({ type }) => type);
    const countOf = (type: string) => types.filter((each) => each === type).length;
    expect([countOf('TCPSYNscan'), countOf('HTTPscan'), countOf('BruteForce')]).toEqual([62, 1, 104]);
  });

  it('live: replay over TCP, collect, UDP lines, detect: nothing is lost on the way', async () => {
    const detect = startCli('flowpact', [
      'detect',
      '-m',
      file('multi-stage'),
      '-o',
      'TCPSYNscan,HTTPscanUniques,HTTPscan,BruteForce',
      '--listen',
      'udp://127.0.0.1:0',
    ]);
    const [, linesPort] = await detect.sees(/udp:\/\/127\.0\.0\.1:([0-9]+)/);
    const collect = startCli('flowpact', [
      'collect',
      '--tcp',
      '0',
      '--format',
      'ipfixcol',
      '--time',
      'export',
      '--once',
      '-o',
      `udp://127.0.0.1:${linesPort}`,
    ]);
    const [, ipfixPort] = await collect.sees(/tcp:\/\/127\.0\.0\.1:([0-9]+)/);
    const replay = await runCli('ipfixsend', [
      '-i',
      flowcepData,
      '-t',
      'TCP',
      '-n',
      '1',
      '-R',
      '50',
      '-p',
      ipfixPort,
    ]);
    expect(replay.code, replay.stderr).toBe(0);
    const collected = await collect.result;
    expect(collected.code).toBe(0);
    expect(collected.stderr).toContain('13,898 flow records in 606 messages\n');
    detect.process.kill('SIGINT');
    const { stdout, code } = await detect.result;
    expect(code).toBe(0);
    const types = rowsOf(stdout).map(({ type }) => type);
    const countOf = (type: string) => types.filter((each) => each === type).length;
    expect([countOf('TCPSYNscan'), countOf('Uniques'), countOf('HTTPscan'), countOf('BruteForce')]).toEqual([
      62, 2546, 1, 104,
    ]);
  });
});
