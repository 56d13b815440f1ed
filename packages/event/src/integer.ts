import { z } from 'zod';

/**
 * The largest integer of the model, 2^511 - 1; the smallest is -2^511. They fill 64 octets of two's complement, which
 * is what FLEX decoders accept by default, and bound the work that an integer from outside can cause.
 */
export const largestInteger = 2n ** 511n - 1n;
export const smallestInteger = -(2n ** 511n);

export function isInteger(value: bigint): boolean {
  return value >= smallestInteger && value <= largestInteger;
}

/** A count: number while it is exact, bigint beyond 2^53-1. */
export const countSchema = z.union([z.int().min(0), z.bigint().min(0n).max(largestInteger)]);
export type Count = z.infer<typeof countSchema>;

/** The same from 1. */
export const positiveSchema = z.union([z.int().min(1), z.bigint().min(1n).max(largestInteger)]);
