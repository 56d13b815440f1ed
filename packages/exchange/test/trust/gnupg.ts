import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** GnuPG with a folder, and so with keys, of its own, and a clock that stands where it is put. */
export class GnuPg {
  readonly #home = mkdtempSync(join(tmpdir(), 'gpg-'));
  readonly #nowMs: number;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** What it prints. Throws where it fails, with what it says. */
  run(args: readonly string[], input: Uint8Array | string = ''): Buffer {
    return execFileSync(
      'gpg',
      [
        ...['--homedir', this.#home, '--batch', '--yes', '--trust-model', 'always'],
        ...['--pinentry-mode', 'loopback', '--passphrase', ''],
        // Seconds since 1970; the `!` stops the clock.
        ...['--faked-system-time', `${Math.floor(this.#nowMs / 1_000)}!`],
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
