import type { RowStore, Stores } from './row-store.ts';
import { StoreRegistry } from './store-registry.ts';

/** The named windows and tables of one partition of a context, in front of those outside. */
export class PartitionStores extends StoreRegistry {
  private readonly outside: Stores;

  constructor(outside: Stores) {
    super();
    this.outside = outside;
  }

  override table(name: string): RowStore | undefined {
    return this.has(name) ? super.table(name) : this.outside.table(name);
  }

  override get(name: string): RowStore {
    return this.has(name) ? super.get(name) : this.outside.get(name);
  }
}
