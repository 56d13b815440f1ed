import type { ContainedPlan } from '../plan/contained-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { attachEvidence, baseEvents } from '../runtime/evidence.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import type { Condition, Environment, Evaluator, Subject } from './evaluator.ts';

/** The events inside of an event; undefined where the outermost property is missing. */
export type ContainedEvents = (event: Subject, environment: Environment) => readonly Subject[] | undefined;

interface Step {
  readonly source: Evaluator;
  readonly type: EventType;
  readonly where: Condition | undefined;
  readonly columns: readonly { readonly name: string; readonly evaluate: Evaluator }[];
}

/** `evidence`: each event that comes out stands for the one that it was in. */
export function compileContained(plan: ContainedPlan, evidence: boolean): ContainedEvents {
  const steps = plan.steps.map(
    ({ source, type, where, columns }): Step => ({
      source: compileExpression(source, true),
      type,
      where: where && compileCondition(where, true),
      columns: (columns ?? []).map(({ name, value }) => ({ name, evaluate: compileExpression(value, true) })),
    }),
  );
  const selects = steps.some(({ columns }) => columns.length > 0);
  return (event, environment) => {
    const found: Subject[] = [];
    const known = expand(steps, [event], selects ? {} : undefined, plan.type, environment, found);
    if (evidence) for (const inner of found) if (inner !== event) attachEvidence(inner, baseEvents(event));
    return known ? found : undefined;
  };
}

/** Adds what is in the innermost event of the tuple. False where its property is missing. */
function expand(
  [step, ...deeper]: readonly Step[],
  tuple: readonly Subject[],
  selected: Readonly<Record<string, unknown>> | undefined,
  type: EventType,
  environment: Environment,
  found: Subject[],
): boolean {
  const value = step.source(tuple as unknown as Subject, null, environment);
  if (value === null || value === undefined) return false;
  for (const element of Array.isArray(value) ? value : [value]) {
    if (element === null) continue;
    const event = eventOf(element, step.type);
    const inner = [event, ...tuple];
    const subject = inner as unknown as Subject;
    if (step.where !== undefined && step.where(subject, null, environment) !== true) continue;
    const columns = selected && { ...selected };
    if (columns !== undefined) {
      for (const { name, evaluate } of step.columns) columns[name] = evaluate(subject, null, environment);
    }
    if (deeper.length > 0) expand(deeper, inner, columns, type, environment, found);
    else found.push(columns === undefined ? event : instanceOf(columns, type));
  }
  return true;
}

/** The element as an event of the type; a plain value is its only property. */
function eventOf(element: unknown, type: EventType): Subject {
  if (element instanceof type.Instance) return element as Subject;
  const isObject = typeof element === 'object' && element !== null;
  return instanceOf(isObject ? (element as Subject) : { [type.properties[0].name]: element }, type);
}

function instanceOf(values: Readonly<Record<string, unknown>>, type: EventType): Subject {
  const event = new type.Instance() as Record<string, unknown>;
  for (const { name } of type.properties) {
    if (Object.hasOwn(values, name)) event[name] = values[name] ?? null;
  }
  return event;
}
