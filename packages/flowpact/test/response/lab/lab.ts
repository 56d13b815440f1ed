import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { skipWithout, systemPath } from '../../../../../test/system-tool.ts';

const run = promisify(execFile);
const env = { ...process.env, PATH: systemPath };

/** Networks are made by root alone. */
export const isRoot = process.getuid?.() === 0;

/** Whether to skip, and what the name of the test says then. */
export function labTools(...programs: readonly string[]): { readonly skip: boolean; readonly note: string } {
  const skip = skipWithout('ip', ...programs) || (!isRoot && process.env.FLOWPACT_REQUIRE_SYSTEM !== '1');
  return { skip, note: skip ? ` (skipped: needs root and ${['iproute2', ...programs].join(', ')})` : '' };
}

/** A network namespace of its own, with routers in it, and everything gone at the end. */
export interface Lab {
  /** Name of the network namespace; its loopback has 10.99.0.1 to 10.99.0.4. */
  readonly netns: string;
  readonly folder: string;
  start(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): LabProcess;
  /** @returns standard output. */
  ask(program: string, args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface LabProcess {
  readonly process: ChildProcess;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  /** All that it has said so far. */
  said(): string;
  /** Ends it, and everything that it has started. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

let labs = 0;

export async function createLab(): Promise<Lab> {
  const netns = `flowpact-${process.pid}-${++labs}`;
  const folder = mkdtempSync(join(tmpdir(), 'flowpact-lab-'));
  const started: LabProcess[] = [];
  const ask: Lab['ask'] = async (program, args) =>
    (await run('ip', ['netns', 'exec', netns, program, ...args], { env, encoding: 'utf8' })).stdout;

  await run('ip', ['netns', 'add', netns], { env });
  await ask('ip', ['link', 'set', 'lo', 'up']);
  for (const last of [1, 2, 3, 4]) await ask('ip', ['addr', 'add', `10.99.0.${last}/32`, 'dev', 'lo']);

  return {
    netns,
    folder,
    ask,
    start(program, args, more = {}) {
      const child = spawn('ip', ['netns', 'exec', netns, program, ...args], {
        cwd: folder,
        env: { ...env, ...more },
        // A group of its own, which is ended as a whole.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const closed = once(child, 'close');
      let text = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
      }
      const labProcess: LabProcess = {
        process: child,
        ended: closed,
        said: () => text,
        async kill(signal = 'SIGTERM') {
          try {
            if (child.pid !== undefined) process.kill(-child.pid, signal);
          } catch {
            // Nobody of the group is left.
          }
          await closed;
        },
      };
      started.push(labProcess);
      return labProcess;
    },
    async stop() {
      await Promise.all(started.map((each) => each.kill('SIGKILL')));
      await run('ip', ['netns', 'del', netns], { env });
      rmSync(folder, { recursive: true });
    },
  };
}
