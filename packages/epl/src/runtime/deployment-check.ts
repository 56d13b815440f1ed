import type { CompiledModule } from '../compile-module.ts';
import { EplError } from '../errors.ts';
import { storesOf } from '../plan/plan-stores.ts';
import type { StoreRegistry } from './store/store-registry.ts';

/**
 * The named windows and tables that a module creates must be new, and those that it names must be there. `leaving`
 * makes room for it, and what it created goes.
 * @throws EplError `EPL_DUPLICATE_NAME`, `EPL_USAGE`
 */
export function checkStores(
  module: CompiledModule,
  leaving: CompiledModule | undefined,
  stores: StoreRegistry,
): void {
  const { created, used } = storesOf(module);
  const going = new Set(leaving === undefined ? [] : storesOf(leaving).created);
  const runs = (name: string): boolean => stores.isStore(name) && !going.has(name);
  const twice = created.find(runs);
  if (twice !== undefined)
    throw new EplError('EPL_DUPLICATE_NAME', `a named window or table '${twice}' runs already`);
  const missing = used.find((name) => !created.includes(name) && !runs(name));
  if (missing === undefined) return;
  const remedy = 'deploy the module that creates it first';
  throw new EplError('EPL_USAGE', `no named window or table '${missing}' runs here: ${remedy}`);
}

/** Named windows and tables that others name cannot go. @throws EplError `EPL_USAGE` */
export function checkUnused(leaving: CompiledModule, others: Iterable<CompiledModule>): void {
  const own = new Set(storesOf(leaving).created);
  if (own.size === 0) return;
  for (const other of others) {
    const used = storesOf(other).used.find((name) => own.has(name));
    if (used === undefined) continue;
    throw new EplError('EPL_USAGE', `'${used}' is used by another deployment: undeploy that one first`);
  }
}
