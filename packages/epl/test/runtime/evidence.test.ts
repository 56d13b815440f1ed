import { compile, createRuntime, evidenceOf, explain, formatDiagnostic, type Row } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

const schema = 'create schema Flow(src string, n int); create schema Dns(src string, n int);';

/** Runs the module with evidence for the statement `out`; returns what makes its rows' evidence readable. */
function start(text: string, most: number) {
  const result = compile(schema + text, { evidence: ({ name }) => (name === 'out' ? most : 0) });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime();
  const rows: Row[] = [];
  runtime
    .deploy(result.module)
    .statement('out')!
    .addListener(({ newRows }) => rows.push(...newRows));
  let n = 0;
  const send = (src: string, type = 'Flow') => runtime.sendEvent(type, { src, n: ++n });
  const evidence = () => rows.map((row) => evidenceOf(row).map((event) => (event as { n: number }).n));
  return { runtime, module: result.module, send, evidence, rows };
}

describe('evidence', () => {
  it('of a row per event is the event, also where the row is the event', () => {
    for (const columns of ['src', '*']) {
      const { send, evidence } = start(`@Name('out') select ${columns} from Flow`, 3);
      send('a');
      send('b');
      expect(evidence()).toEqual([[1], [2]]);
    }
  });

  it('of a sliding group is what its window still holds', () => {
    const { runtime, send, evidence } = start(
      `@Name('out') select src, count(*) from Flow#time(10 sec) group by src`,
      9,
    );
    send('a');
    send('b');
    runtime.advanceTime(6000);
    send('a');
    runtime.advanceTime(12_000);
    expect(evidence()).toEqual([[1], [2], [1, 3], [3], []]);
  });

  it('of a batch that keeps no events is kept by its groups, the latest ones', () => {
    const text = `@Name('out') select src, count(*) from Flow#time_batch(10 sec) group by src having count(*) > 1`;
    const { runtime, module, send, evidence } = start(text, 2);
    expect(explain(module)).toContain('retain counters only');
    for (const src of ['a', 'b', 'a', 'a']) send(src);
    runtime.advanceTime(10_000);
    expect(evidence()).toEqual([[3, 4]]);
  });

  it('goes through insert into, and only the statements up the chain keep it', () => {
    const text = `
      insert into Scan select src, count(*) as hits from Flow#time_batch(10 sec) group by src having count(*) > 1;
      insert into Other select src from Flow;
      @Name('out') select src, count(*) from Scan#time(1 min) group by src`;
    const { runtime, module, send, evidence } = start(text, 3);
    expect(explain(module).match(/evidence up to 3/g)).toHaveLength(2);
    for (const src of ['a', 'a']) send(src);
    runtime.advanceTime(10_000);
    for (const src of ['a', 'a']) send(src);
    runtime.advanceTime(20_000);
    expect(evidence()).toEqual([
      [1, 2],
      [2, 3, 4],
    ]);
  });

  it('of a join is shared evenly between its streams', () => {
    const text = `@Name('out') select Flow.src, count(*) from Flow#keepall, Dns#keepall where Flow.src = Dns.src group by Flow.src`;
    const { send, evidence } = start(text, 4);
    for (let i = 0; i < 6; i++) send('a');
    send('a', 'Dns');
    send('a', 'Dns');
    send('a', 'Dns');
    expect(evidence()).toEqual([
      [4, 5, 6, 7],
      [5, 6, 7, 8],
      [5, 6, 8, 9],
    ]);
  });

  it('is each event once, though several rows rest on it', () => {
    const text = `
      insert into Pair select src from Flow; insert into Pair select src from Flow;
      @Name('out') select count(*) from Pair#length_batch(4)`;
    const { send, evidence } = start(text, 10);
    send('a');
    send('b');
    expect(evidence()).toEqual([[1, 2]]);
  });

  it('is out of sight of JSON, and empty where none is kept', () => {
    const { send, rows } = start(`@Name('out') select src from Flow`, 3);
    send('a');
    expect(JSON.stringify(rows[0])).toBe('{"src":"a"}');
    expect(Object.keys(rows[0])).toEqual(['src']);
    expect(evidenceOf({ src: 'a' })).toEqual([]);
  });
});
