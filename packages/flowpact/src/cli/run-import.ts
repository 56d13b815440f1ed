import { join } from 'node:path';
import { compileFilter } from '@flowpact/ipfix';
import { createFlowArchive } from '@flowpact/store';
import { extraColumn } from '../archive/archive-column.ts';
import { createArchiveOutput } from '../archive/archive-output.ts';
import { createCollection } from '../collect/collection.ts';
import { interruptedExitCode, interruptible } from './interrupt.ts';

export interface RunImportOptions {
  readonly state: string;
  readonly filter?: string;
  readonly extra?: readonly string[];
  readonly quiet?: boolean;
}

export async function runImport(files: readonly string[], options: RunImportOptions): Promise<void> {
  const filter = options.filter === undefined ? {} : { filter: compileFilter(options.filter) };
  const directory = join(options.state, 'flows');
  const archive = createFlowArchive({ directory, extraColumns: (options.extra ?? []).map(extraColumn) });
  await archive.start();
  const output = createArchiveOutput(archive);
  // A flow that goes both ways would hide its way back from a search by source.
  const collection = createCollection({ ...filter, biflow: 'flows' }, { output });
  try {
    const isInterrupted = await interruptible((signal) => collection.readFiles(files, signal));
    if (isInterrupted) process.exitCode = interruptedExitCode;
  } finally {
    await output.close();
  }
  collection.report(options.quiet ?? false);
  const { flows, bytes, files: written } = archive.stats;
  if (options.quiet || flows === 0) return;
  const size = `${(bytes / 1e6).toFixed(1)} MB, ${(bytes / flows).toFixed(1)} bytes a flow`;
  console.error(
    `flowpact: ${flows.toLocaleString('en-US')} flows in ${written} files of ${directory}, ${size}`,
  );
}
