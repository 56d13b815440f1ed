import type { ResultPlan } from '../../plan/plan.ts';
import type { Group } from '../group.ts';
import { NestedMap } from '../nested-map.ts';
import { type RowBuffer, rowBuffer, type TracedRow } from '../results/row-buffer.ts';
import type { Stateful, StateStream } from '../snapshot/state-stream.ts';

/** The rows of one interval. */
export interface Interval {
  readonly newRows: RowBuffer;
  readonly oldRows: RowBuffer;
}

/** Chooses which rows of an interval are given at its end. */
export interface RowPolicy extends Stateful {
  take(newRows: RowBuffer, oldRows: RowBuffer): void;
  /** Ends the interval. */
  release(): Interval;
}

/** `output every`: all of them. */
export class EveryRow implements RowPolicy {
  private newRows = rowBuffer();
  private oldRows = rowBuffer();

  take(newRows: RowBuffer, oldRows: RowBuffer): void {
    append(this.newRows, newRows);
    append(this.oldRows, oldRows);
  }

  release(): Interval {
    const { newRows, oldRows } = this;
    this.newRows = rowBuffer();
    this.oldRows = rowBuffer();
    return { newRows, oldRows };
  }

  saveOrLoad(state: StateStream): void {
    this.newRows = saveOrLoadBuffer(state, this.newRows);
    this.oldRows = saveOrLoadBuffer(state, this.oldRows);
  }
}

/**
 * `output last` without groups: the last new row and the last old row. Of one running row it is the value at the end,
 * if having lets it through then, and as the old row the value at the beginning.
 */
export class LastRow implements RowPolicy {
  private readonly running: boolean;
  private newRow: TracedRow | undefined;
  private oldRow: TracedRow | undefined;

  constructor(kind: ResultPlan['kind']) {
    this.running = kind === 'one-row';
  }

  take(newRows: RowBuffer, oldRows: RowBuffer): void {
    for (const traced of newRows.trace!) if (this.running || traced.row !== undefined) this.newRow = traced;
    for (const traced of oldRows.trace!) {
      if (this.running) this.oldRow ??= traced;
      else if (traced.row !== undefined) this.oldRow = traced;
    }
  }

  release(): Interval {
    const { newRow, oldRow } = this;
    this.newRow = undefined;
    this.oldRow = undefined;
    return { newRows: bufferOf(newRow), oldRows: bufferOf(oldRow) };
  }

  saveOrLoad(state: StateStream): void {
    this.newRow = saveOrLoadTraced(state, this.newRow);
    this.oldRow = saveOrLoadTraced(state, this.oldRow);
  }
}

/**
 * `output last` and `output all` by group: `last` gives the last row of each group of the interval, `all` of each
 * group that ever was. Where a row stands for an event, `all` gives all rows of the interval beside those of silent
 * groups. The old row of a group is what stood before the interval.
 */
export class GroupRows implements RowPolicy {
  private readonly all: boolean;
  private readonly perGroup: boolean;
  private readonly rollup: boolean;
  private readonly depth: number;
  private readonly retain: (count: number) => void;
  private groups: NestedMap<GroupEntry>;
  private every = new EveryRow();

  constructor(
    display: 'last' | 'all',
    kind: ResultPlan['kind'],
    depth: number,
    retain: (count: number) => void,
  ) {
    this.all = display === 'all';
    this.perGroup = kind !== 'per-event-group-totals';
    this.rollup = kind === 'rollup';
    this.depth = depth;
    this.retain = retain;
    this.groups = new NestedMap(depth + 1);
  }

  take(newRows: RowBuffer, oldRows: RowBuffer): void {
    for (const traced of newRows.trace!) {
      const entry = this.entryOf(traced.group!);
      entry.newRow = traced;
      entry.touched = true;
    }
    for (const traced of oldRows.trace!) {
      const entry = this.entryOf(traced.group!);
      entry.touched = true;
      if (this.perGroup) entry.oldRow ??= traced;
      else entry.oldRow = traced;
    }
    if (this.all && !this.perGroup) this.every.take(newRows, oldRows);
  }

