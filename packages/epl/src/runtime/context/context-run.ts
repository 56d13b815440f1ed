import type { ContextProgram, LevelProgram } from '../../compile/context-program.ts';
import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { PatternProgram } from '../../compile/pattern-program.ts';
import type { ContextItem, PatternPoint, PointPlan } from '../../plan/context-plan.ts';
import type { Bound } from '../../plan/expression.ts';
import type { EventType } from '../event-type.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Row } from '../statement.ts';
import type { EventTrigger, StatementInstance } from '../statement-instance.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { CategoryLevel } from './category-level.ts';
import type { Endings } from './ending.ts';
import { HashLevel } from './hash-level.ts';
import { KeyedLevel } from './keyed-level.ts';
import {
  type Door,
  everyPartition,
  type Level,
  type LevelHost,
  type LevelPlace,
  type PointSink,
} from './level.ts';
import { Partition } from './partition.ts';
import type { PartitionSelector } from './partition-selector.ts';
import type { PartitionedStatement } from './partitioned-statement.ts';
import { type PointHost, PointPattern } from './point-pattern.ts';
import { selectPartitions } from './select-partitions.ts';
import { SpanLevel } from './span-level.ts';

/** A door of one of the levels, and of each level outside the item that its event's type belongs to. */
interface ContextDoor {
  readonly door: Door;
  readonly depth: number;
  readonly items: readonly number[];
}

/**
 * One running context: its partitions and the statements in them. Partitions belong to the context; they open with its
 * first statement and end with its last.
 */
export class ContextRun implements EventTrigger, LevelHost, PointHost, Environment {
  readonly isNew = true;
  readonly subqueries = [];
  /** Events come in by the number of their door. */
  readonly doors: readonly ContextDoor[];
  readonly isSingleSpan: boolean;
  readonly isKeyed: boolean;
  private readonly program: ContextProgram;
  readonly instance: StatementInstance;
  event: Subject | undefined;
  /** The partitions that the event has opened, if any. */
  private opened: WeakSet<Partition> | undefined = undefined;
  private dirty: PointPattern[] = [];
  /** By their places; a place is given again. */
  private readonly statements: (PartitionedStatement | undefined)[] = [];
  private root: Level | undefined;
  private nextId = 0;

  constructor(program: ContextProgram, instance: StatementInstance) {
    this.program = program;
    this.instance = instance;
    const { levels } = program;
    this.isSingleSpan = levels.length === 1 && levels[0].kind === 'span';
    this.isKeyed = levels.length === 1 && levels[0].kind === 'keyed';
    this.doors = levels.flatMap((level, depth) =>
      doorsOf(level).map((door) => ({
        door,
        depth,
        items: levels.slice(0, depth).map((outside) => itemOf(outside, door.type)),
      })),
    );
  }

  get nowMs(): number {
    return this.instance.nowMs;
  }

  get variables(): ReadonlyMap<string, unknown> {
    return this.instance.variables;
  }

  /** Whether a partition takes only some of the events: those of its key, its hash or its category. */
  get filtersEvents(): boolean {
    return this.program.levels.some(({ kind }) => kind !== 'span');
  }

  get isUsed(): boolean {
    return this.statements.some((statement) => statement !== undefined);
  }

  schedule(dueMs: number, owner: TimerOwner): Timer {
    return this.instance.schedule(dueMs, owner);
  }

  failed(error: unknown): void {
    this.instance.failed(error);
  }

  /** An event at a door. */
  run(event: Subject, number: number): void {
    if (this.root === undefined) return;
    if (this.event !== event) this.opened = undefined;
    this.event = event;
    const { door, depth, items } = this.doors[number];
    if (depth === 0) this.root.take(door, event);
    else for (const partition of this.reachedAt(items, event)) partition.inner!.take(door, event);
  }

  /** The patterns at starts and ends do what follows from the event or the tick. */
  flush(): void {
    while (this.dirty.length > 0) {
      const { dirty } = this;
      this.dirty = [];
      for (const pattern of dirty) pattern.flush();
    }
    this.event = undefined;
  }

  markDirty(pattern: PointPattern): void {
    this.dirty.push(pattern);
    this.instance.markDirty();
  }

