import type { KeyedProgram, LevelProgram } from '../../compile/context-program.ts';
import type { Subject } from '../../compile/evaluator.ts';
import type { ContextItem } from '../../plan/context-plan.ts';
import { NestedMap } from '../nested-map.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { Endings } from './ending.ts';
import { type Door, everyPartition, type Level, type LevelHost, type LevelPlace } from './level.ts';
import type { Partition } from './partition.ts';

/** `partition by`: a partition for each key. Null is a key like any other. */
export class KeyedLevel implements Level {
  readonly place: LevelPlace;
  private readonly program: KeyedProgram;
  private readonly host: LevelHost;
  private readonly endings: Endings;
  private readonly byKey: NestedMap<Partition>;
  /** The keys of the event that is looked up. */
  private readonly scratch: unknown[] = [];
  private readonly open = new Set<Partition>();
  /** The event that ended a partition last: it opens none. */
  private lastEnding: Subject | undefined;
  /** What was looked up last: the event goes from the level to all statements. */
  private lastEvent: Subject | undefined;
  private lastItem = everyPartition;
  private lastFound: Partition | undefined;

  constructor(program: LevelProgram & KeyedProgram, place: LevelPlace, host: LevelHost) {
    this.program = program;
    this.place = place;
    this.host = host;
    this.byKey = new NestedMap(program.keys[0].length);
    this.endings = new Endings(program.terminated, host);
  }

  start(): void {}

  take(door: Door, event: Subject): void {
    if (door.kind === 'end') {
      this.end(event);
      return;
    }
    if (door.kind === 'end-pattern') {
      for (const partition of this.partitionsOf(door, event)) partition.ending?.collect(door.index, event);
      return;
    }
    if (this.lastEnding === event) return;
    const { body } = this.program;
    const opening = body.initiated[door.index];
    const item = opening?.item ?? door.index;
    if (this.find(item, event) !== undefined) return;
    const keys = [...this.keysOf(item, event)];
    const named = body.initiated.flatMap((initiated, i) =>
      initiated.named ? [i === door.index ? event : null] : [],
    );
    const partition = this.host.open(this, [...keys, ...named], this.endings);
    this.byKey.set(keys, partition);
    this.open.add(partition);
    this.lastFound = partition;
  }

  reach(item: number, event: Subject, into: Partition[]): void {
    if (item === everyPartition) for (const partition of this.open) into.push(partition);
    else {
      const found = this.find(item, event);
      if (found !== undefined) into.push(found);
    }
  }

  partitions(): Iterable<Partition> {
    return this.open;
  }

  ended(partition: Partition, event: Subject | undefined): void {
    this.lastEnding = event;
    this.lastEvent = undefined;
    this.endings.forget(partition);
    this.open.delete(partition);
    this.byKey.delete(this.ownKeys(partition));
  }

  stop(): void {}

  /** An event at the end. */
  private end(event: Subject): void {
    this.lastEnding = undefined;
    const point = this.program.terminated!.plan;
    if (point.kind !== 'filter') return;
    for (const partition of this.endings.endedBy(event, this.partitionsOf(point, event)))
      this.host.end(partition, event);
  }

  /** The partition of the event's key; where its type has none, all. */
  private partitionsOf({ type }: ContextItem, event: Subject): readonly Partition[] {
    const item = this.program.body.items.findIndex((other) => other.type === type);
    if (item < 0) return [...this.open];
    const found = this.find(item, event);
    return found === undefined ? [] : [found];
  }

  /** The partition of the event's key. */
  find(item: number, event: Subject): Partition | undefined {
    if (this.lastEvent === event && this.lastItem === item) return this.lastFound;
    this.lastFound = this.byKey.get(this.keysOf(item, event));
    this.lastEvent = event;
    this.lastItem = item;
    return this.lastFound;
  }

  /** Into the scratch list, which the next event overwrites. */
  private keysOf(item: number, event: Subject): readonly unknown[] {
    const { host, scratch } = this;
    const keys = this.program.keys[item];
    for (let i = 0; i < keys.length; i++) scratch[i] = keys[i](event, null, host);
    return scratch;
  }

  saveOrLoad(state: StateStream): void {
    const known = [...this.open];
    const count = state.count(known.length);
    for (let i = 0; i < count; i++) {
      const partition = this.host.saveOrLoadPartition(state, known[i], this);
      this.endings.saveOrLoad(state, partition);
      if (!state.loading) continue;
      this.open.add(partition);
      this.byKey.set(this.ownKeys(partition), partition);
    }
  }

  private ownKeys({ values }: Partition): readonly unknown[] {
    const from = this.place.outer.length;
    return values.slice(from, from + this.program.keys[0].length);
  }
}
