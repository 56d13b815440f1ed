import type { StateStream } from '../snapshot/state-stream.ts';
import type { Row } from '../statement.ts';
import { type Variables, type VariableWatcher, VariableWatchers } from '../variable-store.ts';

/** The variables of one partition; behind them those of the runtime. */
export class PartitionVariables implements Variables {
  readonly values: ReadonlyMap<string, unknown>;
  private readonly own: LayeredMap;
  private readonly outside: Variables;
  private readonly watchers = new VariableWatchers();
  private readonly listeners = new Map<string, (newRow: Row, oldRow: Row) => void>();

  constructor(outside: Variables) {
    this.outside = outside;
    this.own = new LayeredMap(outside.values);
    this.values = this.own;
  }

  /** `told` hears of each new value. */
  declare(name: string, initial: unknown, told: (newRow: Row, oldRow: Row) => void): void {
    this.own.set(name, initial);
    this.listeners.set(name, told);
  }

  set(name: string, value: unknown): void {
    if (!this.own.has(name)) {
      this.outside.set(name, value);
      return;
    }
    this.own.set(name, value);
  }

  tell(name: string, before: unknown): void {
    if (!this.own.has(name)) {
      this.outside.tell(name, before);
      return;
    }
    this.listeners.get(name)?.({ [name]: this.own.get(name) ?? null }, { [name]: before ?? null });
    this.watchers.tell(name);
  }

  watch(name: string, watcher: VariableWatcher): void {
    if (this.own.has(name)) this.watchers.add(name, watcher);
    else this.outside.watch(name, watcher);
  }

  unwatch(name: string, watcher: VariableWatcher): void {
    this.watchers.remove(name, watcher);
    this.outside.unwatch(name, watcher);
  }

  /** One that was declared. */
  saveOrLoad(state: StateStream, name: string): void {
    this.own.set(name, state.value(this.own.get(name)));
  }
}

class LayeredMap extends Map<string, unknown> {
  private readonly outside: ReadonlyMap<string, unknown>;

  constructor(outside: ReadonlyMap<string, unknown>) {
    super();
    this.outside = outside;
  }

  override get(name: string): unknown {
    return this.has(name) ? super.get(name) : this.outside.get(name);
  }
}
