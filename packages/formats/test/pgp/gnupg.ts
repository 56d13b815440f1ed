import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const isRequired = process.env.FLOWPACT_REQUIRE_SYSTEM === '1';
const isMissing = spawnSync('gpg', ['--version'], { stdio: 'ignore' }).error !== undefined;

/** Whether GnuPG is missing, and what a test's name says then. With FLOWPACT_REQUIRE_SYSTEM=1 it runs, and so fails. */
export const gnupgState = {
  skip: isMissing && !isRequired,
  note: isMissing ? ' (skipped: apt-get install -y gnupg)' : '',
};

/** GnuPG with a folder, and so with keys, of its own. */
export class GnuPg {
  readonly #home = mkdtempSync(join(tmpdir(), 'gpg-'));

  run(args: readonly string[], input: Uint8Array | string = ''): Buffer {
    return execFileSync(
      'gpg',
      [
        '--homedir',
        this.#home,
        '--batch',
        '--yes',
        '--pinentry-mode',
        'loopback',
        '--passphrase',
        '',
        '--trust-model',
        'always',
        ...args,
      ],
      { input, stdio: ['pipe', 'pipe', 'pipe'] },
    );
  }

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
