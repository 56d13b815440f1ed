import type { MessageRef } from '@flowpact/event';

/** References and what they named, a bounded number for each sender, so that no sender pushes out another's. */
export class SeenReferences {
  readonly #maxPerSender: number;
  readonly #senders = new Map<string, Map<string, string>>();

  constructor(maxPerSender: number) {
    this.#maxPerSender = maxPerSender;
  }

  /** The digest that was kept under the reference. */
  get(reference: MessageRef): string | undefined {
    return this.#senders.get(reference.sender)?.get(reference.id);
  }

  add(reference: MessageRef, digest: string): void {
    let ids = this.#senders.get(reference.sender);
    if (ids === undefined) {
      ids = new Map();
      this.#senders.set(reference.sender, ids);
    }
    ids.set(reference.id, digest);
    // A Map keeps insertion order: its first key is the oldest.
    for (const oldest of ids.keys()) {
      if (ids.size <= this.#maxPerSender) break;
      ids.delete(oldest);
    }
  }

  /** Oldest first for each sender. */
  *[Symbol.iterator](): Generator<{ reference: MessageRef; digest: string }> {
    for (const [sender, ids] of this.#senders) {
      for (const [id, digest] of ids) yield { reference: { sender, id }, digest };
    }
  }
}
