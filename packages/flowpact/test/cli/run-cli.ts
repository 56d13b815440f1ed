import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const bins = resolve(import.meta.dirname, '../../bin');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly process: ChildProcessWithoutNullStreams;
  readonly result: Promise<CliResult>;
  /** Resolves with the match once standard error has it; rejects if the command ends before. */
  sees(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts a command as a process of its own, from the build, as a user would. */
export function startCli(
  bin: 'flowpact' | 'espercli' | 'ipfixsend',
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): RunningCli {
  const child = spawn(process.execPath, [resolve(bins, `${bin}.js`), ...args], {
    env: { ...process.env, ...env },
  });
  const exit = once(child, 'close');
  const stdout = text(child.stdout);
  const stderr = text(child.stderr);
  child.stdin.on('error', () => undefined);
  return {
    process: child,
    result: (async () => {
      const [code] = (await exit) as [number | null];
      return { code, stdout: await stdout, stderr: await stderr };
    })(),
    sees: (pattern) =>
      new Promise((found, failed) => {
        let seen = '';
        child.stderr.on('data', (chunk: Buffer) => {
          seen += chunk;
          const match = pattern.exec(seen);
          if (match !== null) found(match);
        });
        child.on('close', () => failed(new Error(`ended without ${pattern}: ${seen}`)));
      }),
  };
}

/** Runs a command to its end. */
export function runCli(
  bin: 'flowpact' | 'espercli' | 'ipfixsend',
  args: readonly string[],
  options: { readonly input?: string | Uint8Array; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<CliResult> {
  const running = startCli(bin, args, options.env);
  running.process.stdin.end(options.input ?? '');
  return running.result;
}
