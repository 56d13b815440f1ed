import type { Bound } from '../plan/expression.ts';
import { operandsOf } from '../plan/expression-walk.ts';
import type { PatternPlan } from '../plan/pattern-plan.ts';
import type { InputPlan } from '../plan/plan.ts';

/** Tells each input what the expressions of the statement ask of it beside its declared columns. */
export function withNeeds(
  inputs: readonly InputPlan[],
  expressions: readonly (Bound | undefined)[],
): readonly InputPlan[] {
  const needs = inputs.map(() => ({
    dynamic: new Set<string>(),
    /** Of a pattern: properties of the events under its tags. */
    ofTags: [] as { readonly tag: string; readonly name: string }[],
    previous: false,
    prior: 0,
  }));
  const visit = (node: Bound): void => {
    if (node.kind === 'previous') needs[node.stream].previous = true;
    else if (node.kind === 'prior')
      needs[node.stream].prior = Math.max(needs[node.stream].prior, node.offset, 1);
    else if ((node.kind === 'member' || node.kind === 'has-property') && node.base.kind === 'event')
      needs[node.base.stream]?.dynamic.add(node.name);
    else if ((node.kind === 'member' || node.kind === 'has-property') && node.base.kind === 'property')
      needs[node.base.stream]?.ofTags.push({ tag: node.base.name, name: node.name });
    for (const operand of operandsOf(node)) visit(operand);
  };
  for (const expression of expressions) if (expression !== undefined) visit(expression);
  inputs.forEach(({ filter }, stream) => {
    // A filter sees its own event only, as stream 0.
    const own = needs[stream];
    const visitFilter = (node: Bound): void => {
      if ((node.kind === 'member' || node.kind === 'has-property') && node.base.kind === 'event')
        own.dynamic.add(node.name);
      for (const operand of operandsOf(node)) visitFilter(operand);
    };
    filter.forEach(visitFilter);
  });
  return inputs.map((input, stream) => {
    const { dynamic, ofTags, previous, prior } = needs[stream];
    return {
      ...input,
      ...(input.pattern && { pattern: withTagNeeds(input.pattern, ofTags) }),
      ...(dynamic.size > 0 && { dynamic: [...dynamic] }),
      ...((previous || prior > 0) && { history: { previous, prior } }),
    };
  });
}

/** Lets the filters of the pattern keep what is read of their events although their types do not declare it. */
function withTagNeeds(
  pattern: PatternPlan,
  needs: readonly { readonly tag: string; readonly name: string }[],
): PatternPlan {
  const filters = pattern.filters.map((filter) => {
    const names = needs
      .filter(({ tag, name }) => tag === filter.tag && filter.type.property(name) === undefined)
      .map(({ name }) => name);
    return names.length === 0 ? filter : { ...filter, dynamic: [...new Set([...filter.dynamic, ...names])] };
  });
  return { ...pattern, filters };
}

/** Whether the value depends on events beside those of the row. */
export const readsHistory = (node: Bound): boolean =>
  node.kind === 'previous' || node.kind === 'prior' || operandsOf(node).some(readsHistory);
