import { type CorrelatedProgram, compileCorrelated } from '../../compile/context-program.ts';
import type { Subject } from '../../compile/evaluator.ts';
import type { Bound } from '../../plan/expression.ts';
import { DirtyList } from '../dirty-list.ts';
import type { EventType } from '../event-type.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Row } from '../statement.ts';
import type { StatementInstance } from '../statement-instance.ts';
import type { ContextRun } from './context-run.ts';
import { CorrelatedIndex } from './correlated-index.ts';
import { everyPartition } from './level.ts';
import { Member, type MemberBody } from './member.ts';
import type { Partition } from './partition.ts';
import type { PartitionSelector } from './partition-selector.ts';

/** One input of a statement in a context. */
export interface PartitionedInput {
  readonly type: EventType;
  /** Whether not every event of the type passes. */
  readonly filtered: boolean;
  /** Of its filter the conjuncts that read properties of the partition. */
  readonly correlated: readonly Bound[];
}

interface Route {
  /** Of each level the item that the input's type belongs to. */
  readonly items: readonly number[];
  /** Finds the partitions directly. */
  readonly index: CorrelatedIndex | undefined;
  /** Of a subquery: the event that opens a partition comes to it behind the statement's own inputs, as in Esper. */
  readonly late: boolean;
  /** The item, where an event belongs to one partition at most. */
  readonly single: number | undefined;
}

const noRows: readonly Row[] = [];

/** A statement in a context: hands each event to the partitions that it belongs to, and gathers their rows. */
export class PartitionedStatement {
  readonly statement: StatementInstance;
  readonly createBody: (member: Member) => MemberBody;
  private readonly context: ContextRun;
  /** By the number of the input, from the first one on: those of subqueries are below 0. Stores come by another way. */
  private readonly routes: readonly (Route | undefined)[];
  private readonly firstInput: number;
  private readonly place: number;
  private readonly dirty = new DirtyList<Member>();
  /** Undefined while nothing has been gathered. */
  private newRows: readonly Row[] | undefined = undefined;
  private oldRows: readonly Row[] = noRows;
  /** Whether what was gathered are arrays of its own, and not those of the only partition that gave any. */
  private copied = false;
  private readonly reached: Partition[] = [];

  constructor(
    statement: StatementInstance,
    context: ContextRun,
    inputs: ReadonlyMap<number, PartitionedInput>,
    createBody: (member: Member) => MemberBody,
  ) {
    this.statement = statement;
    this.context = context;
    this.createBody = createBody;
    const allPass = ![...inputs].some(([number, { filtered }]) => number >= 0 && filtered);
    this.firstInput = Math.min(0, ...inputs.keys());
    const routes: (Route | undefined)[] = [];
    for (const [number, input] of inputs) {
      const items = context.itemsOf(input.type);
      const program = compileCorrelated(input.correlated);
      const late = number < 0 && !(input.filtered && allPass);
      const single = context.isKeyed && items[0] !== everyPartition ? items[0] : undefined;
      routes[number - this.firstInput] = { items, index: this.indexOf(program), late, single };
    }
    this.routes = routes;
    this.place = context.join(this);
  }

  /** An index serves where all partitions of the only level see the event. */
  private indexOf(program: CorrelatedProgram | undefined): CorrelatedIndex | undefined {
    if (program?.equality === undefined || !this.context.isSingleSpan) return undefined;
    return new CorrelatedIndex(program, this.context);
  }

  /** Its inputs are connected: its partitions may open. */
  begin(): void {
    this.context.enter(this);
  }

  receive(input: number, event: Subject): void {
    const route = this.routes[input - this.firstInput]!;
    const { context, reached } = this;
    if (route.single !== undefined) {
      const partition = context.find(route.single, event);
      if (partition !== undefined) this.hand(input, event, partition, route.late);
      return;
    }
    const { items, index, late } = route;
    if (index === undefined) context.reach(items, event, reached);
    else index.collect(event, reached);
    for (let i = 0; i < reached.length; i++) this.hand(input, event, reached[i], late);
    // Emptied in place: the array serves the next event.
    while (reached.length > 0) reached.pop();
  }

  private hand(input: number, event: Subject, partition: Partition, late: boolean): void {
    const member = partition.members[this.place];
    if (late && this.context.isOpenedBy(partition, event)) member?.postpone(input, event);
    else member?.receive(input, event);
  }

  /** A partition has opened. */
  enter(partition: Partition): void {
    this.createIn(partition).load();
  }

  /** What the statement keeps in the partitions of the context, which are there already. */
  saveOrLoad(state: StateStream): void {
    for (const partition of this.context.partitions()) {
      if (!state.flag(partition.members[this.place] !== undefined)) continue;
      const member = partition.members[this.place] ?? this.createIn(partition);
      member.saveOrLoad(state);
    }
  }

  /** As new, in the partitions of the context that are there again. */
  enterAll(): void {
    for (const partition of this.context.partitions()) this.enter(partition);
  }

  private createIn(partition: Partition): Member {
    const member = new Member(partition, this);
    partition.members[this.place] = member;
    for (const route of this.routes) route?.index?.add(partition);
    return member;
  }

  /** A partition ends. */
  leave(partition: Partition, output: boolean): void {
    const member = partition.members[this.place];
    partition.members[this.place] = undefined;
    for (const route of this.routes) route?.index?.remove(partition);
    member?.end(output);
  }

  markDirty(member: Member): void {
    this.dirty.add(member);
    this.statement.markDirty();
  }

  /** All that the partitions give at one event or tick is one delivery. */
  gather(newRows: readonly Row[], oldRows: readonly Row[]): void {
    if (this.newRows === undefined) {
      this.newRows = newRows;
      this.oldRows = oldRows;
      this.copied = false;
      this.statement.markDirty();
      return;
    }
    if (!this.copied) {
      this.newRows = [...this.newRows];
      this.oldRows = [...this.oldRows];
      this.copied = true;
    }
    for (const row of newRows) (this.newRows as Row[]).push(row);
    for (const row of oldRows) (this.oldRows as Row[]).push(row);
  }

  flush(): void {
    const { dirty } = this;
    for (let member = dirty.take(); member !== undefined; member = dirty.take()) member.flush();
    const { newRows, oldRows } = this;
    if (newRows === undefined) return;
    this.newRows = undefined;
    this.oldRows = noRows;
    this.statement.report(newRows, oldRows);
  }

  /** Of all partitions, or of those that the selector means, in the order in which they opened. */
  *rows(selector?: PartitionSelector): Iterable<Row> {
    for (const partition of this.context.partitions(selector)) {
      const member = partition.members[this.place];
      if (member !== undefined) yield* member.rows();
    }
  }

  stop(): void {
    this.context.part(this, this.place);
  }
}
