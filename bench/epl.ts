import { compile, createRuntime, formatDiagnostic } from '@flowpact/epl';
import type { Benchmark } from './measure.ts';

const startMs = 1_500_000_000_000;

/** The generator of the workloads: the same events on every engine. */
function randomNumbers(): (below: number) => number {
  let state = 12345;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

type Random = ReturnType<typeof randomNumbers>;
type Event = Readonly<Record<string, unknown>>;

interface Workload {
  readonly id: string;
  readonly events: number;
  /** New and old rows that must come out, exactly. */
  readonly rows: number;
  /** How many events share a millisecond. */
  readonly perMillisecond: number;
  readonly epl: string;
  draw(random: Random): { readonly type: string; readonly data: Event };
}

const ports = [22, 80, 443, 8080];

const scan = (id: string, sources: number, rows: number): Workload => ({
  id,
  events: 2_000_000,
  rows,
  perMillisecond: 10,
  epl: `
    create map schema Flow(source string, port int, packets int, protocol int);
    @Name('out') select source, port, count(*) from Flow.win:time_batch(1 minute)
    where packets < 10 and protocol = 6 group by source, port having count(*) > 16;`,
  draw: (random) => ({
    type: 'Flow',
    data: {
      source: `10.0.0.${random(sources)}`,
      port: ports[random(4)],
      packets: 1 + random(12),
      protocol: random(10) < 9 ? 6 : 17,
    },
  }),
});

const keyed = (
  id: string,
  keys: number,
  perMillisecond: number,
  rows: number,
  statement: string,
): Workload => ({
  id,
  events: 1_000_000,
  rows,
  perMillisecond,
  epl: `create map schema E(k string, x int); @Name('out') ${statement};`,
  draw: (random) => ({ type: 'E', data: { k: `k${random(keys)}`, x: random(100) } }),
});

/** So many statements, each with an equality filter of its own; the first is the one that is heard. */
function filters(count: number): string {
  const select = (i: number) => `select k, x from E(k = 'k${i}')`;
  const others = Array.from({ length: count - 1 }, (_, i) => `; ${select(i + 1)}`);
  return select(0) + others.join('');
}

const workloads: readonly Workload[] = [
  scan('a1k', 250, 3_000),
  scan('a100k', 25_000, 1),
  keyed('b1k', 1_000, 5, 1_698_608, 'select k, count(*) from E#time(1 min) group by k'),
  keyed('b100k', 100_000, 5, 1_699_987, 'select k, count(*) from E#time(1 min) group by k'),
  {
    id: 'd',
    events: 1_000_000,
    rows: 496_982,
    perMillisecond: 1,
    epl: `
      create map schema L(k string, x int);
      create map schema R(k string, y int);
      @Name('out') select L.k as k, x, y from L#time(10 sec), R#time(10 sec) where L.k = R.k;`,
    draw: (random) => {
      const left = random(2) === 0;
      const k = `k${random(10_000)}`;
      const value = random(100);
      return left ? { type: 'L', data: { k, x: value } } : { type: 'R', data: { k, y: value } };
    },
  },
  keyed('p', 100, 1, 89_818, 'select k, x from E(x > 90)'),
  // Not Esper's: one statement with an equality filter, and the same beside 999 others.
  keyed('one', 1_000, 1, 1_027, filters(1)),
  keyed('thousand', 1_000, 1, 1_027, filters(1_000)),
  keyed('w', 100, 1, 1_988_730, 'select k, sum(x), avg(x), max(x) from E#length(1000) group by k'),
];

/** Compiles the workload's module or says why it cannot. */
function compiled(text: string) {
  const result = compile(text);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.module;
}

/** Events are instances of their types, made in memory beforehand; a run deploys, sends them all and counts the rows. */
function benchmark(workload: Workload): Benchmark {
  const { id, events, rows, perMillisecond, epl, draw } = workload;
  let module: ReturnType<typeof compiled> | undefined;
  let input: { readonly type: string; readonly event: object }[] = [];
  return {
    id: `epl/${id}`,
    unit: 'events',
    setup() {
      module = compiled(epl);
      const types = new Map(module.eventTypes.map((type) => [type.name, type]));
      const random = randomNumbers();
      input = [];
      for (let i = 0; i < events; i++) {
        const { type, data } = draw(random);
        input.push({ type, event: Object.assign(new (types.get(type)!.Instance)(), data) });
      }
    },
    run() {
      const runtime = createRuntime({ startTimeMs: startMs });
      const deployment = runtime.deploy(module!);
      let count = 0;
      deployment.statement('out')!.addListener(({ newRows, oldRows }) => {
        count += newRows.length + oldRows.length;
      });
      runtime.onStatementError(({ error }) => {
        throw error;
      });
      const senders = new Map(module!.eventTypes.map((type) => [type.name, runtime.sender(type.name)]));
      let left = 0;
      let nowMs = startMs;
      for (const { type, event } of input) {
        if (left === 0) {
          runtime.advanceTime(nowMs++);
          left = perMillisecond;
        }
        left--;
        senders.get(type)!.sendInstance(event);
      }
      if (count !== rows)
        throw new Error(`${id}: ${count} rows instead of ${rows}: something else was measured`);
      return events;
    },
    teardown() {
      input = [];
    },
  };
}

export const benchmarks: readonly Benchmark[] = workloads.map(benchmark);
