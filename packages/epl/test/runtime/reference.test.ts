import { compile, createRuntime, formatDiagnostic, type Row } from '@flowpact/epl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** What happens to the engine: an event after a while. */
interface Arrival {
  readonly afterMs: number;
  readonly k: string | null;
  readonly x: number | null;
}

const arrivals = fc.array(
  fc.record({
    afterMs: fc.constantFrom(0, 0, 1, 300, 999, 1000, 1001, 2500, 7000),
    k: fc.constantFrom('a', 'b', 'c', null),
    x: fc.option(fc.integer({ min: -5, max: 20 })),
  }),
  { maxLength: 40 },
);

interface Given {
  readonly newRows: readonly Row[];
  readonly oldRows: readonly Row[];
}

const schema = 'create schema E(k string, x int);';
const columns = 'k, count(*) as n, count(x) as c, sum(x) as s, avg(x) as a, min(x) as lo, max(x) as hi';

/** Every delivery of the statement, in order; at last the clock moves on for a minute. */
function observe(statement: string, list: readonly Arrival[]): Given[] {
  const result = compile(`${schema} @Name('out') ${statement}`);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime();
  const given: Given[] = [];
  runtime
    .deploy(result.module)
    .statement('out')!
    .addListener(({ newRows, oldRows }) => given.push({ newRows, oldRows }));
  runtime.onStatementError(({ error }) => {
    throw error;
  });
  let nowMs = 0;
  for (const { afterMs, k, x } of list) {
    nowMs += afterMs;
    runtime.advanceTime(nowMs);
    runtime.sendEvent('E', { k, x });
  }
  for (let i = 1; i <= 60; i++) runtime.advanceTime(nowMs + i * 1000);
  return given;
}

type Event = Pick<Arrival, 'k' | 'x'>;

/** The row of a group, computed from all its events anew. */
function rowOf(k: string | null, events: readonly Event[]): Row {
  const mine = events.filter((event) => event.k === k);
  const values = mine.map(({ x }) => x).filter((x) => x !== null);
  const sum = values.reduce((total, x) => total + x, 0);
  return {
    k,
    n: mine.length,
    c: values.length,
    s: values.length === 0 ? null : sum,
    a: values.length === 0 ? null : sum / values.length,
    lo: values.length === 0 ? null : Math.min(...values),
    hi: values.length === 0 ? null : Math.max(...values),
  };
}

const keysOf = (events: readonly Event[]): (string | null)[] => [...new Set(events.map(({ k }) => k))];

/** What a change of the window's content gives: a row for each group touched. */
function change(before: readonly Event[], after: readonly Event[], touched: readonly Event[]): Given {
  const keys = keysOf(touched);
  return { newRows: keys.map((k) => rowOf(k, after)), oldRows: keys.map((k) => rowOf(k, before)) };
}

/** The rows of a delivery in any order of the groups; averages to what rounding leaves equal. */
const comparable = (given: readonly Given[]) =>
  given
    .filter(({ newRows, oldRows }) => newRows.length + oldRows.length > 0)
    .map(({ newRows, oldRows }) =>
      [newRows, oldRows].map((rows) => rows.map((row) => JSON.stringify(rounded(row))).sort()),
    );

const rounded = (row: Row): Row => ({
  ...row,
  a: typeof row.a === 'number' ? Math.round(row.a * 1e6) / 1e6 : row.a,
});

type Model = (list: readonly Arrival[]) => Given[];

const lengthModel: Model = (list) => {
  const given: Given[] = [];
  let window: Event[] = [];
  for (const event of list) {
    const leaving = window.length === 3 ? [window[0]] : [];
    const after = [...window.slice(leaving.length), event];
    given.push(change(window, after, [event, ...leaving]));
    window = after;
  }
  return given;
};

