import type { Program } from '../../compile/program.ts';
import { addPeriod } from '../../plan/period.ts';
import { nextPoint } from '../../plan/schedule.ts';
import type { Group } from '../group.ts';
import { NestedMap } from '../nested-map.ts';
import type { BuilderHost, RowSink } from '../results/result-builder.ts';
import { type RowBuffer, rowBuffer } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { eventCount } from './event-count.ts';
import { append, bufferOf, keysOf } from './row-policy.ts';

/**
 * `output first`: the rows of the first change of an interval are given at once, the others of it never. With groups
 * each group has an interval of its own, from the row that was given: a time, or so many of its own rows.
 */
export class FirstRows {
  private readonly host: BuilderHost;
  /** Until when an interval lasts that begins now; undefined where rows are counted. */
  private readonly endMs: (() => number) | undefined;
  private readonly count: number | string;
  private readonly depth: number;
  private readonly groups: NestedMap<{ untilMs: number; left: number }> | undefined;
  private given = false;

  constructor({ plan }: Program, host: BuilderHost) {
    const trigger = plan.output!.trigger!;
    const { kind } = plan.result;
    this.host = host;
    if (trigger.kind === 'time') this.endMs = () => addPeriod(host.nowMs, trigger.period);
    else if (trigger.kind === 'at')
      this.endMs = () => nextPoint(trigger.schedule, host.nowMs) ?? Number.POSITIVE_INFINITY;
    this.count = trigger.kind === 'events' ? trigger.count : 1;
    this.depth = plan.groupBy.length;
    const ownIntervals = trigger.kind !== 'when';
    const grouped =
      (kind === 'per-group' || kind === 'per-event-group-totals' || kind === 'rollup') && ownIntervals;
    this.groups = grouped ? new NestedMap(this.depth + 1) : undefined;
  }

  /** Whether changes count for the common interval: from its first row on. */
  get counts(): boolean {
    return this.groups === undefined && this.given;
  }

  take(newRows: RowBuffer, oldRows: RowBuffer, sink: RowSink): void {
    if (this.groups !== undefined) {
      const first = rowBuffer();
      const before = rowBuffer();
      const opened = new Set<Group>();
      for (const traced of newRows.trace!) {
        if (!this.opens(keysOf(traced.group!, this.depth), traced.row !== undefined)) continue;
        opened.add(traced.group!);
        append(first, bufferOf(traced));
      }
      for (const traced of oldRows.trace!) if (opened.has(traced.group!)) append(before, bufferOf(traced));
      if (first.rows.length > 0) sink.give(first, before, false);
      return;
    }
    if (this.given || newRows.rows.length + oldRows.rows.length === 0) return;
    this.given = true;
    sink.give(newRows, oldRows, false);
  }

  /** A new interval begins. */
  reopen(): void {
    this.given = false;
  }

  /** Whether the group's row is the first of an interval. */
  private opens(keys: readonly unknown[], passes: boolean): boolean {
    const { host, endMs } = this;
    let interval = this.groups!.get(keys);
    if (interval !== undefined) {
      if (endMs !== undefined ? host.nowMs < interval.untilMs : interval.left > 0) {
        interval.left--;
        return false;
      }
    }
    if (!passes) return false;
    if (interval === undefined) {
      host.retain(1);
      interval = { untilMs: 0, left: 0 };
      this.groups!.set(keys, interval);
    }
    interval.left = eventCount(this.count, host) - 1;
    if (endMs !== undefined) interval.untilMs = endMs();
    return true;
  }

  saveOrLoad(state: StateStream): void {
    this.given = state.flag(this.given);
    this.groups?.saveOrLoad(state, (known) => {
      const interval = known ?? { untilMs: 0, left: 0 };
      interval.untilMs = state.number(interval.untilMs);
      interval.left = state.number(interval.left);
      return interval;
    });
  }
}
