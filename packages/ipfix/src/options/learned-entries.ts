import type { Allowance } from '../message/allowance.ts';

/** Sets the entry, unless it is a new one and no more may be held. */
export function learnEntry<K, V>(entries: Map<K, V>, key: K, value: V, allowance: Allowance): void {
  if (entries.has(key) || allowance.take(1)) entries.set(key, value);
}
