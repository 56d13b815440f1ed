import { readdirSync, readFileSync } from 'node:fs';

/** Small and good enough to choose victims and moments. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What goes on by itself gets so much time until something is killed, or is looked at again. */
export const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Something that can be killed. */
export interface Victim {
  readonly process: {
    /** Resolves when it has ended. */
    readonly ended: Promise<unknown>;
    kill(signal: 'SIGKILL'): Promise<void>;
  };
}

/** Starts it again whenever it has ended, as an init system does. */
export function kept<T extends Victim>(start: () => Promise<T>) {
  let current: T | undefined;
  let isStopping = false;
  const loop = (async () => {
    while (!isStopping) {
      const running = await start().catch(() => undefined);
      current = running;
      await running?.process.ended;
      current = undefined;
    }
  })();
  return {
    get current() {
      return current;
    },
    async stop() {
      isStopping = true;
      await current?.process.kill('SIGKILL');
      await loop;
    },
  };
}

/** Kills the program beside ExaBGP, which is known by its socket. */
export function killAgent(socket: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (words.includes(socket)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