  release(): Interval {
    const interval = this.every.release();
    const rowsOfEvents = this.all && !this.perGroup;
    for (const entry of this.byLevel()) {
      if (!rowsOfEvents || !entry.touched) {
        append(interval.newRows, bufferOf(entry.newRow));
        // A silent group stands as it stood.
        if (!rowsOfEvents) append(interval.oldRows, bufferOf(entry.touched ? entry.oldRow : entry.newRow));
      }
      entry.touched = false;
      entry.oldRow = undefined;
    }
    if (!this.all) {
      this.retain(-this.groups.size);
      this.groups = new NestedMap(this.depth + 1);
    }
    return interval;
  }

  /** The groups of a rollup level by level, the finest first. */
  private byLevel(): readonly GroupEntry[] {
    const entries = [...this.groups.values()];
    return this.rollup ? entries.sort((a, b) => a.level - b.level) : entries;
  }

  private entryOf(group: Group): GroupEntry {
    const keys = keysOf(group, this.depth);
    let entry = this.groups.get(keys);
    if (entry === undefined) {
      this.retain(1);
      entry = { level: group.missingKeys?.size ?? 0, newRow: undefined, oldRow: undefined, touched: false };
      this.groups.set(keys, entry);
    }
    return entry;
  }

  saveOrLoad(state: StateStream): void {
    this.every.saveOrLoad(state);
    this.groups.saveOrLoad(state, (known) => {
      const level = state.number(known?.level ?? 0);
      const entry = known ?? { level, newRow: undefined, oldRow: undefined, touched: false };
      entry.newRow = saveOrLoadTraced(state, entry.newRow);
      entry.oldRow = saveOrLoadTraced(state, entry.oldRow);
      entry.touched = state.flag(entry.touched);
      return entry;
    });
  }
}

interface GroupEntry {
  /** How many keys of the rollup it leaves out. */
  readonly level: number;
  newRow: TracedRow | undefined;
  oldRow: TracedRow | undefined;
  touched: boolean;
}

/** The values of a group's keys, so many, and its level where there are several. */
export const keysOf = (group: Group, depth: number): unknown[] => [
  ...Array.from({ length: depth }, (_, i) => group.key(i)),
  levelOf(group.missingKeys),
];

/** A level of a rollup by the keys that it leaves out, as a value. */
export const levelOf = (missing: ReadonlySet<number>): string =>
  missing.size === 0 ? '' : [...missing].join();

export function append(to: RowBuffer, from: RowBuffer): void {
  for (const row of from.rows) to.rows.push(row);
  for (const keys of from.sortKeys ?? []) to.sortKeys?.push(keys);
}

/** The row, if having let it through. */
export function bufferOf(traced: TracedRow | undefined): RowBuffer {
  const buffer = rowBuffer();
  if (traced?.row === undefined) return buffer;
  buffer.rows.push(traced.row);
  buffer.sortKeys!.push(traced.sortKeys);
  return buffer;
}

function saveOrLoadBuffer(state: StateStream, { rows, sortKeys }: RowBuffer): RowBuffer {
  return {
    rows: state.events(rows, rows.length),
    sortKeys: state.values(sortKeys ?? [], sortKeys?.length ?? 0),
    trace: undefined,
  };
}

/** Of the group nothing is needed any more. */
function saveOrLoadTraced(state: StateStream, traced: TracedRow | undefined): TracedRow | undefined {
  if (!state.flag(traced !== undefined)) return undefined;
  const hasRow = state.flag(traced?.row !== undefined);
  const row = hasRow ? state.event(traced?.row) : undefined;
  const sortKeys = state.values(traced?.sortKeys ?? [], traced?.sortKeys.length ?? 0);
  return { group: traced?.group ?? null, row, sortKeys };
}
