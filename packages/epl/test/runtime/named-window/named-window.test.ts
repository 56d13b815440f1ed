import { compile, createRuntime, EplError, evidenceOf, formatDiagnostic } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { rejection, start } from '../start.ts';

const base = 'create schema E(k string, n int); create schema Clear(k string);';

describe('a named window', () => {
  it('tells each reader once for all that an event leads to', () => {
    const { runtime, given } = start(
      `${base} create window W#keepall as (k string, n int);
       on E as e delete from W as w where w.k = e.k;
       insert into W select * from E;
       @Name('out') select irstream n from W;`,
      ['out'],
    );
    runtime.sendEvent('E', { k: 'a', n: 1 });
    runtime.sendEvent('E', { k: 'a', n: 2 });
    expect(given.out).toEqual([
      { newRows: [{ n: 1 }], oldRows: [] },
      { newRows: [{ n: 2 }], oldRows: [{ n: 1 }] },
    ]);
  });

  it('changes a row by putting a new one in its place, which starts its time afresh', () => {
    const { runtime, given } = start(
      `${base} create window W#time(10 sec) as E; insert into W select * from E;
       on Clear as c update W as w set n = 0 where w.k = c.k;
       @Name('out') select irstream n from W;`,
      ['out'],
    );
    runtime.sendEvent('E', { k: 'a', n: 1 });
    runtime.advanceTime(5000);
    runtime.sendEvent('Clear', { k: 'a' });
    runtime.advanceTime(10_000);
    expect(given.out).toHaveLength(2);
    runtime.advanceTime(15_000);
    expect(given.out[2]).toEqual({ newRows: [], oldRows: [{ n: 0 }] });
  });

  it('gives a reader that comes later what it holds', () => {
    const first = compile(`${base} @Name('w') create window W#keepall as E; insert into W select * from E;`);
    if (!first.ok) throw new Error(first.diagnostics.map(formatDiagnostic).join('\n'));
    const second = compile(
      `@Name('sum') select sum(n) as s from W(k = 'a'); insert into Copy select n from W;
       @Name('copies') select count(*) as c from Copy#keepall`,
      { uses: [first.module] },
    );
    if (!second.ok) throw new Error(second.diagnostics.map(formatDiagnostic).join('\n'));
    const runtime = createRuntime();
    const creator = runtime.deploy(first.module);
    for (const k of ['a', 'b', 'a']) runtime.sendEvent('E', { k, n: 2 });
    const reader = runtime.deploy(second.module);
    expect([...reader.statement('sum')!.rows()]).toEqual([{ s: 4 }]);
    expect([...reader.statement('copies')!.rows()]).toEqual([{ c: 3 }]);
    expect(() => runtime.undeploy(creator)).toThrow("'W' is used by another deployment");
    runtime.undeploy(reader);
    runtime.undeploy(creator);
    expect(runtime.eventType('W')).toBeUndefined();
  });

  it('is created once, and before those who name it; a module that breaks this takes the place of none', () => {
    const creator = compile(`${base} create window W#keepall as E; insert into W select * from E;`);
    if (!creator.ok) throw new Error('the module is refused');
    const reader = compile('select count(*) as c from W', { uses: [creator.module] });
    const other = compile('create schema Other(a int)');
    if (!reader.ok || !other.ok) throw new Error('a module is refused');
    const runtime = createRuntime();
    expect(() => runtime.deploy(reader.module)).toThrow("no named window or table 'W' runs here");
    const created = runtime.deploy(creator.module);
    expect(() => runtime.deploy(creator.module)).toThrow("a named window or table 'W' runs already");
    expect(() => runtime.replace(created, reader.module)).toThrow("no named window or table 'W' runs here");
    runtime.sendEvent('E', { k: 'a', n: 1 });
    const reading = runtime.deploy(reader.module);
    expect(() => runtime.replace(created, other.module)).toThrow("'W' is used by another deployment");
    expect(runtime.query('select n from W')).toEqual([{ n: 1 }]);
    runtime.undeploy(reading);
    runtime.replace(created, creator.module);
    expect(runtime.query('select n from W')).toEqual([]);
  });

  it('starts with rows of another one', () => {
    const first = compile(`${base} create window A#keepall as E; insert into A select * from E;`);
    if (!first.ok) throw new Error('the first module is refused');
    const second = compile(
      `@Name('b') create window B#keepall as select k, n * 2 as twice from A insert where n > 1`,
      {
        uses: [first.module],
      },
    );
    if (!second.ok) throw new Error(second.diagnostics.map(formatDiagnostic).join('\n'));
    const runtime = createRuntime();
    runtime.deploy(first.module);
    for (const n of [1, 2, 3]) runtime.sendEvent('E', { k: 'a', n });
    expect([...runtime.deploy(second.module).statement('b')!.rows()]).toEqual([
      { k: 'a', twice: 4 },
      { k: 'a', twice: 6 },
    ]);
  });

  it('triggers with its new rows, and looks back and numbers as a data window does', () => {
    const { runtime, given } = start(
      `${base} create window W#keepall as E; insert into W select * from E;
       @Name('on') on W(n > 1) as w select count(*) as c, w.n as n from W;
       @Name('prev') select n, prev(1, n) as before, prior(1, n) as earlier from W;
       @Name('size') select size from W#size;`,
      ['on', 'prev', 'size'],
    );
    runtime.sendEvent('E', { k: 'a', n: 1 });
    runtime.sendEvent('E', { k: 'a', n: 2 });
    expect(given.on.map(({ newRows }) => newRows)).toEqual([
      [
        { c: 2, n: 2 },
        { c: 2, n: 2 },
      ],
    ]);
    expect(given.prev[1].newRows).toEqual([{ n: 2, before: 1, earlier: 1 }]);
    expect(given.size.map(({ newRows }) => newRows)).toEqual([[{ size: 1 }], [{ size: 2 }]]);
  });

  it('counts its rows against the limit of its own statement', () => {
    const text = `${base} @Name('w') create window W#keepall as E; insert into W select * from E;
      @Name('out') select irstream n from W;`;
    const refusing = start(text, ['out'], { limits: { maxRetained: 2 } });
    const dropping = start(text, ['out'], { limits: { maxRetained: 2 }, overflow: 'drop-oldest' });
    for (const { runtime } of [refusing, dropping])
      for (let n = 1; n <= 3; n++) runtime.sendEvent('E', { k: 'a', n });
    expect(refusing.errors).toEqual([expect.stringContaining('EPL_LIMIT')]);
    expect(refusing.deployment.statement('w')!.counters).toMatchObject({ retained: 2, errors: 1 });
    expect([...dropping.deployment.statement('w')!.rows()]).toEqual([
      { k: 'a', n: 2 },
      { k: 'a', n: 3 },
    ]);
    expect(dropping.given.out.at(-1)).toEqual({ newRows: [{ n: 3 }], oldRows: [{ n: 1 }] });
  });

  it('gives up a row that breaks a unique index, and no other', () => {
    const { runtime, deployment, errors } = start(
      `${base} @Name('w') create window W#length(2) as E; create unique index I on W(k);
       insert into W select * from E;`,
    );
    for (const k of ['a', 'b', 'b', 'c', 'a']) runtime.sendEvent('E', { k, n: 1 });
    expect(errors).toEqual([
      "EPL_DUPLICATE_KEY: the unique index 'I' of 'W' has a row with the key 'b' already",
    ]);
    expect([...deployment.statement('w')!.rows()].map(({ k }) => k)).toEqual(['c', 'a']);
  });

  it('refuses a unique index that its rows break already', () => {
    const first = compile(`${base} create window W#keepall as E; insert into W select * from E;`);
    if (!first.ok) throw new Error('the first module is refused');
    const second = compile('create unique index I on W(k)', { uses: [first.module] });
    if (!second.ok) throw new Error('the second module is refused');
    const runtime = createRuntime();
    runtime.deploy(first.module);
    for (let n = 0; n < 2; n++) runtime.sendEvent('E', { k: 'a', n });
    expect(() => runtime.deploy(second.module)).toThrow(EplError);
    runtime.sendEvent('E', { k: 'a', n: 3 });
    expect(runtime.query('select count(*) as c from W')).toEqual([{ c: 3 }]);
  });

  it('keeps the evidence of its rows, also where they are changed', () => {
    const result = compile(
      `${base} create window W#keepall as (k string, n int); insert into W select k, n from E;
       on Clear as c update W as w set n = 0 where w.k = c.k;
       @Name('out') select k, n from W`,
      { evidence: ({ name }) => (name === 'out' ? 5 : 0) },
    );
    if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
    const runtime = createRuntime();
    const evidence: (readonly object[])[] = [];
    runtime
      .deploy(result.module)
      .statement('out')!
      .addListener(({ newRows }) => evidence.push(...newRows.map(evidenceOf)));
    runtime.sendEvent('E', { k: 'a', n: 1 });
    runtime.sendEvent('Clear', { k: 'a' });
    expect(evidence).toEqual([[{ k: 'a', n: 1 }], [{ k: 'a', n: 1 }]]);
  });

  it('needs a data window that keeps its rows', () => {
    expect(rejection('create window W#size as (a int)')).toBe(
      "the named window 'W' needs a data window that keeps its rows, such as W#keepall",
    );
  });

  it('takes no further data window where it is read', () => {
    expect(rejection('create window W#keepall as (a int); select a from W#length(2)')).toContain(
      'takes no further data window',
    );
  });
});
