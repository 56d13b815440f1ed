/** How many entries the tables of a session may still take, whichever of its domains they are of. */
export interface EntryBudget {
  left: number;
}

/** Sets the entry, unless it is a new one and the budget is used up. */
export function learnEntry<K, V>(entries: Map<K, V>, key: K, value: V, budget: EntryBudget): void {
  if (!entries.has(key)) {
    if (budget.left <= 0) return;
    budget.left--;
  }
  entries.set(key, value);
}
