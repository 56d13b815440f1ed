import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  compile,
  createRuntime,
  EplError,
  formatDiagnostic,
  type Row,
  type RuntimeConfig,
} from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

function load(text: string) {
  const result = compile(text);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.module;
}

function start(text: string, config: RuntimeConfig = {}) {
  const runtime = createRuntime(config);
  const deployment = runtime.deploy(load(text));
  const rows: Row[] = [];
  deployment.statement('out')?.addListener(({ newRows }) => rows.push(...newRows));
  return { runtime, deployment, rows };
}

/** Without a listener, so that nothing outside of the engine holds a row. */
function startQuietly(text: string) {
  const runtime = createRuntime();
  runtime.deploy(load(text));
  return { runtime };
}

const code = (work: () => void): string | undefined => {
  try {
    work();
  } catch (error) {
    return error instanceof EplError ? error.code : String(error);
  }
  return undefined;
};

describe('runtime', () => {
  it('takes instances of a type’s class as they are', () => {
    const { runtime, rows } = start(
      `create map schema F(ipfix.a string, ipfix.n int); @Name('out') select * from F`,
    );
    const sender = runtime.sender('F');
    const event = new sender.type.Instance() as Record<string, unknown>;
    expect(Object.keys(event)).toEqual(['ipfix.a', 'ipfix.n']);
    event['ipfix.n'] = 5;
    sender.sendInstance(event);
    expect(rows[0]).toBe(event);
    sender.send({ 'ipfix.a': 'x', other: 1, 'ipfix.n': undefined });
    expect(rows[1]).toEqual({ 'ipfix.a': 'x', 'ipfix.n': null });
  });

  it('keeps numbers that do not fit their declared int', () => {
    const { runtime, rows } = start(
      `create schema F(t int); @Name('out') select t, t + 1 as next, sum(t) as s from F`,
    );
    runtime.sendEvent('F', { t: 1523546561544 });
    runtime.sendEvent('F', { t: 1 });
    expect(rows).toEqual([
      { t: 1523546561544, next: 1523546561545, s: 1523546561544 },
      { t: 1, next: 2, s: 1523546561545 },
    ]);
  });

  it('stops nothing but the row when an expression throws', () => {
    const text = `create schema F(a string, g object);
      @Name('bad') select a, count(*) from F#length(2) where a < 'm' group by a;
      @Name('out') select count(*) as n from F`;
    const { runtime, deployment, rows } = start(text);
    const failures: string[] = [];
    runtime.onStatementError(({ statement, error }) => failures.push(`${statement.name} ${error.code}`));
    const hostile = {
      [Symbol.toPrimitive]: () => {
        throw new Error('no');
      },
    }; // prettier-ignore
    for (const a of ['b', hostile, 'c', 'b', 'b']) runtime.sendEvent('F', { a });
    expect(rows.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
    expect(failures).toEqual(['bad EPL_EVALUATION', 'bad EPL_EVALUATION']);
    expect([...deployment.statement('bad')!.rows()]).toEqual([{ a: 'b', 'count(*)': 2 }]);
    expect(deployment.statement('bad')!.counters.errors).toBe(2);
  });

  it('goes on when a listener throws', () => {
    const { runtime, deployment, rows } = start(`create schema F(a int); @Name('out') select a from F`);
    let heard = 0;
    deployment.statement('out')!.addListener(() => {
      throw new Error('listener');
    });
    runtime.onStatementError(() => {
      heard++;
    });
    runtime.sendEvent('F', { a: 1 });
    runtime.sendEvent('F', { a: 2 });
    expect(rows).toHaveLength(2);
    expect(heard).toBe(2);
  });

  it('finishes an event before it takes what a listener sends', () => {
    const { runtime, deployment } = start(
      `create schema F(a int); @Name('one') select a from F; @Name('two') select a from F`,
    );
    const seen: string[] = [];
    deployment.statement('one')!.addListener(({ newRows }) => {
      seen.push(`one ${newRows[0].a}`);
      if (newRows[0].a === 1) runtime.sendEvent('F', { a: 2 });
    });
    deployment.statement('two')!.addListener(({ newRows }) => seen.push(`two ${newRows[0].a}`));
    runtime.sendEvent('F', { a: 1 });
    expect(seen).toEqual(['one 1', 'two 1', 'one 2', 'two 2']);
  });

  it('serves statements in their order, whatever index their filters are in', () => {
    const filters = [
      'a = 5',
      'a > 1',
      'a < 9',
      'a >= 5',
      'a != 7',
      'b is null',
      'a = 5 and a < 6',
      'a > 3',
      "b = 'x'",
    ];
    const text = filters.map((filter, i) => `@Name('s${i}') select a from F(${filter});`).join('\n');
    const { runtime, deployment } = start(`create schema F(a int, b string); ${text}`);
    const seen: string[] = [];
    for (const statement of deployment.statements) statement.addListener(() => seen.push(statement.name));
    runtime.sendEvent('F', { a: 5 });
    expect(seen).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7']);
    seen.length = 0;
    runtime.sendEvent('F', { a: null, b: 'x' });
    expect(seen).toEqual(['s8']);
    seen.length = 0;
    runtime.sendEvent('F', { a: 2, b: 'y' });
    expect(seen).toEqual(['s1', 's2', 's4']);
  });

  it('undeploys: nothing is heard, timers rest, the type is gone', () => {
    const { runtime, deployment, rows } = start(
      `create schema F(a int); @Name('out') select a from F#time_batch(1 sec)`,
    );
    runtime.sendEvent('F', { a: 1 });
    runtime.undeploy(deployment);
    runtime.advanceTime(5000);
    expect(rows).toEqual([]);
    expect(runtime.eventType('F')).toBeUndefined();
    expect(code(() => runtime.sendEvent('F', {}))).toBe('EPL_UNKNOWN_EVENT_TYPE');
    expect(code(() => runtime.undeploy(deployment))).toBe('EPL_USAGE');
  });

  it('deploys one module twice, and refuses a type of the same name that differs', () => {
    const module = load(`create schema F(a int); @Name('out') select a from F`);
    const runtime = createRuntime();
    let heard = 0;
    for (const deployment of [runtime.deploy(module), runtime.deploy(module)]) {
      deployment.statement('out')!.addListener(() => {
        heard++;
      });
    }
    runtime.sendEvent('F', { a: 1 });
    expect(heard).toBe(2);
    expect(code(() => runtime.deploy(load('create schema F(a string)')))).toBe('EPL_TYPE_CONFLICT');
  });

  it('refuses times that are none, and goes back in time', () => {
    const { runtime } = start('create schema F(a int)', { startTimeMs: 50 });
    expect(code(() => runtime.advanceTime(Number.NaN))).toBe('EPL_USAGE');
    runtime.advanceTime(10);
    expect(runtime.nowMs).toBe(10);
  });

  it('holds no more than it may: what is over is counted as an error', () => {
    const { runtime, deployment } = start(`create schema F(a int); @Name('out') select a from F#keepall`, {
      limits: { maxRetained: 3 },
    });
    const failures: string[] = [];
    runtime.onStatementError(({ error }) => failures.push(error.code));
    for (let a = 0; a < 5; a++) runtime.sendEvent('F', { a });
    expect([...deployment.statement('out')!.rows()]).toHaveLength(3);
    expect(failures).toEqual(['EPL_LIMIT', 'EPL_LIMIT']);
  });

  it('forgets groups that have lost all events', () => {
    const { runtime, deployment } = start(
      `create schema F(a int); @Name('out') select a, count(*) from F#length(2) group by a`,
      {
        limits: { maxRetained: 5 },
      },
    );
    for (let a = 0; a < 1000; a++) runtime.sendEvent('F', { a });
    expect(deployment.statement('out')!.counters).toMatchObject({ eventsIn: 1000, errors: 0 });
    expect([...deployment.statement('out')!.rows()]).toHaveLength(2);
  });

  it.each([
    ['a batch that only counts', 'select a, count(*) as n from F#time_batch(1 min) group by a', 0],
    ['a sliding window that has expired', 'select a, count(*) as n from F#time(1 sec) group by a', 2000],
    [
      'a join whose windows have expired',
      'select f.a from F#time(1 sec) as f, F#time(1 sec) as g where f.a = g.a',
      2000,
    ],
  ])('lets events go: %s', async (_title, statement, afterMs) => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const { runtime } = startQuietly(`create schema F(a int); @Name('out') ${statement}`);
    const sent: WeakRef<object>[] = [];
    const sender = runtime.sender('F');
    for (let a = 0; a < 1000; a++) {
      const event = Object.assign(new sender.type.Instance(), { a });
      sent.push(new WeakRef(event));
      sender.sendInstance(event);
    }
    runtime.advanceTime(afterMs);
    // A WeakRef holds its object until the turn of the event loop in which it was made is over.
    await new Promise(setImmediate);
    collect();
    expect(sent.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(10);
  });
});
