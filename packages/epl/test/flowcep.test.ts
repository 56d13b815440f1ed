import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { compile, createRuntime, formatDiagnostic, type Row } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

const reference = new URL('../../../../shared/flowcep/ipfixcol.ndjson.gz', import.meta.url);
const absent = !existsSync(reference);

/** Each further pass has the times of the one before moved by this. */
const passShiftMs = 384_000;

type Flow = Record<string, unknown> & {
  'ipfix.flowStartMilliseconds': number;
  'ipfix.flowEndMilliseconds': number;
};

const flows: readonly Flow[] = absent
  ? []
  : gunzipSync(readFileSync(reference))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));

/** All rows of each statement with the engine time at which they came. */
function run(module: string, passes: number): Map<string, { timeMs: number; row: Row }[]> {
  const text = readFileSync(new URL(`../../../examples/flowcep/${module}.epl`, import.meta.url), 'utf8');
  const result = compile(text, { file: `${module}.epl` });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime();
  const rows = new Map<string, { timeMs: number; row: Row }[]>();
  for (const statement of runtime.deploy(result.module).statements) {
    const list: { timeMs: number; row: Row }[] = [];
    rows.set(statement.name, list);
    statement.addListener(({ timeMs, newRows }) => {
      for (const row of newRows) list.push({ timeMs, row });
    });
  }
  runtime.onStatementError(({ error }) => {
    throw error;
  });
  for (let pass = 0; pass < passes; pass++) {
    for (const flow of flows) {
      const shifted = { ...flow };
      shifted['ipfix.flowStartMilliseconds'] += pass * passShiftMs;
      shifted['ipfix.flowEndMilliseconds'] += pass * passShiftMs;
      runtime.advanceTime(shifted['ipfix.flowEndMilliseconds']);
      runtime.sendEvent('IPFIX', shifted);
    }
  }
  return rows;
}

const title = `the five FlowCEP modules answer as Esper does${absent ? ' (skipped: ../shared/flowcep is not there)' : ''}`;

describe.skipIf(absent)(title, () => {
  const times = (list: readonly { timeMs: number }[]) => [...new Set(list.map(({ timeMs }) => timeMs))];

  it('TCP SYN scan', () => {
    const output = run('tcp-syn-scan', 1).get('Output')!;
    expect(output).toHaveLength(31);
    expect(times(output)).toEqual([
      1523546620892, 1523546680902, 1523546740910, 1523546800919, 1523546860920, 1523546921909,
    ]);
    expect(run('tcp-syn-scan', 3).get('Output')).toHaveLength(97);
  });

  it('HTTP scan', () => {
    expect(run('http-scan', 1).get('Output')).toEqual([
      { timeMs: 1523546860920, row: { Scanner: '59.2.153.68', URL: '/wp-login.php', atkCount: 104 } },
    ]);
    expect(run('http-scan', 3).get('Output')).toHaveLength(4);
  });

  it('brute force', () => {
    const output = run('brute-force', 1).get('Output')!;
    expect(output).toHaveLength(65);
    expect(Math.max(...output.map(({ row }) => Number(row.AtkCount)))).toBe(33);
    expect(run('brute-force', 3).get('Output')).toHaveLength(195);
  });

  it.each(['multi-stage-grouped', 'multi-stage'])('%s: the phases', (module) => {
    const rows = run(module, 1);
    expect(rows.get('TCPSYNscan')).toHaveLength(62);
    expect(rows.get('HTTPscanUniques')).toHaveLength(2546);
    expect(rows.get('HTTPscan')!.map(({ row }) => row.atkCount)).toEqual([104]);
    const brute = rows.get('BruteForce')!;
    expect(brute).toHaveLength(104);
    const perRelease = new Map<string, number>();
    for (const { timeMs, row } of brute) {
      const release = `${timeMs} ${row.Destination}`;
      perRelease.set(release, (perRelease.get(release) ?? 0) + 1);
    }
    const summary = times(brute).map((timeMs) => ({
      timeMs,
      counts: [...perRelease]
        .filter(([key]) => key.startsWith(`${timeMs}`))
        .map(([, count]) => count)
        .sort(),
    }));
    expect(summary).toEqual([
      { timeMs: 1523546800919, counts: [22, 29] },
      { timeMs: 1523546860920, counts: [32] },
      { timeMs: 1523546921909, counts: [21] },
    ]);
    expect(rows.get('Output')).toEqual([]);
    const more = run(module, 3);
    expect(more.get('TCPSYNscan')).toHaveLength(187);
    expect(more.get('HTTPscanUniques')).toHaveLength(8255);
    expect(more.get('HTTPscan')).toHaveLength(4);
    expect(more.get('BruteForce')).toHaveLength(325);
  });

  it('multi-stage, grouped: three passes', () => {
    const Attacker = '59.2.153.68';
    expect(run('multi-stage-grouped', 3).get('Output')).toEqual([
      {
        timeMs: 1523547162834,
        row: { Attacker, TCPSYNscanCount: 1457, HTTPscanCount: 104, BruteForceCount: 32 },
      },
      {
        timeMs: 1523547223174,
        row: { Attacker, TCPSYNscanCount: 1454, HTTPscanCount: 104, BruteForceCount: 32 },
      },
      {
        timeMs: 1523547401727,
        row: { Attacker, TCPSYNscanCount: 1454, HTTPscanCount: 104, BruteForceCount: 33 },
      },
      {
        timeMs: 1523547462964,
        row: { Attacker, TCPSYNscanCount: 1454, HTTPscanCount: 53, BruteForceCount: 33 },
      },
      {
        timeMs: 1523547521171,
        row: { Attacker, TCPSYNscanCount: 1453, HTTPscanCount: 53, BruteForceCount: 33 },
      },
    ]);
  });

  it('multi-stage, not grouped: three passes', () => {
    expect(run('multi-stage', 3).get('Output')).toHaveLength(783);
  });
});
