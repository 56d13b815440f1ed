import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { WindowPlan } from '../../plan/plan.ts';
import { type Group, GroupTable } from '../group.ts';
import { Ring } from '../ring.ts';
import type { BuilderHost } from './result-builder.ts';

/** Windows that let events go in the order in which they came. */
const fifoWindows: ReadonlySet<WindowPlan['kind']> = new Set([
  'length',
  'lastevent',
  'length_batch',
  'time_length_batch',
  'expr',
  'expr_batch',
  'time',
  'time_batch',
  'time_accum',
  'ext_timed',
  'ext_timed_batch',
  'keepall',
  'firstevent',
  'firstlength',
  'firsttime',
] as const); // prettier-ignore

/**
 * Finds the group of an event that enters and of one that leaves. Where events leave in the order in which they came,
 * the groups wait in a queue beside the window, so that leaving needs neither the keys nor a look into the table.
 */
export class GroupMemory {
  readonly table: GroupTable;
  private readonly host: BuilderHost;
  private readonly waiting: Ring<Group | typeof noGroup> | undefined;

  constructor(program: Program, host: BuilderHost) {
    this.table = new GroupTable(program);
    this.host = host;
    const { join, inputs } = program.plan;
    const { window } = inputs[0];
    const fifo = join === undefined && window !== undefined && fifoWindows.has(window.kind);
    this.waiting = fifo ? new Ring() : undefined;
  }

  /** @throws what evaluating the keys throws; the event then belongs to no group, also when it leaves */
  entering(event: Subject): Group {
    let group: Group | undefined;
    try {
      group = this.obtain(event);
      return group;
    } finally {
      this.waiting?.push(group ?? noGroup);
    }
  }

  /** Undefined for an event that could not enter. */
  leaving(event: Subject): Group | undefined {
    if (this.waiting === undefined) return this.obtain(event);
    const group = this.waiting.shift();
    return group === noGroup ? undefined : (group as Group);
  }

  forget(group: Group): void {
    this.table.remove(group);
    this.host.retain(-1);
  }

  private obtain(event: Subject): Group {
    const { table, host } = this;
    const before = table.size;
    const group = table.obtain(event, host);
    if (table.size > before) {
      try {
        host.retain(1);
      } catch (error) {
        table.remove(group);
        throw error;
      }
    }
    return group;
  }
}

/** Stands in the queue for an event whose keys could not be evaluated. */
const noGroup = Object.freeze({});
