import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemTool } from '../../../../test/system-tool.ts';

/** Whether tests of GnuPG are to be skipped, and what their names say then. */
export const gnupgState = systemTool('gpg', 'gnupg');

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
