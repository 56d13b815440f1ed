import { compileCondition, compileExpression } from '../compile/compile-expression.ts';
import type { Condition, Environment, Evaluator, Subject } from '../compile/evaluator.ts';
import type { UpdatePlan } from '../plan/plan.ts';
import type { Row } from './statement.ts';
import type { StatementInstance } from './statement-instance.ts';

interface AssignmentProgram {
  readonly name: string;
  readonly index: Evaluator | undefined;
  readonly evaluate: Evaluator;
}

/** One running `update istream`: changes events of its type before any statement sees them. */
export class StreamUpdate {
  readonly priority: number;
  private readonly plan: UpdatePlan;
  private readonly instance: StatementInstance;
  private readonly environment: Environment;
  private readonly where: Condition | undefined;
  private readonly assignments: readonly AssignmentProgram[];
  private readonly waits: (update: StreamUpdate) => void;
  /** What it has changed since it was heard last. */
  private newRows: Row[] = [];
  private oldRows: Row[] = [];

  /** @param waits hears that there is something to {@link report} */
  constructor(
    plan: UpdatePlan,
    instance: StatementInstance,
    environment: Environment,
    waits: (update: StreamUpdate) => void,
  ) {
    this.waits = waits;
    this.plan = plan;
    this.priority = plan.priority;
    this.instance = instance;
    this.environment = environment;
    this.where = plan.where && compileCondition(plan.where, false);
    this.assignments = plan.assignments.map(({ name, index, value }) => ({
      name,
      index: index && compileExpression(index, false),
      evaluate: compileExpression(value, false),
    }));
  }

  /**
   * The changed event, or the same where nothing changes it; undefined for one that is dropped. An exception leaves it
   * as it is.
   */
  apply(event: Subject): Subject | undefined {
    const { plan, instance, environment, where, assignments } = this;
    try {
      if (where !== undefined && where(event, null, environment) !== true) return event;
      instance.counters.eventsIn++;
      if (plan.drop) return undefined;
      const changed = new plan.type.Instance() as Record<string, unknown>;
      for (const { name } of plan.type.properties) changed[name] = event[name];
      for (const { name, index, evaluate } of assignments) {
        const value = evaluate(event, null, environment);
        if (index === undefined) changed[name] = value;
        else changed[name] = withElement(changed[name], index(event, null, environment), value);
      }
      if (this.newRows.length === 0) this.waits(this);
      this.newRows.push(changed);
      this.oldRows.push(event as Row);
      return changed;
    } catch (error) {
      instance.failed(error);
      return event;
    }
  }

  /** Tells the listeners of all that one event has led to, in one delivery. */
  report(): void {
    const { instance, newRows, oldRows } = this;
    this.newRows = [];
    this.oldRows = [];
    instance.report(newRows, oldRows);
  }
}

/** A copy of the array with another element, or the same where it has no such place. */
function withElement(array: unknown, index: unknown, element: unknown): unknown {
  if (!Array.isArray(array) || typeof index !== 'number' || index < 0 || index >= array.length) return array;
  return array.with(index, element);
}
