import { describe, expect, it } from 'vitest';
import { createDetecting, type ModuleSnapshot } from '../../src/daemon/detecting.ts';
import type { Finding } from '../../src/daemon/detection-messages.ts';
import { createMessageBatch } from '../../src/daemon/message-batch.ts';
import { exportTraffic } from '../../src/generate/export-traffic.ts';
import { generateTraffic } from '../../src/generate/traffic.ts';

const schema = `@Name('Schema') @Tag(name='timestamp', value='ipfix.flowEndMilliseconds')
  create map schema IPFIX(ipfix.flowEndMilliseconds long, ipfix.protocolIdentifier int);`;
const counting = `${schema}
  @Name('Output') select ipfix.protocolIdentifier as protocol, count(*) as n from IPFIX group by ipfix.protocolIdentifier;`;
const messages = [...exportTraffic(generateTraffic({ seed: 7 }).flows)];
const settings = (text: string) => ({
  name: 'm',
  file: 'm.epl',
  text,
  schemaStatement: 'Schema',
  time: 'flows' as const,
});

function setUp(maxFindings = 1_000_000, remembered?: Uint8Array) {
  const found: Finding[] = [];
  const left: ModuleSnapshot[] = [];
  const remarks: string[] = [];
  let nowMs = 0;
  const detecting = createDetecting(
    { maxFindings },
    {
      find: (finding) => found.push(finding),
      remark: (text) => remarks.push(text),
      now: () => nowMs,
      remembered: () => remembered ?? left.at(-1)?.bytes,
      remember: (snapshot) => left.push(snapshot),
    },
  );
  detecting.take({
    kind: 'session',
    session: 1,
    source: { transport: 'tcp', address: '192.0.2.1', port: 1 },
  });
  const take = (from: number, to: number) => {
    for (const octets of messages.slice(from, to)) {
      const batch = createMessageBatch();
      batch.add(1, octets);
      detecting.take({ kind: 'batch', octets: batch.take(), atMs: nowMs });
    }
  };
  const last = () => {
    const finding = found.at(-1);
    return finding?.kind === 'rows' ? JSON.parse(finding.lines.at(-1) ?? '{}') : undefined;
  };
  return { detecting, found, left, remarks, take, last, pass: (ms: number) => (nowMs += ms) };
}

