import type { VariablePlan } from '../plan/plan.ts';
import type { StateStream } from './snapshot/state-stream.ts';
import type { Row } from './statement.ts';
import type { EventTrigger, StatementInstance } from './statement-instance.ts';

interface Declared {
  readonly instances: Map<StatementInstance, VariableChanges>;
}

/** Hears that a variable was set. */
export interface VariableWatcher {
  onVariable(): void;
}

/** Variables that can be set: those of the runtime, or of a partition with those behind. */
export interface Variables {
  readonly values: ReadonlyMap<string, unknown>;
  set(name: string, value: unknown): void;
  /** After {@link set}, once for all that one statement has done: who listens hears of it. `before`: the value until then. */
  tell(name: string, before: unknown): void;
  watch(name: string, watcher: VariableWatcher): void;
  unwatch(name: string, watcher: VariableWatcher): void;
}

/** Who watches which variables. */
export class VariableWatchers {
  private readonly byName = new Map<string, Set<VariableWatcher>>();

  add(name: string, watcher: VariableWatcher): void {
    const watchers = this.byName.get(name);
    if (watchers === undefined) this.byName.set(name, new Set([watcher]));
    else watchers.add(watcher);
  }

  remove(name: string, watcher: VariableWatcher): void {
    const watchers = this.byName.get(name);
    if (watchers?.delete(watcher) === true && watchers.size === 0) this.byName.delete(name);
  }

  tell(name: string): void {
    for (const watcher of this.byName.get(name) ?? []) watcher.onVariable();
  }
}

/** The variables of a runtime: their values, and the statements that declare them. */
export class VariableStore implements Variables {
  readonly values = new Map<string, unknown>();
  private changed = false;
  private atStart: Map<string, unknown> = new Map();
  private before: Map<string, unknown> = this.atStart;
  private readonly declared = new Map<string, Declared>();
  private readonly watchers = new VariableWatchers();

  /** A deployed `create variable`; a variable that is there already keeps its value. */
  declare({ name, initial }: VariablePlan, instance: StatementInstance): EventTrigger {
    let declared = this.declared.get(name);
    if (declared === undefined) {
      declared = { instances: new Map() };
      this.declared.set(name, declared);
      for (const values of [this.values, this.atStart, this.before]) values.set(name, initial);
    }
    const changes = new VariableChanges(instance);
    declared.instances.set(instance, changes);
    return {
      run: () => {},
      flush: () => changes.flush(),
      rows: () => [rowOf(name, this.values.get(name))],
      saveOrLoad: (state) => {
        for (const values of [this.values, this.atStart, this.before])
          values.set(name, state.value(values.get(name)));
      },
    };
  }

  /** Which views of the values there are; the values belong to the statements that declare them. */
  saveOrLoad(state: StateStream): void {
    this.changed = state.flag(this.changed);
    const same = state.flag(this.before === this.atStart);
    if (state.loading) this.before = same ? this.atStart : new Map(this.before);
  }

  /** The statement that declared it was undeployed; with the last of them the variable goes. */
  withdraw(name: string, instance: StatementInstance): void {
    const declared = this.declared.get(name);
    if (declared === undefined || !declared.instances.delete(instance) || declared.instances.size > 0) return;
    this.declared.delete(name);
    for (const values of [this.values, this.atStart, this.before]) values.delete(name);
  }

  /** A new event or move of the clock is about to be handled. */
  begin(): void {
    if (!this.changed && this.before === this.atStart) return;
    this.before = this.atStart;
    this.atStart = this.changed ? new Map(this.values) : this.atStart;
    this.changed = false;
  }

  /**
   * The values as they were when the event or move of the clock before this one began. `update istream` sees these, as
   * in Esper, which changes events before it takes a new view of the variables.
   */
  get beforeLast(): ReadonlyMap<string, unknown> {
    return this.before;
  }

  set(name: string, value: unknown): void {
    this.values.set(name, value);
    this.changed = true;
  }

  tell(name: string, before: unknown): void {
    for (const changes of this.declared.get(name)?.instances.values() ?? [])
      changes.add(rowOf(name, this.values.get(name)), rowOf(name, before));
    this.watchers.tell(name);
  }

  watch(name: string, watcher: VariableWatcher): void {
    this.watchers.add(name, watcher);
  }

  unwatch(name: string, watcher: VariableWatcher): void {
    this.watchers.remove(name, watcher);
  }
}

const rowOf = (name: string, value: unknown): Row => ({ [name]: value ?? null });

/** What one event or move of the clock does with a variable, of which a `create variable` statement tells at once. */
class VariableChanges {
  private readonly instance: StatementInstance;
  private newRows: Row[] = [];
  private oldRows: Row[] = [];

  constructor(instance: StatementInstance) {
    this.instance = instance;
  }

  add(newRow: Row, oldRow: Row): void {
    this.newRows.push(newRow);
    this.oldRows.push(oldRow);
    this.instance.markDirty();
  }

  flush(): void {
    const { newRows, oldRows } = this;
    if (newRows.length === 0) return;
    this.newRows = [];
    this.oldRows = [];
    this.instance.report(newRows, oldRows);
  }
}
