import { EplError } from '../../errors.ts';
import type { RowStore, Stores } from './row-store.ts';

/** The named windows and tables that run, by their names. */
export class StoreRegistry implements Stores {
  private readonly stores = new Map<string, RowStore>();
  private readonly reserved = new Set<string>();

  add(store: RowStore): void {
    this.stores.set(store.name, store);
  }

  /** One that each partition of a context has for itself. */
  reserve(name: string): void {
    this.reserved.add(name);
  }

  remove(name: string): void {
    this.stores.delete(name);
    this.reserved.delete(name);
  }

  /** Whether rows inserted under that name are rows of a store. */
  isStore(name: string): boolean {
    return this.stores.has(name) || this.reserved.has(name);
  }

  has(name: string): boolean {
    return this.stores.has(name);
  }

  table(name: string): RowStore | undefined {
    const store = this.stores.get(name);
    return store === undefined || store.tells ? undefined : store;
  }

  get(name: string): RowStore {
    const store = this.stores.get(name);
    if (store !== undefined) return store;
    const remedy = this.reserved.has(name)
      ? 'each partition of its context has one: name the context'
      : 'deploy the module that creates it';
    throw new EplError('EPL_USAGE', `no named window or table '${name}' runs here: ${remedy}`);
  }
}
