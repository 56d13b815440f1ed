import { createWriteStream } from 'node:fs';
import type { MessageExporter } from '../exporter/message-exporter.ts';
import { createStreamExporter } from '../exporter/stream-exporter.ts';

export interface FileWriterConfig {
  readonly path: string;
  /** What to do with a file that is there already; default `refuse`. */
  readonly existing?: 'refuse' | 'overwrite' | 'append';
}

const flags = { refuse: 'wx', overwrite: 'w', append: 'a' } as const;

/** Writes messages to an IPFIX file (RFC 5655), which is nothing but one message after the other. */
export function createFileWriter({ path, existing = 'refuse' }: FileWriterConfig): MessageExporter {
  return createStreamExporter({
    name: path,
    open: () => createWriteStream(path, { flags: flags[existing], highWaterMark: 256 * 1024 }),
    opened: 'open',
  });
}
