import { type AggregationDefinition, evidenceOf } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { differenceOf } from './same-state.ts';
import { reasons, type Started, start } from './start.ts';

const schema = 'create schema Flow(src string, octets long);';
const hosts = `${schema}
  @Name('hosts') select src, count(*) as n, sum(octets) as o from Flow#time(1 min) group by src;`;

const send = ({ runtime }: Started, src: string, octets: unknown): void =>
  runtime.sendEvent('Flow', { src, octets });

describe('what a snapshot holds', () => {
  it('windows, groups, timers and the clock', () => {
    const before = start(hosts);
    before.runtime.advanceTime(1000);
    send(before, 'a', 5);
    send(before, 'a', 2n ** 60n);
    before.runtime.advanceTime(31_000);
    send(before, 'b', 7);
    const after = before.restart();
    expect(after.report.timeMs).toBe(31_000);
    expect(after.runtime.nowMs).toBe(31_000);
    expect(reasons(after.report)).toEqual({});
    after.runtime.advanceTime(61_000);
    expect(after.take()).toEqual(['hosts: {"src":"a","n":0,"o":null}']);
    send(after, 'b', 1);
    expect(after.take()).toEqual(['hosts: {"src":"b","n":2,"o":8}']);
  });

  it('the same, when it is taken again from the restored runtime', () => {
    const before = start(hosts);
    for (let i = 0; i < 50; i++) send(before, `host ${i % 7}`, i);
    expect(before.restart().runtime.snapshot()).toEqual(before.runtime.snapshot());
  });

  it('an event that several windows hold once', () => {
    const before = start(`${schema}
      select window(*) as w from Flow#keepall; select window(*) as v from Flow#length(3);`);
    send(before, 'a', 1);
    const after = before.restart();
    expect(differenceOf(before.runtime, after.runtime)).toBeUndefined();
    send(after, 'b', 1);
    expect(differenceOf(before.runtime, after.runtime)).toMatch(/a and b|1 and 2/);
  });

  it('the order of timers that fall due together', () => {
    const run = (restart: boolean): string[] => {
      let at = start(`${schema}
        @Name('late') select a.src as s from pattern [every a=Flow(src='late') -> timer:interval(2 sec)];
        @Name('early') select a.src as s from pattern [every a=Flow(src='early') -> timer:interval(5 sec)];`);
      send(at, 'early', 1);
      at.runtime.advanceTime(3000);
      send(at, 'late', 1);
      if (restart) at = at.restart();
      at.runtime.advanceTime(5000);
      return at.take();
    };
    expect(run(false)).toEqual(['early: {"s":"early"}', 'late: {"s":"late"}']);
    expect(run(true)).toEqual(run(false));
  });

  it('the evidence of groups, of rows and of partial matches', () => {
    const run = (restart: boolean): unknown => {
      let at = start(
        `${schema}
        insert into Many select src, count(*) as n from Flow#length(4) group by src;
        @Name('pair') select a.src as s from pattern [every a=Many(n = 2) -> b=Many(n = 3)];`,
        { evidence: () => 5 },
      );
      send(at, 'a', 1);
      send(at, 'a', 2);
      if (restart) at = at.restart();
      at.takeRows();
      send(at, 'a', 3);
      const [, pair] = at.takeRows();
      return evidenceOf(pair).map((event) => (event as { readonly octets: number }).octets);
    };
    expect(run(false)).toEqual([1, 2, 3]);
    expect(run(true)).toEqual([1, 2, 3]);
  });

  it('properties that only some statement asks for by name', () => {
    const before = start(`${schema} @Name('s') select prior(1, extra?) as e from Flow;`);
    before.runtime.sendEvent('Flow', { src: 'a', extra: 'x' });
    const after = before.restart();
    expect(differenceOf(before.runtime, after.runtime)).toBeUndefined();
    send(after, 'b', 1);
    expect(after.take()).toEqual(['s: {"e":"x"}']);
  });

  it('values of every kind', () => {
    const before = start(`create schema E(a string, b double, c long, d boolean, e java.util.Map, f string[]);
      @Name('s') select window(*) as w from E#keepall;`);
    const long = '\u{1F600}'.repeat(3000);
    const rows = [
      {
        a: 'é',
        b: Number.NaN,
        c: 2n ** 62n,
        d: true,
        e: { x: [1, { y: null }], __proto__: 1 },
        f: ['a', long],
      },
      { a: '\ud800', b: -0, c: -(2n ** 62n), d: false, e: new Map([['k', new Date(5)]]), f: [] },
      { a: '', b: 1e300, c: -(2 ** 53), d: null, e: JSON.parse('{"__proto__": 7}'), f: null },
      { a: null, b: Number.NEGATIVE_INFINITY, c: 0, d: true, e: null, f: [long, 'x'] },
    ];
    for (const row of rows) before.runtime.sendEvent('E', row);
    const after = before.restart();
    expect(reasons(after.report)).toEqual({});
    expect(differenceOf(before.runtime, after.runtime)).toBeUndefined();
  });

  it('what a statement under drop-oldest gave up, and that it was told', () => {
    const run = (restart: boolean): unknown => {
      let at = start(
        `${schema} @Name('s') select irstream src from Flow#keepall;`,
        {},
        {
          limits: { maxRetained: 3 },
          overflow: 'drop-oldest',
        },
      );
      for (const src of ['a', 'b', 'c', 'd']) send(at, src, 1);
      if (restart) at = at.restart();
      at.take();
      let told = 0;
      at.runtime.onStatementError(() => told++);
      send(at, 'e', 1);
      return [at.take(), told];
    };
    expect(run(true)).toEqual(run(false));
  });
});

