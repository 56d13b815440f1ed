import type { Bound } from '../plan/expression.ts';
import type { DerivedMeasure, DerivedPlan, WindowPlan } from '../plan/window-plan.ts';
import { createEventType, type Property } from '../runtime/event-type.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import type { WindowNode } from '../syntax/stream.ts';
import { bindExpression, describe } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { isNumeric, typeFault } from './types.ts';

/** How many numbers of the event each takes; what follows them are further columns. */
const argumentCounts: Readonly<Record<DerivedMeasure, number>> = {
  size: 0,
  uni: 1,
  linest: 2,
  correl: 2,
  weighted_avg: 2,
};

export const derivedMeasures: readonly string[] = Object.keys(argumentCounts);

export const isDerived = (name: string): name is DerivedMeasure => Object.hasOwn(argumentCounts, name);

const counts: ReadonlySet<string> = new Set(['size', 'datapoints', 'dataPoints', 'n']);

const columns: Readonly<Record<DerivedMeasure, string>> = {
  size: 'size',
  uni: 'datapoints total stddev variance average stddevpa',
  linest: `slope YIntercept XAverage XStandardDeviationPop XStandardDeviationSample XSum XVariance YAverage
    YStandardDeviationPop YStandardDeviationSample YSum YVariance dataPoints n sumX sumXSq sumXY sumY sumYSq`,
  correl: 'correlation',
  weighted_avg: 'average',
};

/** Binds `#size`, `#uni(x)` and the like, over the windows before it. */
export function bindDerived(
  measure: DerivedMeasure,
  node: WindowNode,
  window: WindowPlan | undefined,
  binder: Binder,
  keyNames: readonly string[],
): DerivedPlan {
  const count = argumentCounts[measure];
  if (node.arguments.length < count) {
    const numbers = count === 1 ? 'a number' : 'two numbers';
    throw new Fault('EPL_VALUE', `the data window '${measure}' needs ${numbers} of the event`, node);
  }
  const args = node.arguments.slice(0, count).map((argument) => {
    const bound = bindExpression(argument, binder);
    if (isNumeric(bound.type)) return bound;
    throw typeFault(
      `the data window '${measure}' needs a number, but ${describe(argument, bound)} is none`,
      argument,
    );
  });
  const extras = node.arguments.slice(count).flatMap((argument) => bindExtra(argument, binder));
  const [stream] = binder.scope.streams;
  const properties: Property[] = [
    ...keyNames.map((name) => ({ name, type: stream.type.property(name)?.type ?? 'object' }) as Property),
    ...columns[measure]
      .split(/\s+/)
      .map((name): Property => ({ name, type: counts.has(name) ? 'long' : 'double' })),
    ...extras.map(({ name, value }) => ({ name, type: value.type })),
  ];
  const unique = properties.filter(
    ({ name }, i) => properties.findIndex((other) => other.name === name) === i,
  );
  const type = createEventType(measure, unique);
  return { kind: 'derived', measure, window, arguments: args, extras, keyNames, type };
}

/** A further column, or with `*` all of the event. */
function bindExtra(argument: Expression, binder: Binder): { name: string; value: Bound }[] {
  const [{ type }] = binder.scope.streams;
  if (argument.kind === 'wildcard') {
    return type.properties.map((property) => ({
      name: property.name,
      value: { kind: 'property', type: property.type, stream: 0, name: property.name },
    }));
  }
  return [{ name: reprint(argument), value: bindExpression(argument, binder) }];
}
