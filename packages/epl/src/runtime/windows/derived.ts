import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import { type Long, toDouble } from '../../long.ts';
import type { DerivedPlan } from '../../plan/window-plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';
import { createMeasure, type Measure } from './measures.ts';

/**
 * `size`, `uni`, `linest`, `correl`, `weighted_avg`: one event of numbers, told with each change of what the window
 * below it holds, the numbers before the change as the old one; `size` only when it changes. Under `groupwin` the
 * keys stand in the event as well.
 */
export class DerivedWindow implements DataWindow {
  private readonly plan: DerivedPlan;
  private readonly arguments: readonly Evaluator[];
  private readonly extras: readonly Evaluator[];
  private readonly groupKey: readonly unknown[];
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly window: DataWindow | undefined;
  private readonly measure: Measure;
  private current: Subject | undefined;

  constructor(
    plan: DerivedPlan,
    evaluators: { readonly arguments: readonly Evaluator[]; readonly extras: readonly Evaluator[] },
    groupKey: readonly unknown[],
    below: ((sink: DeltaSink) => DataWindow) | undefined,
    sink: DeltaSink,
    host: WindowHost,
  ) {
    this.plan = plan;
    this.arguments = evaluators.arguments;
    this.extras = evaluators.extras;
    this.groupKey = groupKey;
    this.sink = sink;
    this.host = host;
    this.measure = createMeasure(plan.measure);
    this.current = this.event(undefined);
    this.window = below?.((entering, leaving) => this.change(entering, leaving));
  }

  insert(event: Subject): void {
    if (this.window === undefined) this.change([event], nothing);
    else this.window.insert(event);
  }

  /** Derived events are not taken out one by one. */
  remove(): void {}

  contents(): Iterable<Subject> {
    return this.current === undefined ? nothing : [this.current];
  }

  stop(): void {
    this.window?.stop();
  }

  private change(entering: readonly Subject[], leaving: readonly Subject[]): void {
    const { measure, current } = this;
    for (const event of entering) measure.enter(this.numbers(event));
    for (const event of leaving) measure.leave(this.numbers(event));
    const next = this.event(entering.at(-1));
    if (this.plan.measure === 'size' && next.size === current!.size) return;
    this.current = next;
    this.sink([next], [current!]);
  }

  private numbers(event: Subject): readonly (number | null)[] {
    return this.arguments.map((evaluate) => {
      const value = evaluate(event, null, this.host) as Long | null;
      return value === null ? null : toDouble(value);
    });
  }

  /** With the extra columns of that event, or those told last. */
  private event(latest: Subject | undefined): Subject {
    const { plan, host } = this;
    const event = new plan.type.Instance() as Record<string, unknown>;
    for (const [i, name] of plan.keyNames.entries()) event[name] = this.groupKey[i];
    Object.assign(event, this.measure.values());
    for (const [i, { name }] of plan.extras.entries())
      event[name] =
        latest === undefined ? (this.current?.[name] ?? null) : this.extras[i](latest, null, host);
    return event;
  }

  saveOrLoad(state: StateStream): void {
    this.window?.saveOrLoad(state);
    this.measure.saveOrLoad(state);
    this.current = state.value(this.current);
  }
}
