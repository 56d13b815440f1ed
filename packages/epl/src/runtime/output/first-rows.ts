import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { addPeriod } from '../../plan/period.ts';
import { nextPoint } from '../../plan/schedule.ts';
import type { Group } from '../group.ts';
import { NestedMap } from '../nested-map.ts';
import type { BuilderHost, RowSink } from '../results/result-builder.ts';
import { type RowBuffer, rowBuffer, type TracedRow } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { GroupIntervals } from './group-intervals.ts';
import { append, bufferOf, keysOf } from './row-policy.ts';

/**
 * `output first`: the rows of the first change of an interval are given at once, the others of it never. With groups
 * each group has an interval of its own, from the row that was given: a time, or so many of its own events.
 */
export class FirstRows {
  private readonly host: BuilderHost;
  /** Until when an interval lasts that begins now. */
  private readonly endMs: () => number;
  private readonly depth: number;
  /** Of each group until when it is closed. */
  private readonly closed: NestedMap<{ untilMs: number }> | undefined;
  private readonly intervals: GroupIntervals | undefined;
  private given = false;

  constructor(program: Program, host: BuilderHost) {
    const { plan } = program;
    const trigger = plan.output!.trigger!;
    const { kind } = plan.result;
    this.host = host;
    if (trigger.kind === 'time') this.endMs = () => addPeriod(host.nowMs, trigger.period);
    else if (trigger.kind === 'at')
      this.endMs = () => nextPoint(trigger.schedule, host.nowMs) ?? Number.POSITIVE_INFINITY;
    else this.endMs = () => host.nowMs;
    this.depth = plan.groupBy.length;
    const grouped = kind === 'per-group' || kind === 'per-event-group-totals' || kind === 'rollup';
    const counted = trigger.kind === 'events';
    const closes = grouped && !counted && trigger.kind !== 'when';
    this.closed = closes ? new NestedMap(this.depth + 1) : undefined;
    this.intervals = grouped && counted ? new GroupIntervals(program, trigger.count, host) : undefined;
  }

  /** Whether changes count for the common interval: from its first row on. */
  get counts(): boolean {
    return this.closed === undefined && this.intervals === undefined && this.given;
  }

  /** A change is about to make rows. */
  note(entering: readonly Subject[], leaving: readonly Subject[]): void {
    this.intervals?.note(entering, leaving);
  }

  /** The change has made its rows. */
  forgetChange(): void {
    this.intervals?.forgetChange();
  }

  take(newRows: RowBuffer, oldRows: RowBuffer, sink: RowSink): void {
    if (this.intervals !== undefined) giveOpened(this.intervals.opening(newRows, oldRows), oldRows, sink);
    else if (this.closed !== undefined) giveOpened(this.inTime(newRows), oldRows, sink);
    else if (!this.given && newRows.rows.length + oldRows.rows.length > 0) {
      this.given = true;
      sink.give(newRows, oldRows, false);
    }
  }

  /** A new interval begins. */
  reopen(): void {
    this.given = false;
  }

  private *inTime({ trace }: RowBuffer): Iterable<TracedRow> {
    for (const traced of trace!)
      if (this.opens(keysOf(traced.group!, this.depth), traced.row !== undefined)) yield traced;
  }

  /** Whether the group's row is the first of an interval. */
  private opens(keys: readonly unknown[], passes: boolean): boolean {
    const { host } = this;
    let interval = this.closed!.get(keys);
    if (!passes || (interval !== undefined && host.nowMs < interval.untilMs)) return false;
    if (interval === undefined) {
      host.retain(1);
      interval = { untilMs: 0 };
      this.closed!.set(keys, interval);
    }
    interval.untilMs = this.endMs();
    return true;
  }

  saveOrLoad(state: StateStream): void {
    this.given = state.flag(this.given);
    this.intervals?.saveOrLoad(state);
    this.closed?.saveOrLoad(state, (known) => {
      const interval = known ?? { untilMs: 0 };
      interval.untilMs = state.number(interval.untilMs);
      return interval;
    });
  }
}

/** The rows of the groups that open, and what these were before. */
function giveOpened(opening: Iterable<TracedRow>, oldRows: RowBuffer, sink: RowSink): void {
  const first = rowBuffer();
  const before = rowBuffer();
  const opened = new Set<Group>();
  for (const traced of opening) {
    opened.add(traced.group!);
    append(first, bufferOf(traced));
  }
  for (const traced of oldRows.trace!) if (opened.has(traced.group!)) append(before, bufferOf(traced));
  if (first.rows.length > 0) sink.give(first, before, false);
}