  createPattern(program: PatternProgram, values: readonly unknown[], sink: PointSink): PointPattern {
    return new PointPattern(program, values, this, sink);
  }

  cancel(timer: Timer): void {
    this.instance.cancel(timer);
  }

  rows(): Iterable<Row> {
    return [];
  }

  /** Of each level the item that events of the type belong to. */
  itemsOf(type: EventType): readonly number[] {
    return this.program.levels.map((level) => itemOf(level, type));
  }

  /** What the items that events of the type belong to demand of them. */
  filterOf(type: EventType): readonly Bound[] {
    return this.program.levels.flatMap((level) => {
      const { body } = level;
      const item = itemOf(level, type);
      return body.kind === 'span' || item < 0 ? [] : body.items[item].filter;
    });
  }

  /** Whether that event has opened the partition. */
  isOpenedBy(partition: Partition, event: Subject): boolean {
    return this.event === event && this.opened?.has(partition) === true;
  }

  /** The innermost partitions that an event belongs to, by the items of its type. */
  reach(items: readonly number[], event: Subject, into: Partition[]): void {
    const { root } = this;
    if (root === undefined) return;
    if (items.length === 1) root.reach(items[0], event, into);
    else for (const partition of this.reachedAt(items, event)) into.push(partition);
  }

  /** The only partition of the only level that an event belongs to, where {@link isKeyed}. */
  find(item: number, event: Subject): Partition | undefined {
    return (this.root as KeyedLevel | undefined)?.find(item, event);
  }

  *partitions(selector?: PartitionSelector): Iterable<Partition> {
    if (this.root === undefined) return;
    if (selector === undefined) yield* innermost(this.root);
    else yield* selectPartitions(this.program.plan, this.root, selector);
  }

  /** A statement comes in, and gets a place. */
  join(statement: PartitionedStatement): number {
    const free = this.statements.indexOf(undefined);
    return free < 0 ? this.statements.push(statement) - 1 : this.takePlace(free, statement);
  }

  /** The statement is ready: it enters the partitions that there are, or opens the first. */
  enter(statement: PartitionedStatement): void {
    if (this.root !== undefined) {
      for (const partition of this.partitions()) statement.enter(partition);
      return;
    }
    this.root = this.createLevel({ depth: 0, outer: [] });
    this.root.start();
  }

  /** A statement goes; with the last one the partitions go. */
  part(statement: PartitionedStatement, place: number): void {
    for (const partition of this.partitions()) statement.leave(partition, false);
    this.statements[place] = undefined;
    if (this.isUsed) return;
    this.stopLevel(this.root, false);
    this.root = undefined;
    this.nextId = 0;
  }

  open(level: Level, values: readonly unknown[], endings?: Endings, unseen?: Subject): Partition {
    const { depth, outer } = level.place;
    const all = outer.length === 0 ? values : [...outer, ...values];
    const { levels } = this.program;
    const isInnermost = depth === levels.length - 1;
    // As in Esper the event that opens a keyed partition is lost on the categories inside of it.
    const isLost = levels[depth].kind === 'category' && levels[depth - 1]?.kind === 'keyed';
    const partition = new Partition(
      isInnermost ? this.nextId++ : -1,
      all,
      level,
      isLost ? this.event : unseen,
      isInnermost ? this.statements.length : 0,
    );
    if (this.event !== undefined) {
      this.opened ??= new WeakSet();
      this.opened.add(partition);
    }
    endings?.watch(partition);
    if (isInnermost) for (const statement of this.statements) statement?.enter(partition);
    else {
      partition.inner = this.createLevel({ depth: depth + 1, outer: all });
      partition.inner.start();
    }
    return partition;
  }

  end(partition: Partition, event?: Subject): void {
    if (!partition.isOpen) return;
    this.close(partition, true);
    partition.level.ended(partition, event);
  }

  private takePlace(place: number, statement: PartitionedStatement): number {
    this.statements[place] = statement;
    return place;
  }

  private close(partition: Partition, output: boolean): void {
    partition.isOpen = false;
    partition.ending?.stop();
    this.stopLevel(partition.inner, output);
    for (const statement of this.statements) statement?.leave(partition, output);
  }

