import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const bin = resolve(import.meta.dirname, '../../packages/flowpact/bin/flowpact.js');

/** `flowpact run` in a process of its own. */
export interface DaemonProcess {
  readonly process: ChildProcess;
  /** Of its one TCP collector. */
  readonly collectorPort: number;
  /** Of the page, with a slash behind it. */
  readonly url: string;
  /** User and system time so far, seconds. */
  cpuSeconds(): number;
  /** Resident memory, octets. */
  residentOctets(): number;
  /** An answer of the API. */
  ask<T>(path: string): Promise<T>;
  /** The value of a metric with just these labels. */
  metric(name: string): Promise<number>;
  /** Resolves when it has ended. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Of `/proc/PID/stat`; Linux counts in hundredths of a second whatever its own clock. */
const ticksPerSecond = 100;

/** Starts it with a configuration in a folder, and waits until it runs. */
export async function startDaemonProcess(folder: string, yaml: string): Promise<DaemonProcess> {
  const file = join(folder, 'flowpact.yaml');
  writeFileSync(file, yaml);
  const child = spawn(process.execPath, [bin, 'run', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    // Only the beginning tells of ports; the rest is for a look where something went wrong.
    log = `${log.length < 20_000 ? log : log.slice(0, 10_000) + log.slice(-10_000)}${chunk}`;
  });
  await new Promise<void>((running, failed) => {
    child.stderr.on('data', () => /"msg":"running"/.test(log) && running());
    child.once('exit', () => failed(new Error(`flowpact run has ended: ${log}`)));
  });
  const port = (scheme: string) =>
    Number(new RegExp(`"url":"${scheme}://127\\.0\\.0\\.1:([0-9]+)`).exec(log)?.[1]);
  const url = `http://127.0.0.1:${port('http')}/`;
  return {
    process: child,
    collectorPort: port('tcp'),
    url,
    cpuSeconds() {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      // The name, in brackets, may hold anything.
      const [user, system] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number);
      return (user + system) / ticksPerSecond;
    },
    residentOctets() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1]) * 1024;
    },
    async ask<T>(path: string) {
      const response = await fetch(`${url}api/${path}`);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async metric(name) {
      const text = await (await fetch(`${url}metrics`)).text();
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      if (line === undefined) throw new Error(`there is no metric ${name}`);
      return Number(line.slice(name.length));
    },
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
  };
}
