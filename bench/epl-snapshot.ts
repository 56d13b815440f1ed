import { type CompiledModule, compile, createRuntime, type Runtime } from '@flowpact/epl';
import type { Benchmark } from './measure.ts';

const million = 1_000_000;
const schema = 'create schema Flow(src string, dst string, dport int, octets long, startMs long);';

/** What a collector keeps: the events of a window with the totals of its hosts, or partial matches of a pattern. */
const modules = {
  grouped: `${schema}
    select src, count(*) as n, sum(octets) as o from Flow#time(1 hour) group by src`,
  partials: `${schema} create schema Alert(src string);
    select a.dport as p from pattern [every a=Flow -> (b=Alert(src = a.src) where timer:within(1 hour))]`,
} as const;

type Name = keyof typeof modules;

function compiled(name: Name): CompiledModule {
  const result = compile(modules[name]);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.module;
}

/** A million flows from ten thousand hosts, one a millisecond. */
function filled(module: CompiledModule): Runtime {
  const runtime = createRuntime();
  runtime.deploy(module);
  const sender = runtime.sender('Flow');
  const startMs = 1_700_000_000_000;
  for (let i = 0; i < million; i++) {
    const host = (i * 7919) % 10_000;
    runtime.advanceTime(startMs + i);
    sender.send({
      src: `10.1.${host >> 8}.${host & 255}`,
      dst: `192.0.2.${(i * 31) % 256}`,
      dport: (i * 37) % 65_536,
      octets: (i * 7907) % 1_000_000,
      startMs: startMs + i - (i % 500),
    });
  }
  return runtime;
}

const wallMs = (action: () => unknown): number => {
  const beganMs = performance.now();
  action();
  return performance.now() - beganMs;
};

const inAll = (values: readonly number[]): string =>
  `${Math.round([...values].sort((a, b) => a - b)[values.length >> 1])} ms in all (median)`;

function benchmarksOf(name: Name): readonly Benchmark[] {
  let module: CompiledModule;
  let runtime: Runtime | undefined;
  let bytes: Uint8Array;
  const times: { readonly snapshot: number[]; readonly restore: number[] } = { snapshot: [], restore: [] };
  const common = { unit: name === 'grouped' ? 'events' : 'partial matches', warmups: 1, repeats: 3 };
  return [
    {
      id: `epl-snapshot/${name}-snapshot`,
      ...common,
      setup() {
        module = compiled(name);
        runtime = filled(module);
      },
      run() {
        times.snapshot.push(
          wallMs(() => {
            bytes = runtime!.snapshot();
          }),
        );
        return million;
      },
      notes: () => `${bytes.length.toLocaleString('en-US')} bytes, ${inAll(times.snapshot)}`,
    },
    {
      id: `epl-snapshot/${name}-restore`,
      ...common,
      setup() {
        module ??= compiled(name);
        bytes ??= filled(module).snapshot();
        runtime = undefined;
      },
      run() {
        const restored = createRuntime();
        restored.deploy(module);
        times.restore.push(wallMs(() => restored.restore(bytes)));
        return million;
      },
      notes: () => inAll(times.restore),
    },
  ];
}

export const benchmarks: readonly Benchmark[] = [...benchmarksOf('grouped'), ...benchmarksOf('partials')];
