import type { Subject } from '../../compile/evaluator.ts';
import type { WindowProgram } from '../../compile/window-program.ts';
import type { NamedWindowPlan } from '../../plan/store-plan.ts';
import { isBatching } from '../../plan/window-plan.ts';
import type { EventType } from '../event-type.ts';
import { attachEvidence, baseEvents, hasEvidence } from '../evidence.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Expendable } from '../state-budget.ts';
import type { Row } from '../statement.ts';
import type { EventTrigger } from '../statement-instance.ts';
import type { Draft, RowChange, RowStore } from '../store/row-store.ts';
import { StoreIndexes } from '../store/store-indexes.ts';
import { createWindow } from '../windows/create-window.ts';
import type { DataWindow, DeltaSink, WindowHost } from '../windows/data-window.ts';
import type { ConsumerWindow } from './consumer-window.ts';

/** Hears that a named window has something to tell. */
export interface ChangeListener {
  changed(window: NamedWindow): void;
}

/** What entered and what left since the last time it was told. */
export interface Change {
  readonly entering: Subject[];
  readonly leaving: Subject[];
}

/**
 * A named window: its data window decides what it holds, statements that read it are told of every change once the
 * event that led to it is done. A changed row is a new row in the place of the old one, which leaves.
 */
export class NamedWindow implements RowStore, EventTrigger, Expendable {
  readonly name: string;
  readonly type: EventType;
  readonly indexes: StoreIndexes;
  readonly tells = true;
  private readonly window: DataWindow;
  /** What a batch window collects has been told to nobody. */
  readonly batching: boolean;
  private readonly listener: ChangeListener;
  private consumers: readonly ConsumerWindow[] = [];
  private forConsumers: Change = noChange();
  private forListeners: Change = noChange();
  /** Rows that broke a unique index while the data window took them, and why. */
  private refused: { readonly row: Subject; readonly error: unknown }[] = [];

  constructor(plan: NamedWindowPlan, program: WindowProgram, host: WindowHost, listener: ChangeListener) {
    this.name = plan.name;
    this.type = plan.type;
    this.batching = isBatching(plan.window);
    this.listener = listener;
    this.indexes = new StoreIndexes(plan.name, () => this.contents(), host);
    this.window = createWindow(program, this.change, host, undefined);
  }

  dropOldest(): boolean {
    for (const row of this.contents()) {
      this.takeOut(row);
      return true;
    }
    return false;
  }

  /** A row that arrives. @throws EplError `EPL_DUPLICATE_KEY` */
  run(row: Subject): void {
    this.commit([{ row: undefined, draft: row }]);
  }

  contents(): Iterable<Subject> {
    return this.window.contents();
  }

  rows(): Iterable<Row> {
    return this.contents();
  }

  draft(row: Subject): Draft {
    const draft = new this.type.Instance() as Draft;
    for (const { name } of this.type.properties) draft[name] = row[name];
    if (hasEvidence(row)) attachEvidence(draft, baseEvents(row));
    return draft;
  }

  snapshot(row: Subject): Row {
    return row;
  }

  commit(changes: readonly RowChange[]): void {
    for (const { row } of changes) if (row !== undefined) this.takeOut(row);
    for (const { draft } of changes) if (draft !== undefined) this.takeIn(draft);
    this.giveUpRefused();
  }

  subscribe(consumer: ConsumerWindow): void {
    this.consumers = [...this.consumers, consumer];
  }

  unsubscribe(consumer: ConsumerWindow): void {
    this.consumers = this.consumers.filter((other) => other !== consumer);
  }

  /** What the listeners of its own statement have not heard. */
  takeForListeners(): Change {
    const change = this.forListeners;
    this.forListeners = noChange();
    return change;
  }

  /** What the statements that read it have not heard, and these. */
  takeForConsumers(): { readonly change: Change; readonly consumers: readonly ConsumerWindow[] } {
    const change = this.forConsumers;
    this.forConsumers = noChange();
    return { change, consumers: this.consumers };
  }

  stop(): void {
    this.window.stop();
  }

  private takeIn(row: Subject): void {
    if (this.batching) this.indexes.add(row);
    this.window.insert(row);
  }

  private takeOut(row: Subject): void {
    this.window.remove(row);
    if (this.batching) this.indexes.remove(row);
    else this.change([], [row]);
  }

  /** What the data window tells. The indexes stand for what {@link contents} gives. */
  private readonly change: DeltaSink = (entering, leaving) => {
    if (entering.length === 0 && leaving.length === 0) return;
    const { indexes, batching, forConsumers, forListeners } = this;
    if (!batching) for (const row of leaving) indexes.remove(row);
    const wanted = this.consumers.length > 0;
    for (const row of entering) {
      if (batching) indexes.remove(row);
      else if (!this.index(row)) continue;
      if (wanted) forConsumers.entering.push(row);
      forListeners.entering.push(row);
    }
    for (const row of leaving) {
      if (wanted) forConsumers.leaving.push(row);
      forListeners.leaving.push(row);
    }
    this.listener.changed(this);
  };

  /** False where the row breaks a unique index. */
  private index(row: Subject): boolean {
    try {
      this.indexes.add(row);
      return true;
    } catch (error) {
      this.refused.push({ row, error });
      return false;
    }
  }

  /** Rows that the data window took before an index refused them. */
  private giveUpRefused(): void {
    const { refused } = this;
    if (refused.length === 0) return;
    this.refused = [];
    for (const { row } of refused) this.window.remove(row);
    throw refused[0].error;
  }

  saveOrLoad(state: StateStream): void {
    if (state.loading) {
      this.forConsumers = noChange();
      this.forListeners = noChange();
    }
    this.window.saveOrLoad(state);
    this.indexes.saveOrLoad(state);
  }
}

const noChange = (): Change => ({ entering: [], leaving: [] });
