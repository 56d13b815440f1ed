import type { MessageRef } from '@flowpact/event';
import type { OutboxEntry } from './exchange-journal.ts';

/** Outbox and inbox entries have the same shape; what they are is a matter of the table that they stand in. */
export type JournalEntry = OutboxEntry;

export interface EntryTableLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly maxPerPartner: number;
}

/** Entries by reference, oldest first, with their sums. */
export class EntryTable {
  readonly #entries = new Map<string, JournalEntry>();
  readonly #countByPartner = new Map<string, number>();
  #bytes = 0;

  has(reference: MessageRef): boolean {
    return this.#entries.has(keyOf(reference));
  }

  get(reference: MessageRef): JournalEntry | undefined {
    return this.#entries.get(keyOf(reference));
  }

  /** Which limit another entry would exceed, in words; undefined: none. */
  excess({ partner, bytes }: JournalEntry, limits: EntryTableLimits): string | undefined {
    const ofPartner = this.#countByPartner.get(partner) ?? 0;
    if (ofPartner >= limits.maxPerPartner) return `${ofPartner} messages of ${partner}`;
    if (this.#entries.size >= limits.maxEntries) return `${this.#entries.size} messages`;
    if (this.#bytes + bytes.length > limits.maxBytes) return `${this.#bytes} bytes`;
    return undefined;
  }

  set(entry: JournalEntry): void {
    this.delete(entry.reference);
    this.#entries.set(keyOf(entry.reference), entry);
    this.#countByPartner.set(entry.partner, (this.#countByPartner.get(entry.partner) ?? 0) + 1);
    this.#bytes += entry.bytes.length;
  }

  delete(reference: MessageRef): void {
    const entry = this.#entries.get(keyOf(reference));
    if (entry === undefined) return;
    this.#entries.delete(keyOf(reference));
    this.#bytes -= entry.bytes.length;
    const others = (this.#countByPartner.get(entry.partner) ?? 1) - 1;
    if (others > 0) this.#countByPartner.set(entry.partner, others);
    else this.#countByPartner.delete(entry.partner);
  }

  values(): readonly JournalEntry[] {
    return [...this.#entries.values()];
  }
}

/** Ids are decimal, so the first space ends the id. */
export function keyOf(reference: MessageRef): string {
  return `${reference.id} ${reference.sender}`;
}
