import type { AggregationDefinition, AggregationState } from '../../user-definitions.ts';
import { type StateStream, UnsavableState } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

/** An aggregation that the program registered. */
export class UserAggregator implements Aggregator {
  private state: AggregationState;
  private readonly definition: AggregationDefinition;

  constructor(definition: AggregationDefinition) {
    this.definition = definition;
    this.state = definition.create();
  }

  enter(values: unknown): void {
    this.state.enter(...(values as never[]));
  }

  leave(values: unknown): void {
    this.state.leave(...(values as never[]));
  }

  value(): unknown {
    return this.state.value() ?? null;
  }

  saveOrLoad(state: StateStream): void {
    const { definition } = this;
    if (definition.restore === undefined || this.state.save === undefined) {
      if (!state.isFresh)
        throw new UnsavableState(`the aggregation '${definition.name}' says not how its state is saved`);
      if (state.loading) this.state = definition.create();
      return;
    }
    const saved = state.value(state.loading ? null : this.state.save());
    if (state.loading) this.state = definition.restore(saved);
  }
}
