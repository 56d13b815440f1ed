import type { MessageRef } from '@flowpact/event';
import { keyOf } from './entry-table.ts';
import type { DeadLetter } from './exchange-journal.ts';
import type { JournalLimits } from './journal-limits.ts';

/** What was given up, oldest first; where there is too much of it the oldest leaves. */
export class DeadLetters {
  readonly #limits: Pick<JournalLimits, 'maxDeadLetters' | 'maxDeadLetterBytes'>;
  readonly #letters = new Map<string, DeadLetter>();
  #bytes = 0;

  constructor(limits: Pick<JournalLimits, 'maxDeadLetters' | 'maxDeadLetterBytes'>) {
    this.#limits = limits;
  }

  get(reference: MessageRef): DeadLetter | undefined {
    return this.#letters.get(keyOf(reference));
  }

  add(letter: DeadLetter): void {
    this.delete(letter.entry.reference);
    this.#letters.set(keyOf(letter.entry.reference), letter);
    this.#bytes += letter.entry.bytes.length;
    for (const { entry } of this.#letters.values()) {
      const { maxDeadLetters, maxDeadLetterBytes } = this.#limits;
      if (this.#letters.size <= maxDeadLetters && this.#bytes <= maxDeadLetterBytes) break;
      this.delete(entry.reference);
    }
  }

  delete(reference: MessageRef): void {
    const letter = this.get(reference);
    if (letter === undefined) return;
    this.#letters.delete(keyOf(reference));
    this.#bytes -= letter.entry.bytes.length;
  }

  values(): readonly DeadLetter[] {
    return [...this.#letters.values()];
  }
}