const timeModel: Model = (list) => {
  const given: Given[] = [];
  let window: { event: Event; atMs: number }[] = [];
  const events = () => window.map(({ event }) => event);
  let nowMs = 0;
  const expire = () => {
    const leaving = window.filter(({ atMs }) => atMs + 2000 <= nowMs).map(({ event }) => event);
    if (leaving.length === 0) return;
    const before = events();
    window = window.filter(({ atMs }) => atMs + 2000 > nowMs);
    given.push(change(before, events(), leaving));
  };
  for (const event of list) {
    nowMs += event.afterMs;
    expire();
    const before = events();
    window.push({ event, atMs: nowMs });
    given.push(change(before, events(), [event]));
  }
  for (let i = 0; i < 60; i++) {
    nowMs += 1000;
    expire();
  }
  return given;
};

const batchModel: Model = (list) => {
  const given: Given[] = [];
  let anchorMs: number | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  let current: Event[] = [];
  let last: Event[] = [];
  let nowMs = 0;
  const nextTick = () => anchorMs! + (Math.floor((nowMs - anchorMs!) / 2000) + 1) * 2000;
  const advance = (toMs: number) => {
    nowMs = toMs;
    if (dueMs > nowMs) return;
    given.push(change(last, current, [...current, ...last]));
    dueMs = current.length > 0 ? nextTick() : Number.POSITIVE_INFINITY;
    last = current;
    current = [];
  };
  for (const event of list) {
    advance(nowMs + event.afterMs);
    anchorMs ??= nowMs;
    current.push(event);
    if (dueMs === Number.POSITIVE_INFINITY) dueMs = nextTick();
  }
  for (let i = 0; i < 60; i++) advance(nowMs + 1000);
  return given;
};

const windows: readonly [string, Model][] = [
  ['length(3)', lengthModel],
  ['time(2 sec)', timeModel],
  ['time_batch(2 sec)', batchModel],
];

describe('windows and groups agree with a model that computes everything anew', () => {
  it.each(windows)('#%s, a row a group, both streams', (window, model) => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const given = observe(`select irstream ${columns} from E#${window} group by k`, list);
        expect(comparable(given)).toEqual(comparable(model(list)));
      }),
      { numRuns: 300 },
    );
  });

  it.each(windows)('#%s, with where and having', (window, model) => {
    fc.assert(
      fc.property(arrivals, (list) => {
        // Where follows the window: what it rejects still fills windows, so the model filters rows, not arrivals.
        const given = observe(`select ${columns} from E#${window} group by k having count(*) > 1`, list);
        const expected = model(list).map(({ newRows }) => ({
          newRows: newRows.filter((row) => Number(row.n) > 1),
          oldRows: [],
        }));
        expect(comparable(given)).toEqual(comparable(expected));
      }),
      { numRuns: 200 },
    );
  });

  it('a batch that keeps events gives what one that only counts gives', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const counting = `select irstream ${columns} from E#time_batch(2 sec) where x is null or x > 3 group by k`;
        // The clock in a filter keeps the plan from counting on arrival, and changes nothing.
        const keeping = counting
          .replace('where', 'where current_timestamp > -1 and (')
          .replace(' group', ') group');
        expect(comparable(observe(keeping, list))).toEqual(comparable(observe(counting, list)));
      }),
      { numRuns: 200 },
    );
  });

  it('a join gives the pairs that nested loops give', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const given = observe(
          'select a.k as k, a.x as x, b.x as y from E#length(3) as a, E(x > 3)#length(4) as b where a.k = b.k',
          list,
        );
        const expected: string[][] = [];
        const left: Event[] = [];
        const right: Event[] = [];
        for (const event of list) {
          left.push(event);
          if (left.length > 3) left.shift();
          const enters = event.x !== null && event.x > 3;
          if (enters) right.push(event);
          if (right.length > 4) right.shift();
          const pairs = left
            .flatMap((a) => right.map((b) => ({ a, b })))
            .filter(({ a, b }) => a.k !== null && a.k === b.k && (a === event || (enters && b === event)));
          if (pairs.length > 0)
            expected.push(pairs.map(({ a, b }) => JSON.stringify({ k: a.k, x: a.x, y: b.x })).sort());
        }
        expect(given.map(({ newRows }) => newRows.map((row) => JSON.stringify(row)).sort())).toEqual(
          expected,
        );
      }),
      { numRuns: 200 },
    );
  });
});
