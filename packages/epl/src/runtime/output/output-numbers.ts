import type { Condition, Environment } from '../../compile/evaluator.ts';
import type { EventType } from '../event-type.ts';
import type { StateStream } from '../snapshot/state-stream.ts';

/** What conditions of the output clause may ask: `count_insert`, `last_output_timestamp` and their like. */
export class OutputNumbers {
  private readonly host: Environment;
  readonly state: Record<string, number>;

  constructor(state: EventType, host: Environment) {
    this.host = host;
    this.state = Object.assign(new state.Instance(), {
      count_insert: 0,
      count_insert_total: 0,
      count_remove: 0,
      count_remove_total: 0,
      last_output_timestamp: host.nowMs,
    });
  }

  add(entered: number, left: number): void {
    const { state } = this;
    state.count_insert += entered;
    state.count_insert_total += entered;
    state.count_remove += left;
    state.count_remove_total += left;
  }

  fulfil(condition: Condition): boolean {
    return condition(this.state, null, this.host) === true;
  }

  /** Rows are given now. */
  begin(): void {
    const { state, host } = this;
    state.count_insert = 0;
    state.count_remove = 0;
    state.last_output_timestamp = host.nowMs;
  }

  saveOrLoad(state: StateStream): void {
    for (const name of Object.keys(this.state)) this.state[name] = state.number(this.state[name]);
  }
}
