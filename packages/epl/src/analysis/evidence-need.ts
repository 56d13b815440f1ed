import type { CompiledStatement } from '../compile-module.ts';
import type { InputPlan, StatementPlan } from '../plan/plan.ts';
import { retentionOf } from './retention.ts';

/**
 * A statement whose rows carry evidence reads it from the rows that feed it, so the statements that insert into its
 * streams must keep at least as much; and so on, up the chain.
 */
export function spreadEvidence(statements: readonly CompiledStatement[]): CompiledStatement[] {
  const needs = statements.map(({ plan }) => evidenceOf(plan));
  const writers = new Map<string, number[]>();
  statements.forEach((statement, i) => {
    for (const name of writtenBy(statement)) {
      const list = writers.get(name);
      if (list === undefined) writers.set(name, [i]);
      else list.push(i);
    }
  });
  // A need only grows, and only to one that some statement has: each raise is passed on once.
  const raised = statements.map((_, i) => i).filter((i) => needs[i] > 0);
  for (let reader = raised.pop(); reader !== undefined; reader = raised.pop()) {
    for (const name of readBy(statements[reader].plan)) {
      for (const writer of writers.get(name) ?? []) {
        if (needs[writer] >= needs[reader]) continue;
        needs[writer] = needs[reader];
        raised.push(writer);
      }
    }
  }
  return statements.map((statement, i) => ({ ...statement, plan: withEvidence(statement.plan, needs[i]) }));
}

/** How many events each of its rows carries. */
function evidenceOf(plan: StatementPlan): number {
  if (plan.kind === 'on-select') return plan.select.evidence;
  return plan.kind === 'select' || plan.kind === 'on-merge' ? plan.evidence : 0;
}

function withEvidence(plan: StatementPlan, evidence: number): StatementPlan {
  if (evidence === 0) return plan;
  if (plan.kind === 'on-select') return { ...plan, select: { ...plan.select, evidence } };
  if (plan.kind === 'select') return { ...plan, evidence, retention: retentionOf({ ...plan, evidence }) };
  return plan.kind === 'on-merge' ? { ...plan, evidence } : plan;
}

/** The streams and named windows that its rows go into. */
function writtenBy({ plan, insertInto }: CompiledStatement): readonly string[] {
  if (plan.kind !== 'on-merge') return insertInto === undefined ? [] : [insertInto];
  const actions = plan.branches.flatMap((branch) => branch.actions);
  return [...new Set(actions.flatMap((action) => (action.kind === 'insert' ? action.type.name : [])))];
}

/** The streams and named windows that its rows are made of. */
function readBy(plan: StatementPlan): readonly string[] {
  if (plan.kind === 'select') return plan.inputs.flatMap(namesOf);
  if (plan.kind === 'on-select' || plan.kind === 'on-merge') return [plan.store, ...namesOf(plan.input)];
  return [];
}

const namesOf = ({ type, pattern }: InputPlan): readonly string[] =>
  pattern === undefined ? [type.name] : pattern.filters.map((filter) => filter.type.name);
