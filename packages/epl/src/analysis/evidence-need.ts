import type { CompiledStatement } from '../compile-module.ts';

/**
 * A statement whose rows carry evidence reads it from the rows that feed it, so the statements that insert into its
 * streams must keep at least as much; and so on, up the chain.
 */
export function spreadEvidence(statements: readonly CompiledStatement[]): CompiledStatement[] {
  const needs = statements.map(({ plan }) => (plan.kind === 'select' ? plan.evidence : 0));
  for (let changed = true; changed; ) {
    changed = false;
    statements.forEach(({ plan: reader }, i) => {
      if (reader.kind !== 'select' || needs[i] === 0) return;
      const read = new Set(reader.inputs.map(({ type }) => type.name));
      statements.forEach(({ insertInto }, j) => {
        if (insertInto === undefined || !read.has(insertInto) || needs[j] >= needs[i]) return;
        needs[j] = needs[i];
        changed = true;
      });
    });
  }
  return statements.map((statement, i) =>
    statement.plan.kind === 'select' && statement.plan.evidence !== needs[i]
      ? { ...statement, plan: { ...statement.plan, evidence: needs[i] } }
      : statement,
  );
}
