import type { Condition, Subject } from '../../compile/evaluator.ts';
import type { ConsumerWindow } from '../named-window/consumer-window.ts';
import type { Row } from '../statement.ts';
import type { StatementEnvironment } from '../statement-environment.ts';
import type { EventTrigger } from '../statement-instance.ts';

/** What is done when the trigger fires. */
export interface TriggerAction {
  run(event: Subject): void;
  /** For iteration. */
  rows(): Iterable<Row>;
  stop?(): void;
}

/** One running `on …`: its subqueries and what it does. */
export class TriggerInstance implements EventTrigger {
  private readonly lateFilter: Condition | undefined;
  private readonly environment: StatementEnvironment;
  private readonly action: TriggerAction;
  /** The named window whose new rows trigger. */
  source: ConsumerWindow | undefined;

  constructor(lateFilter: Condition | undefined, environment: StatementEnvironment, action: TriggerAction) {
    this.lateFilter = lateFilter;
    this.environment = environment;
    this.action = action;
  }

  /** `input` is below 0 for an event of one of its subqueries, counted from the last. */
  run(event: Subject, input: number): void {
    const { lateFilter, environment } = this;
    const { subqueries } = environment;
    if (input < 0) subqueries[subqueries.length + input].insert(event);
    else if (lateFilter === undefined || lateFilter(event, null, environment) === true)
      this.action.run(event);
  }

  load(): void {
    this.environment.load();
  }

  rows(): Iterable<Row> {
    return this.action.rows();
  }

  stop(): void {
    this.environment.stop();
    this.action.stop?.();
    this.source?.stop();
  }
}
