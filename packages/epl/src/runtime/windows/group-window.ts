import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import type { WindowPlan } from '../../plan/window-plan.ts';
import { NestedMap } from '../nested-map.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { DataWindow, DeltaSink, WindowHost } from './data-window.ts';

/** Windows that are as new once they are empty: the window of a key is forgotten then. */
const forgettable: ReadonlySet<WindowPlan['kind']> = new Set([
  'length',
  'lastevent',
  'keepall',
  'unique',
  'sort',
  'rank',
  'time',
  'time_accum',
  'ext_timed',
  'time_order',
  'timetolive',
] as const); // prettier-ignore

/** `groupwin`: a window of its own for each key. Each counts as one more thing kept. */
export class GroupWindow implements DataWindow {
  private readonly keys: readonly Evaluator[];
  private readonly create: (key: readonly unknown[], sink: DeltaSink) => DataWindow;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly forgets: boolean;
  private readonly windows: NestedMap<DataWindow>;

  constructor(
    plan: { readonly window: WindowPlan },
    keys: readonly Evaluator[],
    create: (key: readonly unknown[], sink: DeltaSink) => DataWindow,
    sink: DeltaSink,
    host: WindowHost,
  ) {
    this.keys = keys;
    this.create = create;
    this.sink = sink;
    this.host = host;
    this.forgets = forgettable.has(plan.window.kind);
    this.windows = new NestedMap(keys.length);
  }

  insert(event: Subject): void {
    const key = this.keyOf(event);
    let window = this.windows.get(key);
    if (window === undefined) {
      this.host.retain(1);
      window = this.createFor(key);
      this.windows.set(key, window);
    }
    window.insert(event);
  }

  remove(event: Subject): void {
    const key = this.keyOf(event);
    this.windows.get(key)?.remove(event);
    if (this.forgets) this.forgetEmpty(key);
  }

  *contents(): Iterable<Subject> {
    for (const window of this.windows.values()) yield* window.contents();
  }

  stop(): void {
    for (const window of this.windows.values()) window.stop();
  }

  saveOrLoad(state: StateStream): void {
    if (state.loading) this.stop();
    this.windows.saveOrLoad(state, (known, key) => {
      const window = known ?? this.createFor(key);
      window.saveOrLoad(state);
      return window;
    });
  }

  private createFor(key: readonly unknown[]): DataWindow {
    if (!this.forgets) return this.create(key, this.sink);
    return this.create(key, (entering, leaving, forced) => {
      if (leaving.length > 0 && entering.length === 0) this.forgetEmpty(key);
      this.sink(entering, leaving, forced);
    });
  }

  private keyOf(event: Subject): unknown[] {
    return this.keys.map((evaluate) => evaluate(event, null, this.host));
  }

  private forgetEmpty(key: readonly unknown[]): void {
    const window = this.windows.get(key);
    if (window === undefined) return;
    for (const _ of window.contents()) return;
    window.stop();
    this.windows.delete(key);
    this.host.retain(-1);
  }
}
