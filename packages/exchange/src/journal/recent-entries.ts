import type { MessageRef } from '@flowpact/event';
import { keyOf } from './entry-table.ts';
import type { OutboxEntry } from './exchange-journal.ts';

export interface RecentEntriesLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** What has left the outbox, oldest first; where there is too much of it the oldest leaves. */
export class RecentEntries<T extends { readonly entry: OutboxEntry }> {
  readonly #limits: RecentEntriesLimits;
  readonly #items = new Map<string, T>();
  #bytes = 0;

  constructor(limits: RecentEntriesLimits) {
    this.#limits = limits;
  }

  get(reference: MessageRef): T | undefined {
    return this.#items.get(keyOf(reference));
  }

  add(item: T): void {
    this.delete(item.entry.reference);
    this.#items.set(keyOf(item.entry.reference), item);
    this.#bytes += item.entry.bytes.length;
    for (const { entry } of this.#items.values()) {
      const { maxEntries, maxBytes } = this.#limits;
      if (this.#items.size <= maxEntries && this.#bytes <= maxBytes) break;
      this.delete(entry.reference);
    }
  }

  delete(reference: MessageRef): void {
    const item = this.get(reference);
    if (item === undefined) return;
    this.#items.delete(keyOf(reference));
    this.#bytes -= item.entry.bytes.length;
  }

  values(): readonly T[] {
    return [...this.#items.values()];
  }
}
