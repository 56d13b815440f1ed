/**
 * Pseudo-random numbers from 0 to less than 1, the same for the same seed: the linear congruential generator of Numerical
 * Recipes, modulo 2^32.
 */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
