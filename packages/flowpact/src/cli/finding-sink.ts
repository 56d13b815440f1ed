import { systemClock } from '@flowpact/ipfix';
import { plainOutput } from '../config/read-outputs.ts';
import type { Finding } from '../daemon/detection-messages.ts';
import { withinTime } from '../daemon/within-time.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { createFindingOutput, type FindingOutput } from '../output/finding-output.ts';
import type { DocumentFormat } from '../output/format/document-formats.ts';
import type { LineSink } from '../output/line-sink.ts';
import { isSpooled, type OutputSettings } from '../output/output-settings.ts';
import { createMemorySpool } from '../output/spool/memory-spool.ts';

export interface FindingSinkOptions {
  readonly events?: boolean;
  readonly to?: string;
  readonly format?: DocumentFormat;
  readonly index?: string;
}

/** Where a command that runs once puts what it finds. */
export interface FindingSink {
  write(finding: Finding): void;
  /** For who makes findings; `ready` waits no longer than until the signal. */
  until(signal: AbortSignal): Pick<LineSink, 'open' | 'ready'>;
  /**
   * Waits until all has arrived, or the receiver has taken nothing for half a minute; after the signal, two seconds.
   * @throws FlowpactError `FLOWPACT_NETWORK` where not all has arrived.
   */
  close(signal: AbortSignal): Promise<void>;
}

/** How long a receiver that takes nothing is waited for at the end, milliseconds. */
const patienceMs = 30_000;
/** How long what waits is still sent after the signal, milliseconds. */
const interruptedMs = 2000;

/** @throws FlowpactError for what does not go together or cannot be opened. */
export async function openFindingSink({
  events = false,
  to = '-',
  format,
  index,
}: FindingSinkOptions): Promise<FindingSink> {
  const settings = plainOutput({
    to,
    what: events ? 'events' : 'detections',
    format,
    ...(index === undefined ? {} : { elasticsearch: { index } }),
  });
  const rejections: string[] = [];
  const output = createFindingOutput(settings, {
    spool: createMemorySpool(),
    deadLetters: { add: async (rejected) => void rejections.push(...rejected.map(({ reason }) => reason)) },
    clock: systemClock,
    random: Math.random,
    onRemark: (text) => console.error(`flowpact: ${text}`),
    file: 'replace',
  });
  await output.start();
  return {
    write: (finding) => output.write(finding),
    until: (signal) => ({
      get open() {
        return isSpooled(settings.target) || output.report.state === 'up';
      },
      ready: () => unlessAborted(output.ready(), signal),
    }),
    async close(signal) {
      const isWaitedFor = isSpooled(settings.target);
      if (isWaitedFor && !signal.aborted) await waitForAll(output, signal);
      await output.stop(interruptedMs);
      const { spooled, rejected, dropped, reason = rejections[0] } = output.report;
      const lost = spooled + rejected + (isWaitedFor ? dropped : 0);
      if (lost > 0) throw lostError(settings, lost, reason);
    },
  };
}

/** Goes on as long as something arrives. */
async function waitForAll(output: FindingOutput, signal: AbortSignal): Promise<void> {
  for (let before = -1; before !== output.report.written + output.report.rejected; ) {
    before = output.report.written + output.report.rejected;
    if (await withinTime(unlessAborted(output.ready(1), signal), patienceMs)) return;
  }
}

function unlessAborted(done: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = () => resolve();
    signal.addEventListener('abort', stop, { once: true });
    done.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function lostError({ to }: OutputSettings, lost: number, reason: string | undefined): FlowpactError {
  const count = lost.toLocaleString('en-US');
  const why = reason === undefined ? '' : `: ${reason}`;
  return new FlowpactError('FLOWPACT_NETWORK', `${count} findings have not arrived at ${to}${why}`);
}