  private stopLevel(level: Level | undefined, output: boolean): void {
    if (level === undefined) return;
    level.stop();
    for (const partition of level.partitions()) this.close(partition, output);
  }

  private createLevel(place: LevelPlace): Level {
    return levelOf(this.program.levels[place.depth], place, this);
  }

  /** The partitions, one level for each of the items inside of the one before, that the event belongs to. */
  private reachedAt(items: readonly number[], event: Subject): readonly Partition[] {
    let levels: readonly Level[] = [this.root!];
    let reached: Partition[] = [];
    items.forEach((item) => {
      reached = [];
      for (const level of levels) level.reach(item, event, reached);
      levels = reached.flatMap(({ inner }) => (inner === undefined ? [] : [inner]));
    });
    return reached;
  }

  /** The partitions. What lives in them belongs to the statements. */
  saveOrLoad(state: StateStream): void {
    if (state.loading) {
      this.stopLevel(this.root, false);
      this.root = undefined;
    }
    this.nextId = state.number(this.nextId);
    if (!state.flag(this.root !== undefined)) return;
    this.root ??= this.createLevel({ depth: 0, outer: [] });
    this.root.saveOrLoad(state);
  }

  saveOrLoadPartition(state: StateStream, known: Partition | undefined, level: Level): Partition {
    const { depth } = level.place;
    const id = state.number(known?.id ?? 0);
    const values = state.values(known?.values ?? [], known?.values.length ?? 0);
    const unseen = state.value(known?.unseen);
    const isInnermost = depth === this.program.levels.length - 1;
    const statements = isInnermost ? this.statements.length : 0;
    const partition = known ?? new Partition(id, values, level, unseen, statements);
    if (isInnermost) return partition;
    partition.inner ??= this.createLevel({ depth: depth + 1, outer: values });
    partition.inner.saveOrLoad(state);
    return partition;
  }
}

function* innermost(level: Level): Iterable<Partition> {
  for (const partition of level.partitions()) {
    if (partition.inner === undefined) yield partition;
    else yield* innermost(partition.inner);
  }
}

function levelOf(program: LevelProgram, place: LevelPlace, host: LevelHost): Level {
  switch (program.kind) {
    case 'keyed':
      return new KeyedLevel(program, place, host);
    case 'hash':
      return new HashLevel(program, place, host);
    case 'category':
      return new CategoryLevel(program, place, host);
    case 'span':
      return new SpanLevel(program, place, host);
    default:
      return program satisfies never;
  }
}

/** The item of the level that events of the type belong to: the type's own, else that of a supertype. */
function itemOf({ body }: LevelProgram, type: EventType): number {
  if (body.kind === 'span') return everyPartition;
  const own = body.items.findIndex((item) => item.type === type);
  return own >= 0 ? own : body.items.findIndex((item) => type.supertypes.includes(item.type));
}

function doorsOf(program: LevelProgram): readonly Door[] {
  const end = (point: PointPlan | undefined): Door[] => {
    if (point?.kind === 'pattern') return doorsOfPattern('end-pattern', point);
    return point?.kind === 'filter'
      ? [{ kind: 'end', index: 0, type: point.type, filter: point.filter }]
      : [];
  };
  const open = (items: readonly ContextItem[]): Door[] =>
    items.map(({ type, filter }, index) => ({ kind: 'open', index, type, filter }));
  switch (program.kind) {
    case 'keyed': {
      const { items, initiated, terminated } = program.body;
      return [...end(terminated), ...open(initiated.length > 0 ? initiated : items)];
    }
    case 'hash':
      return program.body.preallocate ? [] : open(program.body.items);
    case 'category':
      return [];
    case 'span': {
      const { opened, terminated } = program.body;
      if (opened?.kind === 'pattern') return [...end(terminated), ...doorsOfPattern('open-pattern', opened)];
      return [...end(terminated), ...(opened?.kind === 'filter' ? open([opened]) : [])];
    }
    default:
      return program satisfies never;
  }
}

const doorsOfPattern = (kind: Door['kind'], { pattern }: PatternPoint): Door[] =>
  pattern.filters.map(({ type, fixed }, index) => ({ kind, index, type, filter: fixed }));
