import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemTool } from './system-tool.ts';

/** Whether tests of GnuPG are to be skipped, and what their names say then. */
export const gnupgState = systemTool('gpg', 'gnupg');

/** GnuPG with a folder, and so with keys, of its own, and where a time is given with a clock that stands there. */
export class GnuPg {
  readonly #home = mkdtempSync(join(tmpdir(), 'gpg-'));
  readonly #time: readonly string[];

  constructor(nowMs?: number) {
    // Seconds since 1970; the `!` stops the clock.
    this.#time = nowMs === undefined ? [] : ['--faked-system-time', `${Math.floor(nowMs / 1_000)}!`];
  }

  /** What it prints. Throws where it fails, with what it says. */
  run(args: readonly string[], input: Uint8Array | string = ''): Buffer {
    return execFileSync(
      'gpg',
      [
        ...['--homedir', this.#home, '--batch', '--yes', '--trust-model', 'always'],
        ...['--pinentry-mode', 'loopback', '--passphrase', ''],
        ...this.#time,
        ...args,
      ],
      { input, stdio: ['pipe', 'pipe', 'pipe'] },
    );
  }

  /** A file in its folder. */
  file(name: string, content: Uint8Array | string): string {
    const path = join(this.#home, name);
    writeFileSync(path, content);
    return path;
  }

  /** Ends the agent that gpg has started for this folder. */
  close(): void {
    spawnSync('gpgconf', ['--homedir', this.#home, '--kill', 'all'], { stdio: 'ignore' });
    rmSync(this.#home, { recursive: true, force: true });
  }
}
