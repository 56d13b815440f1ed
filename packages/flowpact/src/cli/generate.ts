import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ExportedFlow } from '../generate/export-order.ts';
import { exportTraffic } from '../generate/export-traffic.ts';
import { generateTraffic } from '../generate/traffic.ts';
import { interruptedExitCode, interruptible } from './interrupt.ts';
import { parseDurationMs, parsePositive, parseTimeMs, parseUnsigned32 } from './option-parsers.ts';
import { createProgress } from './progress.ts';
import { writePieces } from './write-files.ts';

interface GenerateOptions {
  readonly output: string;
  readonly truth?: string;
  readonly seed: number;
  readonly start: number;
  readonly duration: number;
  readonly rate: number;
  readonly attack: boolean;
}

export function addGenerateCommand(program: Command): void {
  program
    .command('generate')
    .summary('make labelled synthetic traffic as an IPFIX file')
    .description(
      'Makes synthetic traffic as an IPFIX file: web, DNS, ICMP and SSH in the background, and one multi-stage\n' +
        'HTTP attack (scan, probe of the log-in page, brute force). The same seed gives the same file. What is in it\n' +
        'is written beside it as JSON, so that detections can be held against the truth.',
    )
    .option('-o, --output <file>', 'the IPFIX file to write, - for standard output', 'traffic.ipfix')
    .option('--truth <file>', 'where the truth goes (default: the output with .truth.json; none for -)')
    .option('--seed <number>', 'another seed, other traffic', parseUnsigned32, 1)
    .option('--start <time>', 'when the first flows start', parseTimeMs, Date.UTC(2026, 0, 1))
    .option('--duration <time>', 'how long flows go on starting: 90s, 10m, 2h', parseDurationMs, 8 * 60_000)
    .option('--rate <flows>', 'flows a second in the background', parsePositive, 40)
    .option('--no-attack', 'only the background')
    .addHelpText(
      'after',
      '\nExamples:\n  flowpact generate -o day.ipfix --seed 7 --duration 24h\n  flowpact generate -o - | flowpact collect -r -',
    )
    .action(runGenerate);
}

async function runGenerate(options: GenerateOptions): Promise<void> {
  const { output, seed, start, duration, rate, attack } = options;
  const traffic = generateTraffic({
    seed,
    startMs: Math.floor(start / 1000) * 1000,
    durationMs: duration,
    flowsPerSecond: rate,
    ...(attack ? {} : { attack: false }),
  });
  const progress = createProgress('generate', traffic.expectedFlows, 'flows');
  let flows = 0;
  const counted = function* (): Generator<ExportedFlow> {
    for (const flow of traffic.flows) {
      if ((++flows & 0xfff) === 0) progress.update(flows);
      yield flow;
    }
  };
  const interrupted = await interruptible((signal) => writePieces(output, exportTraffic(counted()), signal));
  progress.stop();
  const truthFile = options.truth ?? (output === '-' ? undefined : `${output}.truth.json`);
  if (truthFile !== undefined) await writeFile(truthFile, `${JSON.stringify(traffic.truth, undefined, 2)}\n`);
  if (output !== '-') {
    const attacks =
      traffic.truth.attacks.map(({ type, attacker }) => `${type} from ${attacker}`).join(', ') || 'no attack';
    console.error(`${output}: ${flows.toLocaleString('en-US')} flows, ${attacks}; truth: ${truthFile}`);
  }
  if (interrupted) process.exitCode = interruptedExitCode;
}
