import type { Condition } from '../../compile/evaluator.ts';
import type { WindowProgram } from '../../compile/window-program.ts';
import { addPeriod } from '../../plan/period.ts';
import { isBatching } from '../../plan/window-plan.ts';
import { ConsumerWindow } from '../named-window/consumer-window.ts';
import { ContainedWindow } from '../named-window/contained-window.ts';
import type { NamedWindow } from '../named-window/named-window.ts';
import { TableContents } from '../table/table-contents.ts';
import { type BatchContent, RetainedBatch } from './batch-content.ts';
import type { DataWindow, DeltaSink, WindowHost } from './data-window.ts';
import { DeadlineWindow } from './deadline.ts';
import { DerivedWindow } from './derived.ts';
import { ExpressionWindow } from './expression.ts';
import { ExpressionBatchWindow } from './expression-batch.ts';
import { ExtTimedWindow } from './ext-timed.ts';
import { ExtTimedBatchWindow } from './ext-timed-batch.ts';
import { GroupWindow } from './group-window.ts';
import { IntersectionWindow } from './intersection.ts';
import { KeepingWindow } from './keeping.ts';
import { LengthWindow } from './length.ts';
import { LengthBatchWindow } from './length-batch.ts';
import { RankWindow } from './rank.ts';
import { SortWindow } from './sort.ts';
import { TimeWindow } from './time.ts';
import { TimeAccumWindow } from './time-accum.ts';
import { TimeBatchWindow } from './time-batch.ts';
import { TimeLengthBatchWindow } from './time-length-batch.ts';
import { UnionWindow } from './union.ts';
import { UniqueWindow } from './unique.ts';

const noPeriod = { months: 0, milliseconds: 0 };

/**
 * The window of that program. `counters` takes the events of a batch window in the place of the window's own memory;
 * `groupKey` stands in derived events.
 */
export function createWindow(
  program: WindowProgram,
  sink: DeltaSink,
  host: WindowHost,
  counters: BatchContent | undefined,
  groupKey: readonly unknown[] = [],
): DataWindow {
  const { plan, keys, order, parts } = program;
  const batch = () => counters ?? new RetainedBatch(sink, host);
  const always = Number.POSITIVE_INFINITY;
  switch (plan.kind) {
    case 'length':
      return new LengthWindow(plan.size, sink, host);
    case 'lastevent':
      return new LengthWindow(1, sink, host);
    case 'length_batch':
      return new LengthBatchWindow(plan.size, batch());
    case 'time':
      return new TimeWindow(plan.period, sink, host);
    case 'time_batch':
      return new TimeBatchWindow(plan, batch(), host);
    case 'time_length_batch':
      return new TimeLengthBatchWindow(plan, batch(), host);
    case 'time_accum':
      return new TimeAccumWindow(plan.period, sink, host);
    case 'ext_timed':
      return new ExtTimedWindow(plan.period, keys[0], sink, host);
    case 'ext_timed_batch':
      return new ExtTimedBatchWindow(plan, keys[0], batch(), host);
    case 'keepall':
      return new KeepingWindow({ size: always, untilMs: always }, sink, host);
    case 'firstevent':
      return new KeepingWindow({ size: 1, untilMs: always }, sink, host);
    case 'firstlength':
      return new KeepingWindow({ size: plan.size, untilMs: always }, sink, host);
    case 'firsttime':
      return new KeepingWindow({ size: always, untilMs: addPeriod(host.nowMs, plan.period) }, sink, host);
    case 'unique':
      return new UniqueWindow(keys, false, sink, host);
    case 'firstunique':
      return new UniqueWindow(keys, true, sink, host);
    case 'sort':
      return new SortWindow(plan, order, sink, host);
    case 'rank':
      return new RankWindow(plan, keys, order, sink, host);
    case 'time_order':
      return new DeadlineWindow(keys[0], plan.period, sink, host);
    case 'timetolive':
      return new DeadlineWindow(keys[0], noPeriod, sink, host);
    case 'expr':
      return new ExpressionWindow(program, sink, host);
    case 'expr_batch':
      return new ExpressionBatchWindow(program, batch(), host);
    case 'intersection':
    case 'union': {
      const create = parts.map((part) => ({
        batching: isBatching(part.plan),
        window: (inner: DeltaSink) => createWindow(part, inner, host, undefined),
      }));
      return plan.kind === 'union' ? new UnionWindow(create, sink) : new IntersectionWindow(create, sink);
    }
    case 'groupwin': {
      const create = (key: readonly unknown[], inner: DeltaSink) =>
        createWindow(parts[0], inner, host, undefined, key);
      return new GroupWindow(plan, keys, create, sink, host);
    }
    case 'named-window': {
      const [filter] = keys as readonly Condition[];
      const store = host.stores.get(plan.name) as NamedWindow;
      const rows = (inner: DeltaSink) => new ConsumerWindow(store, filter, inner, host);
      const { contained } = program;
      return contained === undefined ? rows(sink) : new ContainedWindow(contained, rows, sink, host);
    }
    case 'table':
      return new TableContents(host.stores.get(plan.name));
    case 'derived': {
      const [part] = parts;
      const below = part && ((inner: DeltaSink) => createWindow(part, inner, host, undefined));
      return new DerivedWindow(plan, { arguments: keys, extras: order }, groupKey, below, sink, host);
    }
    default:
      return plan satisfies never;
  }
}
