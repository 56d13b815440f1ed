import type { CategoryProgram } from '../../compile/context-program.ts';
import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { everyPartition, type Level, type LevelHost, type LevelPlace } from './level.ts';
import type { Partition } from './partition.ts';

/** `group by … as label`: the partitions are there from the start; an event goes to all whose condition it fulfils. */
export class CategoryLevel implements Level {
  readonly place: LevelPlace;
  private readonly program: CategoryProgram;
  private readonly host: LevelHost;
  private all: readonly Partition[] = [];

  constructor(program: CategoryProgram, place: LevelPlace, host: LevelHost) {
    this.program = program;
    this.place = place;
    this.host = host;
  }

  start(): void {
    this.all = this.program.body.categories.map(({ label }) => this.host.open(this, [label]));
  }

  take(): void {}

  reach(item: number, event: Subject, into: Partition[]): void {
    const { all, host, program } = this;
    for (let i = 0; i < all.length; i++) {
      const fits = item === everyPartition || program.conditions[i](event, null, host) === true;
      if (fits) into.push(all[i]);
    }
  }

  partitions(): Iterable<Partition> {
    return this.all;
  }

  /** Only with the context itself. */
  ended(): void {}

  stop(): void {}

  saveOrLoad(state: StateStream): void {
    const { body } = this.program;
    const known = state.loading ? [] : this.all;
    this.all = body.categories.map((_, i) => this.host.saveOrLoadPartition(state, known[i], this));
  }
}