describe('a restore after an edit', () => {
  const edited = (before: string, after: string) => {
    const at = start(before);
    send(at, 'a', 1);
    send(at, 'a', 2);
    return at.restart(after);
  };
  const kept = `@Name('kept') select count(*) as n from Flow#keepall;`;

  it('leaves statements whose meaning is the same as they were', () => {
    const at = edited(
      `${schema}${kept}`,
      `/* new */ ${schema}
      @Name('other') select octets from Flow;
      @Name('kept') select count( * ) as n from Flow#keepall`,
    );
    expect(reasons(at.report)).toEqual({ other: 'the snapshot does not have it' });
    send(at, 'a', 3);
    expect(at.take()).toContain('kept: {"n":3}');
  });

  it('knows statements without a name by their meaning', () => {
    const at = edited(
      `${schema} select count(*) as n from Flow#keepall;`,
      `${schema} @Name('first') select octets from Flow; select count(*) as n from Flow#keepall;`,
    );
    expect(reasons(at.report)).toEqual({ first: 'the snapshot does not have it' });
  });

  it('lets changed statements begin anew, and says so', () => {
    const at = edited(`${schema}${kept}`, `${schema}@Name('kept') select count(*) as n from Flow#length(9);`);
    expect(reasons(at.report)).toEqual({ kept: 'its text, or a type that it reads, is not what it was' });
    expect(at.report.forgotten).toEqual(['kept']);
    send(at, 'a', 3);
    expect(at.take()).toEqual(['kept: {"n":1}']);
  });

  it('lets statements whose event type has changed begin anew', () => {
    const at = edited(`${schema}${kept}`, `create schema Flow(src string, octets int);${kept}`);
    expect(Object.keys(reasons(at.report))).toContain('kept');
  });

  it('lets those that read a changed named window begin anew with it', () => {
    const module = (window: string): string => `${schema}
      @Name('W') create window W#${window} as Flow;
      @Name('in') insert into W select * from Flow;
      @Name('sums') select sum(octets) as o from W;
      ${kept}`;
    const at = edited(module('keepall'), module('length(5)'));
    const reason = "the named window 'W' begins anew";
    expect(reasons(at.report)).toEqual({
      W: 'its text, or a type that it reads, is not what it was',
      sums: reason,
    });
    send(at, 'a', 4);
    expect(at.take()).toContain('sums: {"o":4}');
    expect(at.take()).toEqual([]);
  });

  it('shows a named window to statements that were put in', () => {
    const module = (more: string): string => `${schema}
      @Name('W') create window W#keepall as Flow; insert into W select * from Flow; ${more}`;
    const at = edited(module(''), module(`@Name('sums') select sum(octets) as o from W;`));
    expect(reasons(at.report)).toEqual({ sums: 'the snapshot does not have it' });
    send(at, 'a', 4);
    expect(at.take()).toContain('sums: {"o":7}');
  });

  it('puts new statements into the partitions of a context that was restored', () => {
    const module = (more: string): string => `${schema}
      @Name('c') create context C partition by src from Flow;
      @Name('n') context C select count(*) as n from Flow; ${more}`;
    const at = edited(
      module(''),
      module(`@Name('m') context C select context.id as i, count(*) as m from Flow;`),
    );
    expect(reasons(at.report)).toEqual({ m: 'the snapshot does not have it' });
    send(at, 'a', 4);
    expect(at.take()).toEqual(['n: {"n":3}', 'm: {"i":0,"m":1}']);
  });

  it('lets the statements in a changed context begin anew with it', () => {
    const module = (key: string): string => `${schema}
      @Name('c') create context C partition by ${key} from Flow;
      @Name('n') context C select count(*) as n from Flow;`;
    const at = edited(module('src'), module('src, octets'));
    expect(reasons(at.report)).toEqual({
      c: 'its text, or a type that it reads, is not what it was',
      n: "its context 'C' begins anew",
    });
    send(at, 'a', 1);
    expect(at.take()).toEqual(['n: {"n":1}']);
  });

  it('gives variables their values back, unless their declarations have changed', () => {
    const module = (initial: number): string => `${schema}
      @Name('limit') create variable long lim = ${initial}; on Flow set lim = octets;
      @Name('s') select lim as l from Flow;`;
    const same = edited(module(7), module(7));
    send(same, 'a', 9);
    expect(same.take()).toContain('s: {"l":9}');
    const changed = edited(module(7), module(8));
    expect(Object.keys(reasons(changed.report))).toEqual(['limit']);
  });
});

