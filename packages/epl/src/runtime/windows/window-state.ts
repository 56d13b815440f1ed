import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { Group } from '../../compile/group-class.ts';
import type { WindowProgram } from '../../compile/window-program.ts';
import type { ExpressionWindowPlan } from '../../plan/window-plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';

/**
 * What the condition of an expression window reads beside an event: the numbers of the window in an event of the
 * plan's `state` type, and the aggregates over what the window holds.
 */
export class WindowState {
  private readonly program: NonNullable<WindowProgram['expiry']>;
  private readonly environment: Environment;
  private readonly state: Record<string, unknown>;
  private group: Group;

  constructor(program: WindowProgram, environment: Environment) {
    this.program = program.expiry!;
    this.environment = environment;
    this.state = new (program.plan as ExpressionWindowPlan).state.Instance() as Record<string, unknown>;
    this.group = new this.program.Group([]);
  }

  enter(event: Subject): void {
    this.group.enter(this.pair(event), this.environment);
  }

  leave(event: Subject): void {
    this.group.leave(this.pair(event), this.environment);
  }

  /** Forgets all that entered. */
  clear(): void {
    this.group = new this.program.Group([]);
  }

  /** Whether the condition is true for that event and this state of the window. */
  holds(
    event: Subject,
    oldest: Arrival,
    newest: Arrival,
    currentCount: number,
    expiredCount: number,
  ): boolean {
    const { state } = this;
    state.current_count = currentCount;
    state.expired_count = expiredCount;
    state.oldest_event = oldest.event;
    state.oldest_timestamp = oldest.timeMs;
    state.newest_event = newest.event;
    state.newest_timestamp = newest.timeMs;
    return this.program.condition(this.pair(event), this.group, this.environment) === true;
  }

  private pair(event: Subject): Subject {
    return [event, this.state] as unknown as Subject;
  }

  saveOrLoad(state: StateStream): void {
    if (state.loading) this.clear();
    this.group.saveOrLoad(state);
  }
}

export interface Arrival {
  readonly event: Subject;
  readonly timeMs: number;
}

/** An arrival, or none. */
export function saveOrLoadArrival(state: StateStream, arrival: Arrival | undefined): Arrival | undefined {
  if (!state.flag(arrival !== undefined)) return undefined;
  const [event] = state.events(arrival === undefined ? [] : [arrival.event], 1);
  return { event, timeMs: state.number(arrival?.timeMs ?? 0) };
}
