import { readFileSync } from 'node:fs';

/** What a thread takes of the machine. */
export interface ThreadUsage {
  /** User and system time, seconds, without that of collecting garbage; left out where the system does not tell (Linux does). */
  readonly cpuSeconds?: number | undefined;
  /** Objects, octets. */
  readonly heapOctets: number;
  /** Buffers and what else is outside the heap of objects and known to it, octets. */
  readonly externalOctets: number;
}

/** Of the thread that calls. */
export function threadUsage(): ThreadUsage {
  const { heapUsed, external } = process.memoryUsage();
  return { cpuSeconds: threadCpuSeconds(), heapOctets: heapUsed, externalOctets: external };
}

/** Of `/proc/PID/task/TID/stat`: Linux tells user programs of hundredths of a second, whatever its own clock. */
const ticksPerSecond = 100;

function threadCpuSeconds(): number | undefined {
  let stat: string;
  try {
    stat = readFileSync('/proc/thread-self/stat', 'utf8');
  } catch {
    return undefined;
  }
  // The name, in brackets, may hold anything; behind it utime and stime are the 12th and 13th (proc_pid_stat(5)).
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / ticksPerSecond;
}