describe('aggregations of the program', () => {
  const largest = (savable: boolean): AggregationDefinition => {
    const state = (from: number) => {
      let most = from;
      return {
        enter: (value: number) => {
          most = Math.max(most, value);
        },
        leave: () => {},
        value: () => most,
        ...(savable ? { save: () => most } : {}),
      };
    };
    const definition = {
      name: 'largest',
      parameters: ['long'],
      result: 'long',
      create: () => state(0),
    } as const;
    return savable ? { ...definition, restore: (saved) => state(saved as number) } : definition;
  };
  const text = `${schema} @Name('s') select largest(octets) as l from Flow; @Name('n') select count(*) as n from Flow;`;

  it('are restored where they say how', () => {
    const before = start(text, { aggregations: [largest(true)] });
    send(before, 'a', 9);
    const after = before.restart();
    send(after, 'a', 1);
    expect(after.take()).toEqual(['s: {"l":9}', 'n: {"n":2}']);
  });

  it('let their statements begin anew where they do not, and no others', () => {
    const before = start(text, { aggregations: [largest(false)] });
    send(before, 'a', 9);
    const after = before.restart();
    expect(reasons(after.report)).toEqual({
      s: "the aggregation 'largest' says not how its state is saved",
    });
    send(after, 'a', 1);
    expect(after.take()).toEqual(['s: {"l":1}', 'n: {"n":2}']);
  });
});

describe('what no snapshot can hold', () => {
  it('lets the statements that hold it begin anew, and no others', () => {
    const before = start(`create schema E(x java.lang.Object); create schema F(y int);
      @Name('s') select window(*) as w from E#length(5);
      @Name('t') select window(*) as w from E#keepall;
      @Name('n') select count(*) as n from F;`);
    before.runtime.sendEvent('E', { x: () => 1 });
    before.runtime.sendEvent('F', { y: 1 });
    const after = before.restart();
    const reason = 'it holds a function, which a snapshot cannot';
    expect(reasons(after.report)).toEqual({ s: reason, t: reason });
    after.runtime.sendEvent('F', { y: 1 });
    expect(after.take()).toEqual(['n: {"n":2}']);
  });
});
