import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';

const bins = resolve(import.meta.dirname, '../../bin');

export type BinName = 'flowpact' | 'espercli' | 'ipfixsend' | 'ipfixcol' | 'flowpact-exabgp';

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
export function startCli(bin: BinName, args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCli {
  const child = spawn(process.execPath, [resolve(bins, `${bin}.js`), ...args], {
    env: { ...process.env, ...env },
  });
  const exit = once(child, 'close');
  const stdout = collectText(child.stdout);
  const stderr = collectText(child.stderr);
  child.stdin.on('error', () => undefined);
  let seen = '';
  child.stderr.on('data', (chunk: Buffer) => {
    seen += chunk;
  });
  return {
    process: child,
    result: (async () => {
      const [code] = (await exit) as [number | null];
      return { code, stdout: await stdout, stderr: await stderr };
    })(),
    sees: (pattern) =>
      new Promise((found, failed) => {
        const look = () => {
          const match = pattern.exec(seen);
          if (match !== null) found(match);
        };
        child.stderr.on('data', look);
        child.on('close', () => failed(new Error(`ended without ${pattern}: ${seen}`)));
        look();
      }),
  };
}

/** All text of a stream; what came so far where a test closes it. */
async function collectText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(stream, 'close');
  return Buffer.concat(chunks).toString();
}

/** Runs a command to its end. */
export function runCli(
  bin: BinName,
  args: readonly string[],
  options: { readonly input?: string | Uint8Array; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<CliResult> {
  const running = startCli(bin, args, options.env);
  running.process.stdin.end(options.input ?? '');
  return running.result;
}
