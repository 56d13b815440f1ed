import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { timeNow } from '@flowpact/ipfix';
import { createCollection } from '../collect/collection.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { openWriters } from '../ipfixcol/open-writers.ts';
import { parseStartupFile } from '../ipfixcol/startup-file.ts';
import { interruptible } from './interrupt.ts';

export async function runIpfixcol(file: string, background: boolean): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  const { collectors, writers, timeNow: shifted } = parseStartupFile(text, file);
  const listeners = collectors.filter(({ kind }) => kind !== 'file').length;
  if (background) return runInBackground(file, listeners);
  const output = await openWriters(writers, shifted ? timeNow(Date.now) : undefined);
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

/** Starts itself again without `-d`, and leaves it alone once it says that all its listeners listen. */
async function runInBackground(file: string, listeners: number): Promise<void> {
  const child = spawn(process.execPath, [process.argv[1], '-c', file], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new FlowpactError('FLOWPACT_NETWORK', told.trim().replace(/^flowpact: /, '')));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk;
      if (listeners > 0 && told.split('listening for IPFIX').length > listeners) resolve();
    });
  });
  console.error(told.trim());
  if (child.exitCode !== null) return; // there were only files to read
  console.error(`flowpact: in the background as process ${child.pid}`);
  child.stderr.destroy();
  child.unref();
}
