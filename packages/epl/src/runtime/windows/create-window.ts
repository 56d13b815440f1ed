import type { InputProgram } from '../../compile/program.ts';
import { type BatchContent, RetainedBatch } from './batch-content.ts';
import type { DataWindow, DeltaSink, WindowHost } from './data-window.ts';
import { ExtTimedWindow } from './ext-timed.ts';
import { ExtTimedBatchWindow } from './ext-timed-batch.ts';
import { KeepingWindow } from './keeping.ts';
import { LengthWindow } from './length.ts';
import { LengthBatchWindow } from './length-batch.ts';
import { TimeWindow } from './time.ts';
import { TimeAccumWindow } from './time-accum.ts';
import { TimeBatchWindow } from './time-batch.ts';
import { UniqueWindow } from './unique.ts';

/**
 * The window of an input; undefined where it has none. `counters` takes the events of a batch window in the place of
 * the window's own memory.
 */
export function createWindow(
  input: InputProgram,
  sink: DeltaSink,
  host: WindowHost,
  counters: BatchContent | undefined,
): DataWindow | undefined {
  const { window } = input.plan;
  if (window === undefined) return undefined;
  const batch = () => counters ?? new RetainedBatch(sink, host);
  const always = Number.POSITIVE_INFINITY;
  switch (window.kind) {
    case 'length':
      return new LengthWindow(window.size, sink, host);
    case 'lastevent':
      return new LengthWindow(1, sink, host);
    case 'length_batch':
      return new LengthBatchWindow(window.size, batch());
    case 'time':
      return new TimeWindow(window.durationMs, sink, host);
    case 'time_batch':
      return new TimeBatchWindow(window, batch(), host);
    case 'time_accum':
      return new TimeAccumWindow(window.durationMs, sink, host);
    case 'ext_timed':
      return new ExtTimedWindow(window.durationMs, input.windowKeys[0], sink, host);
    case 'ext_timed_batch':
      return new ExtTimedBatchWindow(window, input.windowKeys[0], batch(), host);
    case 'keepall':
      return new KeepingWindow({ size: always, untilMs: always }, sink, host);
    case 'firstevent':
      return new KeepingWindow({ size: 1, untilMs: always }, sink, host);
    case 'firstlength':
      return new KeepingWindow({ size: window.size, untilMs: always }, sink, host);
    case 'firsttime':
      return new KeepingWindow({ size: always, untilMs: host.nowMs + window.durationMs }, sink, host);
    case 'unique':
      return new UniqueWindow(input.windowKeys, false, sink, host);
    case 'firstunique':
      return new UniqueWindow(input.windowKeys, true, sink, host);
    default:
      return window satisfies never;
  }
}
