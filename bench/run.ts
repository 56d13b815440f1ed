import { type Benchmark, measure } from './measure.ts';

/** The suites by name; a suite is imported only when it is asked for. */
const suites: Record<string, () => Promise<{ benchmarks: readonly Benchmark[] }>> = {
  detect: () => import('./detect.ts'),
  ipfix: () => import('./ipfix.ts'),
  'ipfix-filter': () => import('./ipfix-filter.ts'),
  epl: () => import('./epl.ts'),
  flex: () => import('./flex.ts'),
};

const usage = `usage: npm run bench -- [SUITE…] [--json]

Prints throughput per CPU second (median of the runs, lowest and highest beside it).
Suites: ${Object.keys(suites).join(', ')}; default: all. --json prints one object a line.`;

const args = process.argv.slice(2);
const json = args.includes('--json');
const names = args.filter((arg) => !arg.startsWith('-'));
const unknown = names.filter((name) => !(name in suites));
if (args.includes('--help') || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no such suite: ${unknown.join(', ')}\n`);
  console.error(usage);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const format = (rate: number) => Math.round(rate).toLocaleString('en-US');
for (const name of names.length > 0 ? names : Object.keys(suites)) {
  const { benchmarks } = await suites[name]();
  for (const benchmark of benchmarks) {
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
