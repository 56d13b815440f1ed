/** One thing to measure: `run` does the work once and returns how many units it did. */
export interface Benchmark {
  /** Stable name, e.g. `flex/encode-1000x15`. */
  readonly id: string;
  /** What is counted, in the plural: `flows`, `lines`, `records`. */
  readonly unit: string;
  /** Runs before measuring, so that the JIT has seen the code; default 2. */
  readonly warmups?: number;
  /** Measured runs, of which the median is reported; default 5. */
  readonly repeats?: number;
  /** Prepares the input, outside the measured time. */
  setup?(): void | Promise<void>;
  run(): number | Promise<number>;
  teardown?(): void | Promise<void>;
  /** What else the last run showed, in one line. */
  notes?(): string;
}

export interface Measurement {
  readonly id: string;
  readonly unit: string;
  /** Units of one run. */
  readonly count: number;
  /** Median over the repeats; CPU seconds are user + system of the whole process, GC and JIT threads included. */
  readonly perCpuSecond: number;
  readonly lowest: number;
  readonly highest: number;
  /** Peak resident set of the process so far, bytes. */
  readonly peakRssBytes: number;
  readonly notes?: string;
}

/** Measures by CPU time, since wall time on a shared machine says more about the neighbours. */
export async function measure(benchmark: Benchmark): Promise<Measurement> {
  const { id, unit, warmups = 2, repeats = 5 } = benchmark;
  await benchmark.setup?.();
  try {
    for (let i = 0; i < warmups; i++) await benchmark.run();
    const rates: number[] = [];
    let count = 0;
    for (let i = 0; i < repeats; i++) {
      const before = process.cpuUsage();
      count = await benchmark.run();
      const { user, system } = process.cpuUsage(before);
      rates.push(count / ((user + system) / 1e6));
    }
    rates.sort((a, b) => a - b);
    return {
      id,
      unit,
      count,
      perCpuSecond: rates[rates.length >> 1],
      lowest: rates[0],
      highest: rates[rates.length - 1],
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      ...(benchmark.notes === undefined ? {} : { notes: benchmark.notes() }),
    };
  } finally {
    await benchmark.teardown?.();
  }
}
