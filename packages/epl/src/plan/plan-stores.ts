import type { CompiledModule } from '../compile-module.ts';
import type { Bound } from './expression.ts';
import type { StatementPlan } from './plan.ts';
import type { QueryPlan } from './query-plan.ts';

/** By their names. */
interface ModuleStores {
  readonly created: readonly string[];
  readonly used: readonly string[];
}

const known = new WeakMap<CompiledModule, ModuleStores>();

/** The named windows and tables that the statements of a module create, and those that they read or change. */
export function storesOf(module: CompiledModule): ModuleStores {
  let stores = known.get(module);
  if (stores === undefined) {
    stores = findStores(module);
    known.set(module, stores);
  }
  return stores;
}

function findStores(module: CompiledModule): ModuleStores {
  const created: string[] = [];
  const used = new Set<string>();
  for (const { plan } of module.statements) {
    if (plan.kind === 'create-window' || plan.kind === 'create-table') created.push(plan.name);
    collect(plan, used);
  }
  return { created, used: [...used] };
}

/** The named windows and tables that a statement or a query reads or changes. */
export function usedStores(plan: StatementPlan | QueryPlan): readonly string[] {
  const used = new Set<string>();
  collect(plan, used);
  return [...used];
}

type Node = StatementPlan | QueryPlan | Bound | { readonly kind?: string };

/** Everything that names a store does it in one of these ways, wherever it stands in the plan. */
function collect(node: Node, used: Set<string>): void {
  const record = node as { readonly [key: string]: unknown };
  if (typeof record.store === 'string') used.add(record.store);
  if (typeof record.table === 'string') used.add(record.table);
  if (record.kind === 'named-window' || record.kind === 'table') used.add(record.name as string);
  for (const value of Object.values(record)) {
    if (typeof value !== 'object' || value === null || 'Instance' in value) continue;
    for (const part of Array.isArray(value) ? value : [value])
      if (typeof part === 'object' && part !== null && !('Instance' in part)) collect(part as Node, used);
  }
}
