import type { CompiledStatement } from '../compile-module.ts';

/**
 * A statement whose rows carry evidence reads it from the rows that feed it, so the statements that insert into its
 * streams must keep at least as much; and so on, up the chain.
 */
export function spreadEvidence(statements: readonly CompiledStatement[]): CompiledStatement[] {
  const needs = statements.map(({ plan }) => (plan.kind === 'select' ? plan.evidence : 0));
  const writers = new Map<string, number[]>();
  statements.forEach(({ insertInto }, i) => {
    if (insertInto === undefined) return;
    const list = writers.get(insertInto);
    if (list === undefined) writers.set(insertInto, [i]);
    else list.push(i);
  });
  // A need only grows, and only to one that some statement has: each raise is passed on once.
  const raised = statements.map((_, i) => i).filter((i) => needs[i] > 0);
  for (let reader = raised.pop(); reader !== undefined; reader = raised.pop()) {
    const { plan } = statements[reader];
    if (plan.kind !== 'select') continue;
    const read = plan.inputs.flatMap(
      ({ type, pattern }) => pattern?.filters.map((filter) => filter.type) ?? type,
    );
    for (const { name } of read) {
      for (const writer of writers.get(name) ?? []) {
        if (needs[writer] >= needs[reader]) continue;
        needs[writer] = needs[reader];
        raised.push(writer);
      }
    }
  }
  return statements.map((statement, i) =>
    statement.plan.kind === 'select' && statement.plan.evidence !== needs[i]
      ? { ...statement, plan: { ...statement.plan, evidence: needs[i] } }
      : statement,
  );
}
