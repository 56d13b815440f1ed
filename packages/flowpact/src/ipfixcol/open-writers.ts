import type { TimeShift } from '@flowpact/ipfix';
import { createLineOutput } from '../collect/line-output.ts';
import type { RecordOutput } from '../collect/record-output.ts';
import { createTeeOutput } from '../collect/tee-output.ts';
import type { LineSink } from '../output/line-sink.ts';
import { openLineSink } from '../output/open-line-sink.ts';
import { createTeeLineSink } from '../output/tee-line-sink.ts';
import type { StartupWriter } from './startup-writer.ts';

/** Opens everything that a startup file writes to; where one of it cannot be had, the others are closed again. */
export async function openWriters(
  writers: readonly StartupWriter[],
  timeShiftMs: TimeShift | undefined,
): Promise<RecordOutput> {
  const opened: LineSink[] = [];
  try {
    const outputs: RecordOutput[] = [];
    for (const { options, outputs: targets } of writers) {
      const sinks: LineSink[] = [];
      for (const { target, ...how } of targets) {
        const sink = await openLineSink(target, how);
        sinks.push(sink);
        opened.push(sink);
      }
      const shift = timeShiftMs === undefined ? {} : { timeShiftMs };
      const format = { style: 'ipfixcol', options } as const;
      outputs.push(createLineOutput({ format, ...shift }, { sink: createTeeLineSink(sinks) }));
    }
    return createTeeOutput(outputs);
  } catch (error) {
    await Promise.allSettled(opened.map((sink) => sink.close()));
    throw error;
  }
}
