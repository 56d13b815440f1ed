import { describe, expect, it } from 'vitest';
import {
  compile,
  createRuntime,
  formatDiagnostic,
  type Runtime,
  type RuntimeConfig,
} from '../../src/index.ts';

const moduleOf = (text: string, options?: Parameters<typeof compile>[1]) => {
  const result = compile(text, options);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.module;
};

/** Deploys the text and gives what statement `s` and its errors say. */
function run(text: string, config: RuntimeConfig) {
  const runtime = createRuntime(config);
  const errors: string[] = [];
  runtime.onStatementError(({ error }) => errors.push(error.code));
  const statement = runtime.deploy(moduleOf(text)).statement('s')!;
  const rows: unknown[] = [];
  statement.addListener(({ newRows, oldRows }) => rows.push({ new: [...newRows], old: [...oldRows] }));
  return { runtime, statement, errors, rows };
}

const schema = 'create schema E(k string, x int);';
const send = (runtime: Runtime, ...xs: number[]) => {
  for (const x of xs) runtime.sendEvent('E', { k: `k${x}`, x });
};

describe('a statement that would hold more than its limit', () => {
  it('gives up the oldest events, counts them and tells once', () => {
    const text = `${schema} @Name('s') select irstream sum(x) as n from E#time(1 min);`;
    const { runtime, statement, errors, rows } = run(text, {
      limits: { maxRetained: 2 },
      overflow: 'drop-oldest',
    });
    send(runtime, 1, 2, 3, 4);
    expect([...statement.rows()]).toEqual([{ n: 7 }]);
    expect(statement.counters).toMatchObject({ eventsIn: 4, dropped: 2, retained: 2, errors: 1 });
    expect(errors).toEqual(['EPL_LIMIT']);
    expect(rows).toContainEqual({ new: [{ n: 2 }], old: [{ n: 3 }] });
    runtime.advanceTime(60_000);
    expect(statement.counters.retained).toBe(0);
    expect([...statement.rows()]).toEqual([{ n: null }]);
  });

  it.each([
    'select k, count(*) as n from E#time(1 min) group by k',
    'select * from E#keepall',
    'select * from E#sort(1000, x)',
    'select * from E#unique(k)',
    'select k, count(*) as n from E#length(1000)#unique(k) group by k',
    'select * from E#groupwin(k)#length(10)',
    'select * from E#time_length_batch(1 min, 1000)',
    'select a.x from E#keepall as a, E#keepall as b where a.k = b.k',
  ])('stays within it: %s', (select) => {
    const { runtime, statement } = run(`${schema} @Name('s') ${select};`, {
      limits: { maxRetained: 10 },
      overflow: 'drop-oldest',
    });
    for (let x = 0; x < 200; x++) {
      send(runtime, x);
      // The group of the last event may stand beside as many others.
      expect(statement.counters.retained).toBeLessThanOrEqual(12);
    }
    expect(statement.counters.dropped).toBeGreaterThan(50);
  });

  it('stops, where that was agreed, and leaves the others alone', () => {
    const text = `${schema} @Name('s') select * from E#keepall; @Name('other') select x from E;`;
    const { runtime, statement, errors } = run(text, {
      limits: { maxRetained: 2 },
      overflow: ({ name }) => (name === 's' ? 'stop-statement' : 'refuse'),
    });
    send(runtime, 1, 2, 3, 4);
    expect(statement.stopped).toBe(true);
    expect([...statement.rows()]).toEqual([]);
    expect(statement.counters).toMatchObject({ eventsIn: 3, retained: 0 });
    expect(errors).toEqual(['EPL_LIMIT']);
  });

  it('refuses groups that no window bounds', () => {
    const text = `${schema} @IterableUnbound @Name('s') select k, count(*) as n from E group by k;`;
    const { runtime, statement, errors } = run(text, { limits: { maxRetained: 2 }, overflow: 'drop-oldest' });
    send(runtime, 1, 2, 3, 1);
    expect([...statement.rows()]).toEqual([
      { k: 'k1', n: 2 },
      { k: 'k2', n: 1 },
    ]);
    expect(errors).toEqual(['EPL_LIMIT']);
  });
});

it('measures what a statement spends by the clock of the configuration', () => {
  let nowMs = 0;
  const { runtime, statement } = run(`${schema} @Name('s') select x from E;`, { clock: () => nowMs++ });
  send(runtime, 1, 2);
  expect(statement.counters.timeSpentMs).toBe(2);
});

describe('modules side by side', () => {
  const producer = moduleOf(`${schema} insert into Big select k, x from E(x > 10);`);
  const consumerOf = (text: string) => moduleOf(text, { eventTypes: producer.eventTypes });

  it('see the streams of one another, also after one was replaced', () => {
    const runtime = createRuntime();
    runtime.deploy(producer);
    const rows: unknown[] = [];
    const listen = (deployment: ReturnType<Runtime['deploy']>) =>
      deployment.statement('c')!.addListener(({ newRows }) => rows.push(...newRows));
    const first = runtime.deploy(consumerOf(`@Name('c') select x from Big;`));
    listen(first);
    send(runtime, 5, 11);
    listen(runtime.replace(first, consumerOf(`@Name('c') select x + 100 as y from Big;`)));
    send(runtime, 12);
    expect(rows).toEqual([{ x: 11 }, { y: 112 }]);
    expect(first.statement('c')!.stopped).toBe(true);
  });

  it('keep the old module where the new one does not fit', () => {
    const runtime = createRuntime();
    runtime.deploy(producer);
    const own = runtime.deploy(moduleOf(`create schema Own(a int); @Name('c') select a from Own;`));
    expect(() => runtime.replace(own, moduleOf('create schema E(other long);'))).toThrow(/other properties/);
    expect(own.statement('c')!.stopped).toBe(false);
    const changed = runtime.replace(
      own,
      moduleOf(`create schema Own(b long); @Name('c') select b from Own;`),
    );
    expect(changed.statement('c')!.eventType.properties).toEqual([{ name: 'b', type: 'long' }]);
  });
});
