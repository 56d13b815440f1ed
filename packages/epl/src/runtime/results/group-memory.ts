import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { createGroupTable, type Group, type GroupTable } from '../group.ts';
import { Ring } from '../ring.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { leavesInOrder } from '../windows/leaves-in-order.ts';
import { GroupAging } from './group-aging.ts';
import type { BuilderHost } from './result-builder.ts';

/**
 * Finds the group of an event that enters and of one that leaves. Where events leave in the order in which they came,
 * the groups wait in a queue beside the window, so that leaving needs neither the keys nor a look into the table.
 */
export class GroupMemory {
  readonly table: GroupTable;
  private readonly host: BuilderHost;
  private waiting: Ring<Group | typeof noGroup> | undefined;
  private readonly aging: GroupAging | undefined;

  constructor(program: Program, host: BuilderHost) {
    this.table = createGroupTable(program);
    this.host = host;
    const { join, inputs } = program.plan;
    const { window } = inputs[0];
    this.waiting = join === undefined && leavesInOrder(window) ? new Ring() : undefined;
    const { reclaim } = program.plan;
    this.aging = reclaim && new GroupAging(reclaim, host, (group) => this.forget(group));
  }

  /** @throws what evaluating the keys throws; the event then belongs to no group, also when it leaves */
  entering(event: Subject): Group {
    let group: Group | undefined;
    this.aging?.sweep();
    try {
      group = this.obtain(event);
      this.aging?.touch(group);
      return group;
    } finally {
      this.waiting?.push(group ?? noGroup);
    }
  }

  /**
   * Lets the event enter its group. Returns the group where this is its first touch in that change, else undefined.
   * @throws what evaluating keys and arguments throws
   */
  enter(event: Subject, change: number): Group | undefined {
    const { table, host, aging } = this;
    aging?.sweep();
    table.last = undefined;
    let group: Group | undefined;
    try {
      const first = table.enter(event, host, change);
      if (table.made) this.retain(table.last!);
      group = table.last;
      if (aging !== undefined && group !== undefined) aging.touch(group);
      return first;
    } finally {
      this.waiting?.push(group ?? table.last ?? noGroup);
    }
  }

  /** As {@link enter}, for an event that leaves; one that could not enter leaves nothing. */
  leave(event: Subject, change: number): Group | undefined {
    const group = this.leaving(event);
    return group === undefined ? undefined : this.table.leave(group, event, this.host, change);
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

  /**
   * The groups of these events, each once, in that order; of all that are known where none are given. An event whose
   * keys cannot be evaluated is in none.
   */
  *of(events: Iterable<Subject> | undefined): Iterable<Group> {
    if (events === undefined) {
      yield* this.table.values();
      return;
    }
    const seen = new Set<Group>();
    const blank: Group[] = [];
    for (const event of events) {
      const group = this.groupOf(event);
      if (group === undefined) continue;
      if (this.table.made) blank.push(group);
      if (seen.has(group)) continue;
      seen.add(group);
      yield group;
    }
    for (const group of blank) this.table.remove(group);
  }

  private groupOf(event: Subject): Group | undefined {
    try {
      return this.table.obtain(event, this.host);
    } catch {
      return undefined;
    }
  }

  private obtain(event: Subject): Group {
    const { table, host } = this;
    const group = table.obtain(event, host);
    if (table.made) this.retain(group);
    return group;
  }

  /** Counts a new group; beyond the limit it is not kept. */
  private retain(group: Group): void {
    try {
      this.host.retain(1);
    } catch (error) {
      this.table.remove(group);
      this.table.last = undefined;
      throw error;
    }
  }

  saveOrLoad(state: StateStream): void {
    this.table.saveOrLoad(state);
    this.aging?.saveOrLoad(state);
    if (this.waiting === undefined) return;
    if (!state.loading) {
      state.count(this.waiting.length);
      for (const group of this.waiting) state.refer(group === noGroup ? undefined : group);
      return;
    }
    this.waiting = new Ring();
    for (let left = state.count(0); left > 0; left--)
      this.waiting.push(state.refer<Group>(undefined) ?? noGroup);
  }
}

/** Stands in the queue for an event whose keys could not be evaluated. */
const noGroup = Object.freeze({});
