import type { Decoded, Undecoded } from './format.ts';
import { FormatsError } from './formats-error.ts';
import { checkEvents, type FormatsLimits } from './formats-limits.ts';

/**
 * What each of the readers gives, or why it does not; the error of the only one is thrown.
 * @throws FormatsError
 */
export function decodeEach(
  readers: readonly (() => Decoded)[],
  limits: FormatsLimits,
): readonly (Decoded | Undecoded)[] {
  checkEvents(readers.length, limits);
  if (readers.length === 1) return [readers[0]()];
  return readers.map((read) => {
    try {
      return read();
    } catch (error) {
      if (error instanceof FormatsError) return { error };
      throw error;
    }
  });
}
