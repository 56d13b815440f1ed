/** How much of something may still be held. */
export interface Allowance {
  /** Takes so much; false, and nothing is taken, where it is not there. */
  take(amount: number): boolean;
  giveBack(amount: number): void;
  /** Gives back everything that was taken. */
  clear(): void;
}

/** @param shared what many have together: what is taken here is taken there as well */
export function createAllowance(most: number, shared?: Allowance): Allowance {
  let taken = 0;
  return {
    take(amount) {
      if (taken + amount > most || shared?.take(amount) === false) return false;
      taken += amount;
      return true;
    },
    giveBack(amount) {
      taken -= amount;
      shared?.giveBack(amount);
    },
    clear() {
      shared?.giveBack(taken);
      taken = 0;
    },
  };
}
