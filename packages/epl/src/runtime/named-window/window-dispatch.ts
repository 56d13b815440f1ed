import type { Subject } from '../../compile/evaluator.ts';
import type { SelectHost } from '../select-instance.ts';
import type { ConsumerWindow } from './consumer-window.ts';
import type { Change, ChangeListener, NamedWindow } from './named-window.ts';

interface Told {
  readonly consumer: ConsumerWindow;
  entering: readonly Subject[];
  leaving: readonly Subject[];
}

/**
 * Tells the readers of named windows what has changed: each once for all that the event before has led to, in the
 * order of deployment.
 */
export class WindowDispatch implements ChangeListener {
  private readonly owners = new Map<NamedWindow, SelectHost>();
  private unreported: NamedWindow[] = [];
  private undelivered: NamedWindow[] = [];

  /** Whether there is anything to tell. */
  get waiting(): boolean {
    return this.undelivered.length > 0 || this.unreported.length > 0;
  }

  /** The statement that created the window. */
  own(window: NamedWindow, host: SelectHost): void {
    this.owners.set(window, host);
  }

  disown(window: NamedWindow): void {
    this.owners.delete(window);
  }

  changed(window: NamedWindow): void {
    if (!this.unreported.includes(window)) this.unreported.push(window);
    if (!this.undelivered.includes(window)) this.undelivered.push(window);
  }

  /** To the listeners of the windows' own statements: after each event. */
  report(): void {
    if (this.unreported.length === 0) return;
    const windows = this.unreported;
    this.unreported = [];
    for (const window of windows) {
      const { entering, leaving } = window.takeForListeners();
      const owner = this.owners.get(window);
      if (owner === undefined || entering.length + leaving.length === 0) continue;
      owner.counters.rowsOut += entering.length + leaving.length;
      owner.report(entering, leaving);
    }
  }

  /** To the statements that read them, until nothing is left to tell. */
  deliver(settle: () => void): void {
    while (this.undelivered.length > 0) {
      const windows = this.undelivered;
      this.undelivered = [];
      for (const told of byStatement(windows)) {
        for (const { consumer, entering, leaving } of told)
          consumer.owner.consume(consumer, entering, leaving);
        settle();
      }
      this.report();
    }
  }
}

/**
 * Several windows may have changed, and one statement may read several of them, or one twice, or one in each partition
 * of its context.
 */
function byStatement(windows: readonly NamedWindow[]): Iterable<readonly Told[]> {
  const statements = new Map<object, Told[]>();
  for (const window of windows) {
    const { change, consumers } = window.takeForConsumers();
    if (isEmpty(change)) continue;
    for (const consumer of consumers) {
      const statement = consumer.owner.statement ?? consumer.owner;
      const told = statements.get(statement);
      if (told === undefined) statements.set(statement, [{ consumer, ...change }]);
      else told.push({ consumer, ...change });
    }
  }
  return statements.values();
}

const isEmpty = ({ entering, leaving }: Change): boolean => entering.length === 0 && leaving.length === 0;
