import { type Benchmark, measure } from './measure.ts';

/** A suite measures benchmarks in this process, or itself, in processes of its own. */
type Suite =
  | { readonly benchmarks: readonly Benchmark[]; markdown?(): Promise<string> }
  | {
      measurements(names: readonly string[]): Iterable<object>;
      printed(result: object): string;
    }
  /** Checks something over a while; resolves with whether all of it held. */
  | { run(options: ReadonlyMap<string, number>, print: (line: string) => void): Promise<boolean> };

/** The suites by name; a suite is imported only when it is asked for. */
const suites: Record<string, () => Promise<Suite>> = {
  detect: () => import('./detect.ts'),
  ipfix: () => import('./ipfix.ts'),
  'ipfix-filter': () => import('./ipfix-filter.ts'),
  'ipfix-udp': () => import('./ipfix-udp.ts'),
  epl: () => import('./epl.ts'),
  'epl-memory': () => import('./epl-memory.ts'),
  'epl-snapshot': () => import('./epl-snapshot.ts'),
  flex: () => import('./flex.ts'),
  formats: () => import('./formats.ts'),
  store: () => import('./store.ts'),
  exchange: () => import('./exchange.ts'),
  response: () => import('./response.ts'),
  soak: () => import('./soak.ts'),
  slowdown: () => import('./slowdown.ts'),
};

const usage = `usage: npm run bench -- [SUITE[/NAME]…] [--json]

Prints throughput per CPU second (median of the runs, lowest and highest beside it).
Suites: ${Object.keys(suites).join(', ')}; default: all. A NAME chooses one benchmark: epl/b1k.
soak: --minutes N of traffic (default 10), --rate flows a second (default 1000), --speed times as fast as real (default 1, and 20
  without --minutes).
--json prints one object a line, --markdown the page of the reference that a suite makes (formats).`;

const args = process.argv.slice(2);
/** Those with a value, taken out of the others. */
const options = new Map<string, number>();
for (const name of ['minutes', 'rate', 'speed']) {
  const at = args.indexOf(`--${name}`);
  if (at < 0) continue;
  const [, value] = args.splice(at, 2);
  options.set(name, Number(value));
}
const json = args.includes('--json');
const markdown = args.includes('--markdown');
/** The suites asked for, and which of their benchmarks: none named means all. */
const wanted = new Map<string, string[]>();
for (const arg of args.filter((other) => !other.startsWith('-'))) {
  const [suite, ...name] = arg.split('/');
  const names = wanted.get(suite) ?? [];
  if (name.length > 0) names.push(name.join('/'));
  wanted.set(suite, names);
}
if (wanted.size === 0) for (const suite of Object.keys(suites)) wanted.set(suite, []);
const isWrong = [...options.values()].some((value) => !(value > 0));
const unknown = [...wanted.keys()].filter((name) => !(name in suites));
if (args.includes('--help') || unknown.length > 0 || isWrong) {
  if (unknown.length > 0) console.error(`no such suite: ${unknown.join(', ')}\n`);
  console.error(usage);
  process.exit(args.includes('--help') ? 0 : 2);
}

const format = (rate: number) => Math.round(rate).toLocaleString('en-US');
for (const [name, chosen] of wanted) {
  const suite = await suites[name]();
  if ('run' in suite) {
    if (!(await suite.run(options, console.log))) process.exitCode = 1;
    continue;
  }
  if ('measurements' in suite) {
    for (const result of suite.measurements(chosen))
      console.log(json ? JSON.stringify(result) : suite.printed(result));
    continue;
  }
  if (markdown && suite.markdown !== undefined) {
    process.stdout.write(await suite.markdown());
    continue;
  }
  for (const benchmark of suite.benchmarks) {
    if (chosen.length > 0 && !chosen.some((one) => benchmark.id === `${name}/${one}`)) continue;
    const result = await measure(benchmark);
    console.log(
      json
        ? JSON.stringify(result)
        : `${result.id.padEnd(34)} ${format(result.perCpuSecond).padStart(13)} ${result.unit}/CPU s` +
            `   (${format(result.lowest)} … ${format(result.highest)}; peak RSS ${format(result.peakRssBytes / 1e6)} MB)`,
    );
    if (!json && result.notes !== undefined) console.log(`${' '.repeat(4)}${result.notes}`);
  }
}
