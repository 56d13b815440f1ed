import { type DemoResult, runDemo } from '../demo/demo.ts';
import { detectingNetwork, receivingNetwork } from '../demo/network.ts';
import { interruptedExitCode, interruptible } from './interrupt.ts';
import { createProgress, type Progress } from './progress.ts';

export interface DemoOptions {
  readonly seed: number;
  readonly speed: number;
  readonly watch?: boolean;
  /** Of the page. */
  readonly port?: number;
}

export async function runDemoCommand({ seed, speed, watch, port = 0 }: DemoOptions): Promise<void> {
  const startedMs = Date.now();
  let progress: Progress | undefined;
  let result: DemoResult | undefined;
  const interrupted = await interruptible(async (signal) => {
    await runDemo(
      { seed, speed, pagePort: port, isEndless: watch ?? false },
      {
        signal,
        onResult(told) {
          result = told;
          progress?.stop();
          printSummary(told);
        },
        onStep: ({ text, trafficMs }) => {
          const elapsed = `${((Date.now() - startedMs) / 1000).toFixed(1).padStart(5)} s`;
          const traffic =
            trafficMs === undefined ? '' : `[traffic ${new Date(trafficMs).toISOString().slice(11, 19)}] `;
          if (process.stderr.isTTY) process.stderr.write('\r\x1b[K'); // the progress line makes room, and comes again
          console.log(`${elapsed}  ${traffic}${text}`);
        },
        onProgress: (sent, total) => {
          progress ??= createProgress('replay', total, 'messages');
          progress.update(sent);
        },
      },
    );
  }).finally(() => progress?.stop());
  if (interrupted && !(watch && result !== undefined)) {
    process.exitCode = interruptedExitCode;
    return;
  }
  if (result !== undefined && !result.checks.every(({ passed }) => passed)) process.exitCode = 1;
}

function printSummary({ truth, stagesSeen, events, alertBytes, feedback, checks }: DemoResult): void {
  const [attack] = truth.attacks;
  const [event] = events;
  const clock = (timeMs: number) => new Date(timeMs).toISOString().slice(11, 19);
  const addresses = (endpoints: { readonly address?: string | undefined }[]) =>
    [...new Set(endpoints.map(({ address }) => address))].join(', ') || 'not found';
  const sizes = alertBytes.map((bytes) => bytes.toLocaleString('en-US')).join(', ');
  const rows: [string, string][] = [
    ['attacker', addresses([...(event?.sources ?? [])])],
    ['stages', [...stagesSeen].map(([statement, timeMs]) => `${statement} at ${clock(timeMs)}`).join(', ')],
    [
      'truth',
      attack.stages
        .map(
          ({ stage, startMs, endMs, targets }) =>
            `${stage} ${clock(startMs)} to ${clock(endMs)} on ${targets.length} hosts`,
        )
        .join(', '),
    ],
    ['targets', addresses(events.flatMap(({ targets }) => targets ?? []))],
    ['told', `${receivingNetwork.party.name}, by ${detectingNetwork.party.name}`],
    ['FLEX', `${alertBytes.length} ${alertBytes.length === 1 ? 'message' : 'messages'}: ${sizes || 0} bytes`],
    ['feedback', feedback.map(({ conversation }) => conversation?.outcome?.status).join(', ') || 'none'],
  ];
  console.log('');
  for (const [name, value] of rows) console.log(`${name.padEnd(10)}${value}`);
  console.log('');
  for (const { what, passed } of checks) console.log(`${passed ? 'ok    ' : 'FAILED'}  ${what}`);
}
