import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { timeNow } from '@flowpact/ipfix';
import { createCollection } from '../collect/collection.ts';
import { createLineOutput } from '../collect/line-output.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { parseStartupFile } from '../ipfixcol/startup-file.ts';
import { openLineSink } from '../output/open-line-sink.ts';
import { createTeeLineSink } from '../output/tee-line-sink.ts';
import { interruptible } from './interrupt.ts';

export async function runIpfixcol(file: string, background: boolean): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  const { collectors, outputs, timeNow: shifted } = parseStartupFile(text, file);
  if (background) return runInBackground(file);
  const sink = createTeeLineSink(await Promise.all(outputs.map(openLineSink)));
  const output = createLineOutput(
    { format: 'ipfixcol', ...(shifted ? { timeShiftMs: timeNow(Date.now) } : {}) },
    { sink },
  );
  const collection = createCollection({}, { output });
  try {
    await interruptible(async (signal) => {
      const files = collectors.flatMap((collector) => (collector.kind === 'file' ? [collector.file] : []));
      await collection.readFiles(files, signal);
      const tcp = collectors.filter(({ kind }) => kind === 'tcp') as { host: string; port: number }[];
      const udp = collectors.filter(({ kind }) => kind === 'udp') as { host: string; port: number }[];
      if (tcp.length + udp.length > 0) await collection.listen({ tcp, udp, tls: [], once: false }, signal);
    });
  } finally {
    await output.close();
  }
  collection.report(false);
}

/** Starts itself again without `-d`, and leaves it alone once it says that it listens. */
async function runInBackground(file: string): Promise<void> {
  const child = spawn(process.execPath, [process.argv[1], '-c', file], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () =>
      reject(new FlowpactError('FLOWPACT_NETWORK', told.trim().replace(/^flowpact: /, ''))),
    );
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk;
      if (told.includes('listening for IPFIX')) resolve();
    });
  });
  console.error(`${told.trim()}\nflowpact: in the background as process ${child.pid}`);
  child.stderr.destroy();
  child.unref();
}
