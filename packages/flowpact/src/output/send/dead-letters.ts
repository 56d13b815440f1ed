import { appendFile, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '@flowpact/ipfix';
import type { RejectedEntry } from './sender.ts';

/** Keeps what a receiver will never take, for a person to look at. */
export interface DeadLetters {
  /** Never rejects. */
  add(rejected: readonly RejectedEntry[]): Promise<void>;
}

export interface DeadLettersConfig {
  readonly path: string;
  /** Octets of the file beyond which nothing is added to it. Default 64 MiB. */
  readonly maxBytes?: number;
}

export interface DeadLettersDeps {
  readonly clock: Clock;
  onRemark(text: string): void;
}

/** JSON lines `{"time":…,"reason":…,"entry":…}` in a file, which is made with the first one. */
export function createDeadLetters(
  { path, maxBytes = 64 << 20 }: DeadLettersConfig,
  { clock, onRemark }: DeadLettersDeps,
): DeadLetters {
  let hasTold = false;
  return {
    async add(rejected) {
      const time = new Date(clock.now()).toISOString();
      const lines = rejected
        .map(({ reason, entry }) => `${JSON.stringify({ time, reason, entry })}\n`)
        .join('');
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const bytes = await stat(path).then(
          ({ size }) => size,
          () => 0,
        );
        if (bytes + Buffer.byteLength(lines) > maxBytes) throw new Error(`it has ${bytes} octets already`);
        await appendFile(path, lines, { mode: 0o600 });
      } catch (error) {
        if (!hasTold) onRemark(`cannot keep rejected entries in ${path}: ${(error as Error).message}`);
        hasTold = true;
      }
    },
  };
}
