import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../../shared/flex/', import.meta.url);

/** Whether the reference samples beside the repository are there; tests that need them are skipped elsewhere. */
export const haveSharedSamples = existsSync(folder);

export const sharedSampleNames = ['s0.der', 's3.der', 's1000.der', 'full.der'] as const;

export function sharedSample(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(new URL(name, folder)));
}
