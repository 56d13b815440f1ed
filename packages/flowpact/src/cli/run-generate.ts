import { writeFile } from 'node:fs/promises';
import { FlowpactError } from '../flowpact-error.ts';
import type { ExportedFlow } from '../generate/export-order.ts';
import { exportTraffic } from '../generate/export-traffic.ts';
import type { ScenarioName } from '../generate/scenarios/scenarios.ts';
import { generateTraffic } from '../generate/traffic.ts';
import { interruptedExitCode, interruptible } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { writePieces } from './write-files.ts';

export interface GenerateOptions {
  readonly output: string;
  readonly truth?: string;
  readonly seed: number;
  readonly start: number;
  readonly duration: number;
  readonly rate: number;
  readonly ipv6: number;
  readonly diurnal?: boolean;
  readonly attack: readonly ScenarioName[] | false;
}

export async function runGenerate(options: GenerateOptions): Promise<void> {
  const { output, seed, start, duration, rate, attack } = options;
  if (output === '-' && process.stdout.isTTY) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'IPFIX is nothing for a terminal: redirect it, or give -o FILE',
    );
  }
  const traffic = generateTraffic({
    seed,
    startMs: Math.floor(start / 1000) * 1000,
    durationMs: duration,
    flowsPerSecond: rate,
    ipv6Share: options.ipv6,
    diurnal: options.diurnal ?? false,
    attacks: attack === false ? [] : attack.map((scenario) => ({ scenario })),
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
      traffic.truth.attacks
        .map(({ scenario, attackers }) => `${scenario} from ${many(attackers)}`)
        .join(', ') || 'no attack';
    console.error(`${output}: ${flows.toLocaleString('en-US')} flows, ${attacks}; truth: ${truthFile}`);
  }
  if (interrupted) process.exitCode = interruptedExitCode;
}

function many(attackers: readonly string[]): string {
  return attackers.length > 3 ? `${attackers.length.toLocaleString('en-US')} sources` : attackers.join(', ');
}
