import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RunningCli, startCli } from '../cli/run-cli.ts';

export interface RunningDaemon extends RunningCli {
  readonly configFile: string;
  /** The ports of its listeners and of HTTP, by their URLs' schemes. */
  readonly ports: Readonly<Record<string, number>>;
  /** The text of `/metrics`. */
  metrics(): Promise<string>;
  /** Resolves when a metric has at least this value. */
  reaches(metric: string, value: number): Promise<void>;
}

/** Starts `flowpact run` with a configuration in a folder, and waits until it runs. */
export async function startDaemon(folder: string, yaml: string): Promise<RunningDaemon> {
  const configFile = join(folder, 'flowpact.yaml');
  writeFileSync(configFile, yaml);
  const cli = startCli('flowpact', ['run', configFile]);
  // A test that fails leaves no daemon behind.
  onTestFinished(() => void cli.process.kill('SIGKILL'));
  const [seen] = await cli.sees(/[\s\S]*"msg":"running"/);
  const ports = Object.fromEntries(
    [...seen.matchAll(/"url":"([a-z]+):\/\/127\.0\.0\.1:([0-9]+)"/g)].map(([, scheme, port]) => [
      scheme,
      Number(port),
    ]),
  );
  const metrics = async () => (await fetch(`http://127.0.0.1:${ports.http}/metrics`)).text();
  return {
    ...cli,
    configFile,
    ports,
    metrics,
    async reaches(metric, value) {
      for (;;) {
        const line = (await metrics()).split('\n').find((each) => each.startsWith(`${metric} `));
        if (line !== undefined && Number(line.slice(metric.length)) >= value) return;
      }
    },
  };
}
