import type { AggregationDefinition, AggregationState } from '../../user-definitions.ts';
import type { Aggregator } from './aggregator.ts';

/** An aggregation that the program registered. */
export class UserAggregator implements Aggregator {
  private readonly state: AggregationState;

  constructor(definition: AggregationDefinition) {
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
}