describe('detecting', () => {
  it('drops findings that nobody acts on in time, and counts them', () => {
    const { detecting, found, take } = setUp(5);
    detecting.useModules({ modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    take(0, 10);
    expect(found).toHaveLength(5);
    expect(detecting.report().droppedFindings).toBe(detecting.report().records - 5);
    detecting.taken(5);
    take(10, 11);
    expect(found.length).toBeGreaterThan(5);
  });

  it('lets a module that stays the same go on with what it holds, also beside a new one', () => {
    const whole = setUp();
    whole.detecting.useModules({ modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    whole.take(0, 100);
    const { detecting, take, last } = setUp();
    detecting.useModules({ modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    take(0, 50);
    const other = { ...settings(counting), name: 'other' };
    detecting.useModules({ modules: [other, settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    take(50, 100);
    expect(last()).toEqual(whole.last());
  });

  it('carries what is the same in an edited module over, and tells of the rest', () => {
    const whole = setUp();
    whole.detecting.useModules({ modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    whole.take(0, 100);
    const { detecting, take, last, remarks } = setUp();
    const before = `${counting}\n@Name('Other') select count(*) as n from IPFIX.win:length(10);`;
    detecting.useModules({ modules: [settings(before)], rowsOf: [], stageRowsPerSecond: 0 });
    take(0, 50);
    detecting.useModules({
      modules: [settings(before.replace('length(10)', 'length(20)'))],
      rowsOf: [],
      stageRowsPerSecond: 0,
    });
    take(50, 100);
    expect(last()).toEqual(whole.last());
    expect(remarks.join('\n')).toMatch(/^m\/Other begins anew: /);
  });

  it('goes on in the next run where a snapshot was left, and begins anew after a damaged one', () => {
    const whole = setUp();
    whole.detecting.useModules({ modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    whole.take(0, 100);
    const first = setUp();
    first.detecting.useModules({ modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    first.take(0, 50);
    const [{ bytes }] = first.detecting.snapshots();
    const second = setUp(1_000_000, bytes);
    second.detecting.useModules({ modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    second.take(0, 1);
    second.take(50, 100);
    expect(second.remarks.filter((text) => text.includes('begins anew'))).toEqual([]);
    const third = setUp(1_000_000, bytes.slice(0, -1));
    third.detecting.useModules({ modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    expect(third.remarks.join()).toMatch(/^m begins anew: /);
    const rows = (run: typeof whole) => run.last().n;
    expect(rows(second)).toBeGreaterThan(rows(whole) - 100);
  });

  it('keeps all modules where one of the new ones does not run', () => {
    const { detecting } = setUp();
    detecting.useModules({ modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 });
    expect(() =>
      detecting.useModules({ modules: [settings('select x')], rowsOf: [], stageRowsPerSecond: 0 }),
    ).toThrow(/m\.epl/);
    expect(detecting.report().modules).toHaveLength(1);
  });

  it('lets time pass while no flows come, so that batches end on silence', () => {
    const { detecting, found, take, pass } = setUp();
    const batches = `${schema} @Name('Output') select count(*) as n from IPFIX.win:time_batch(1 minute);`;
    detecting.useModules({ modules: [settings(batches)], rowsOf: [], stageRowsPerSecond: 0 });
    take(0, 5);
    detecting.tick();
    const before = found.length;
    for (let second = 0; second < 61; second++) {
      pass(1000);
      detecting.tick();
    }
    expect(found.length).toBe(before + 1);
  });

  it('tells rows of statements that feed others as far as they are wanted, and counts the rest', () => {
    const feeding = `${schema}
      @Name('Stage') insert into Stage select ipfix.protocolIdentifier as protocol from IPFIX;
      @Name('Found') select count(*) as n from Stage.win:time_batch(1 minute);`;
    const rowsOf = (found: readonly Finding[], name: string) =>
      found
        .filter(({ statement }) => statement === name)
        .reduce((sum, finding) => sum + (finding.kind === 'rows' ? finding.lines.length : 0), 0);
    for (const [stageRowsPerSecond, told] of [
      [0, 0],
      [1, 100],
    ] as const) {
      const { detecting, found, take } = setUp();
      detecting.useModules({ modules: [settings(feeding)], rowsOf: [], stageRowsPerSecond });
      take(0, 50);
      const [{ statements }] = detecting.report().modules;
      const stage = statements.find(({ name }) => name === 'Stage');
      expect(rowsOf(found, 'Stage')).toBe(told);
      expect(stage).toMatchObject({ rows: detecting.report().records });
      expect(stage?.omittedRows).toBe((stage?.rows ?? 0) - told);
    }
    const chosen = setUp();
    chosen.detecting.useModules({ modules: [settings(feeding)], rowsOf: ['Stage'], stageRowsPerSecond: 0 });
    chosen.take(0, 50);
    expect(rowsOf(chosen.found, 'Stage')).toBe(chosen.detecting.report().records);
  });

  it('keeps room for what is acted on while stages tell a great deal', () => {
    const { detecting, found, take } = setUp(10);
    const feeding = `${schema} @Name('Stage') insert into Stage select ipfix.protocolIdentifier as protocol from IPFIX;
      @Name('Output') select count(*) as n from Stage;`;
    detecting.useModules({ modules: [settings(feeding)], rowsOf: [], stageRowsPerSecond: 1000 });
    take(0, 5);
    expect(found.filter(({ statement }) => statement === 'Stage').length).toBeLessThanOrEqual(5);
    expect(found.filter(({ statement }) => statement === 'Output').length).toBeGreaterThanOrEqual(5);
  });

  it('switched off and on again, a module goes on with what it held', () => {
    const { detecting, left, take, last } = setUp();
    const on = { modules: [settings(counting)], rowsOf: [], stageRowsPerSecond: 0 };
    detecting.useModules(on);
    take(0, 50);
    const before = last();
    detecting.useModules({ ...on, modules: [] });
    expect(left.map(({ module }) => module)).toEqual(['m']);
    take(50, 60);
    expect(detecting.report().modules).toEqual([]);
    detecting.useModules(on);
    take(60, 61);
    expect(last().n).toBeGreaterThan(before.n / 10);
    expect(detecting.report().modules[0].statements).toMatchObject([
      { name: 'Output', isStopped: false, errors: 0, lastRowMs: expect.any(Number) },
    ]);
  });

  it('tells of the sessions, also of those that have ended', () => {
    const { detecting, take } = setUp();
    take(0, 10);
    expect(detecting.exporters()).toMatchObject([
      {
        exporter: 'tcp://192.0.2.1:1',
        isConnected: true,
        address: '192.0.2.1',
        messages: 10,
        lastMessageMs: 0,
      },
    ]);
    detecting.take({ kind: 'sessionEnd', session: 1 });
    expect(detecting.exporters()).toMatchObject([{ isConnected: false, messages: 10, templates: 4 }]);
  });
});
