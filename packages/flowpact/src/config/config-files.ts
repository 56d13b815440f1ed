import { readFileSync } from 'node:fs';
import type { LoadedConfig } from './load-config.ts';

/** Reads files that a configuration names; `at` is the key that names one, for errors. */
export interface ConfigFiles {
  octets(at: readonly PropertyKey[], name: string): Buffer;
  text(at: readonly PropertyKey[], name: string): string;
  /** A line end behind it is not part of it. */
  secret(at: readonly PropertyKey[], name: string): string;
  optional(at: readonly PropertyKey[], name: string | undefined): Buffer | undefined;
  /** An error about what such a key names. */
  wrong(at: readonly PropertyKey[], message: string): Error;
}

/**
 * Files named below a place of a configuration. Each method throws FlowpactError `FLOWPACT_CONFIG` with the place of what
 * names the file where it cannot be read.
 */
export function createConfigFiles(
  { path, wrong }: Pick<LoadedConfig, 'path' | 'wrong'>,
  base: readonly PropertyKey[],
): ConfigFiles {
  const octets = (at: readonly PropertyKey[], name: string): Buffer => {
    try {
      return readFileSync(path(name));
    } catch (error) {
      throw wrong([...base, ...at], `cannot be read: ${(error as Error).message}`);
    }
  };
  const text = (at: readonly PropertyKey[], name: string) => octets(at, name).toString('utf8');
  return {
    octets,
    text,
    secret: (at, name) => text(at, name).replace(/\r?\n$/, ''),
    optional: (at, name) => (name === undefined ? undefined : octets(at, name)),
    wrong: (at, message) => wrong([...base, ...at], message),
  };
}
