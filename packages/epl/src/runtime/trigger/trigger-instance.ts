import type { ContainedEvents } from '../../compile/contained-program.ts';
import type { Condition, Subject } from '../../compile/evaluator.ts';
import type { InputProgram } from '../../compile/program.ts';
import type { ConsumerWindow } from '../named-window/consumer-window.ts';
import type { SelectHost } from '../select-instance.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
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
  private readonly contained: ContainedEvents | undefined;
  private readonly environment: StatementEnvironment;
  private readonly action: TriggerAction;
  private readonly host: Pick<SelectHost, 'together'>;
  /** Of events that come together only the last one counts: of `set`, as in Esper. */
  private readonly lastOnly: boolean;
  /** The named window whose new rows trigger. */
  source: ConsumerWindow | undefined;

  constructor(
    { lateFilter, contained }: Pick<InputProgram, 'lateFilter' | 'contained'>,
    environment: StatementEnvironment,
    action: TriggerAction,
    host: Pick<SelectHost, 'together'>,
    lastOnly: boolean,
  ) {
    this.lateFilter = lateFilter;
    this.contained = contained;
    this.environment = environment;
    this.action = action;
    this.host = host;
    this.lastOnly = lastOnly;
  }

  /** Several rows of a named window trigger one after the other; what is given is one delivery. */
  runTogether(rows: readonly Subject[]): void {
    this.together(rows, (row) => this.run(row, 0));
  }

  /** `input` is below 0 for an event of one of its subqueries, counted from the last. */
  run(event: Subject, input: number): void {
    const { lateFilter, contained, environment, action } = this;
    const { subqueries } = environment;
    if (input < 0) {
      subqueries[subqueries.length + input].insert(event);
      return;
    }
    if (lateFilter !== undefined && lateFilter(event, null, environment) !== true) return;
    if (contained === undefined) action.run(event);
    else this.together(contained(event, environment) ?? [], (inner) => action.run(inner));
  }

  private together(events: readonly Subject[], run: (event: Subject) => void): void {
    const { host } = this;
    if (events.length === 1) run(events[0]);
    else if (events.length > 1 && this.lastOnly) run(events[events.length - 1]);
    else if (events.length > 1) {
      const all = () => {
        for (const event of events) run(event);
      };
      if (host.together === undefined) all();
      else host.together(all);
    }
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

  saveOrLoad(state: StateStream): void {
    this.environment.saveOrLoad(state);
  }
}
