import { readFileSync } from 'node:fs';

/** Of `/proc/PID/task/TID/stat`: Linux tells user programs of hundredths of a second, whatever its own clock. */
const ticksPerSecond = 100;

/**
 * User and system time of the thread that calls, seconds; the threads that collect its garbage are not counted. Undefined where
 * the system does not tell (Linux does).
 */
export function threadCpuSeconds(): number | undefined {
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
