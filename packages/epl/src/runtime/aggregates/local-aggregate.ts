import type { Environment, LocalValues, Subject } from '../../compile/evaluator.ts';
import type { LocalProgram } from '../../compile/local-program.ts';
import { NestedMap } from '../nested-map.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';
import { createAggregator } from './create-aggregator.ts';

interface LocalGroup {
  readonly aggregator: Aggregator;
  /** Events that entered and have not left. */
  size: number;
}

/** An aggregate with groups of its own (`group_by:`), beside those of the statement. */
export class LocalAggregate implements LocalValues {
  private readonly program: LocalProgram;
  private readonly groups: NestedMap<LocalGroup>;

  constructor(program: LocalProgram) {
    this.program = program;
    this.groups = new NestedMap(Math.max(1, program.keys.length));
  }

  enter(event: Subject, environment: Environment): void {
    const { filter } = this.program;
    if (filter !== undefined && filter(event, null, environment) !== true) return;
    const keys = this.keysOf(event, environment);
    let group = this.groups.get(keys);
    if (group === undefined) {
      group = this.createLocal();
      this.groups.set([...keys], group);
    }
    group.size++;
    group.aggregator.enter(this.argument(event, environment));
  }

  leave(event: Subject, environment: Environment): void {
    const { filter } = this.program;
    if (filter !== undefined && filter(event, null, environment) !== true) return;
    const keys = this.keysOf(event, environment);
    const group = this.groups.get(keys);
    if (group === undefined) return;
    group.aggregator.leave(this.argument(event, environment));
    if (--group.size === 0) this.groups.delete(keys);
  }

  value(keys: readonly unknown[]): unknown {
    const group = this.groups.get(keys.length === 0 ? total : keys);
    return group === undefined ? this.program.empty : group.aggregator.value();
  }

  private argument(event: Subject, environment: Environment): unknown {
    const { argument } = this.program;
    return argument === undefined ? event : argument(event, null, environment);
  }

  private keysOf(event: Subject, environment: Environment): readonly unknown[] {
    const { keys } = this.program;
    return keys.length === 0 ? total : keys.map((key) => key(event, null, environment));
  }

  saveOrLoad(state: StateStream): void {
    this.groups.saveOrLoad(state, (known) => {
      const group = known ?? this.createLocal();
      group.size = state.number(group.size);
      group.aggregator.saveOrLoad(state);
      return group;
    });
  }

  private createLocal(): LocalGroup {
    const { plan, leaves } = this.program;
    return { aggregator: createAggregator(plan, leaves), size: 0 };
  }
}

/** The key of the one group of `group_by: ()`. */
const total: readonly unknown[] = [null];
