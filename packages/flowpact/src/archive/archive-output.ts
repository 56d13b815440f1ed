import type { FlowArchive } from '@flowpact/store';
import type { RecordOutput } from '../collect/record-output.ts';
import { createArchiveReader } from './archive-reader.ts';

/** Flows that may wait in memory before reading goes slower than writing: enough for whole files. */
const maxWaiting = 1_000_000;

/** Records go into the archive. Reading waits for the disk, so that nothing is dropped. */
export function createArchiveOutput(archive: FlowArchive): RecordOutput {
  const isFull = () => archive.stats.flows - archive.stats.written >= maxWaiting;
  return {
    openSession: ({ exporterAddress }) => ({
      reader: createArchiveReader(archive, exporterAddress),
      end: () => undefined,
    }),
    afterMessage: () => undefined,
    open: true,
    get full() {
      return isFull();
    },
    async ready() {
      if (isFull()) await archive.flush();
    },
    close: () => archive.stop(),
    get records() {
      return archive.stats.flows;
    },
    get dropped() {
      return archive.stats.dropped;
    },
  };
}
