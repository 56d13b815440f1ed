import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runDemo } from '../../../flowpact/src/demo/demo.ts';

const folder = resolve(import.meta.dirname, '../..');
const vite = resolve(folder, '../../node_modules/vite/bin/vite.js');

/** Builds the page as it is shipped, where it is not built or its sources are newer: others may be reading it just now. */
export function buildPage(): void {
  const built = join(folder, 'dist/index.html');
  const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, 'src', name),
  );
  const newestMs = Math.max(
    ...[join(folder, 'index.html'), join(folder, 'vite.config.ts'), ...sources].map(
      (file) => statSync(file).mtimeMs,
    ),
  );
  if (existsSync(built) && statSync(built).mtimeMs > newestMs) return;
  const { status, stderr } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the page cannot be built: ${stderr}`);
}

export interface WatchedDemo {
  readonly url: string;
  readonly attacker: string;
  stop(): Promise<void>;
}

/** `flowpact demo --watch`, when its story has been told. */
export async function startDemo(): Promise<WatchedDemo> {
  const controller = new AbortController();
  let url = '';
  let ended: Promise<void> = Promise.resolve();
  const attacker = await new Promise<string>((told, failed) => {
    ended = runDemo(
      { seed: 1, speed: 120, pagePort: 0, isEndless: true },
      {
        signal: controller.signal,
        onStep({ text }) {
          url = /^watch it on (\S+)$/.exec(text)?.[1] ?? url;
        },
        onResult: ({ truth }) => told(truth.attacks[0].attackers[0]),
        onProgress: () => undefined,
      },
    );
    ended.catch(failed);
  });
  return {
    url,
    attacker,
    async stop() {
      controller.abort();
      await ended;
    },
  };
}
