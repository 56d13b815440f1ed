import type { Subject } from '../compile/evaluator.ts';
import type { StateStream } from './snapshot/state-stream.ts';
import type { Row } from './statement.ts';
import type { StatementEnvironment } from './statement-environment.ts';
import type { EventTrigger } from './statement-instance.ts';

/** The subqueries of an `update istream`: what they read comes to them as to those of any statement. */
export class UpdateSubqueries implements EventTrigger {
  private readonly environment: StatementEnvironment;

  constructor(environment: StatementEnvironment) {
    this.environment = environment;
  }

  /** `input` is below 0, counted from the last subquery. */
  run(event: Subject, input: number): void {
    const { subqueries } = this.environment;
    subqueries[subqueries.length + input].insert(event);
  }

  /** Nothing is kept to iterate over. */
  rows(): Iterable<Row> {
    return [];
  }

  load(): void {
    this.environment.load();
  }

  stop(): void {
    this.environment.stop();
  }

  saveOrLoad(state: StateStream): void {
    this.environment.saveOrLoad(state);
  }
}
