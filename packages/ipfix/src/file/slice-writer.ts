import { access, mkdir, rename } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { createAnnouncedTemplates } from '../exporter/announced-templates.ts';
import type { MessageExporter } from '../exporter/message-exporter.ts';
import { IpfixError } from '../ipfix-error.ts';
import { readUint32 } from '../message/network-byte-order.ts';
import { createFileWriter } from './file-writer.ts';
import { sliceName } from './slice-name.ts';

export interface SliceWriterConfig {
  /** Folder of the slices; made where it is not there. */
  readonly folder: string;
  /** Names by the time at which a slice begins, UTC: `%Y %m %d %H %M %S %s`. Default `flows-%Y%m%d-%H%M%S.ipfix`. */
  readonly pattern?: string;
  /** Time that a slice covers, milliseconds, at least 1,000; slices begin at its multiples. Default 5 minutes. */
  readonly periodMs?: number;
}

export interface SliceWriterDeps {
  readonly clock: Clock;
  /** Told of each slice that is complete under its own name. */
  onSlice?(path: string): void;
  /** Told where a slice cannot be finished when its time is over; a failed `send` is not told again here. */
  onFailure?(error: IpfixError): void;
}

interface Slice {
  readonly endMs: number;
  readonly path: string;
  readonly writer: MessageExporter;
  /** Domains whose templates the slice has already. */
  readonly domains: Set<number>;
}

/** Names that are tried where a file of that name is there already. */
const mostNames = 1000;

/**
 * Writes messages into IPFIX files (RFC 5655), one for each period of time in which any came. Every file can be
 * read alone: before the first message of an observation domain it repeats the templates known of that domain. While
 * it is written, a file has `.part` behind its name; a file that is there already is never touched, a number is
 * added to the name instead. Messages of different exporters must have different observation domains.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG`; `send` and `stop` reject with `IPFIX_IO`
 */
export function createSliceWriter(config: SliceWriterConfig, deps: SliceWriterDeps): MessageExporter {
  const { folder, pattern = 'flows-%Y%m%d-%H%M%S.ipfix', periodMs = 300_000 } = config;
  const { clock } = deps;
  if (!(periodMs >= 1000)) {
    throw new IpfixError('IPFIX_BAD_CONFIG', `periodMs is ${periodMs}: give at least 1000 milliseconds`);
  }
  sliceName(pattern, 0);
  const templates = createAnnouncedTemplates();
  let slice: Slice | undefined;
  let running: AbortController | undefined;
  /** What is still to be done with files, one after the other; settled where undefined. */
  let work: Promise<void> | undefined;

  function enqueue(step: () => Promise<void>): Promise<void> {
    const done = (work ?? Promise.resolve()).then(step);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    work = settled;
    void settled.then(() => {
      if (work === settled) work = undefined;
    });
    return done;
  }

  async function open(startMs: number): Promise<Slice> {
    const path = await freePath(join(folder, sliceName(pattern, startMs)));
    const writer = createFileWriter({ path: `${path}.part` });
    await writer.start();
    return { endMs: startMs + periodMs, path, writer, domains: new Set() };
  }

  async function finish(): Promise<void> {
    const finished = slice;
    if (finished === undefined) return;
    slice = undefined;
    await finished.writer.stop();
    await inFolder(finished.path, () => rename(`${finished.path}.part`, finished.path));
    deps.onSlice?.(finished.path);
  }

  /** Finishes a slice when its time is over, though nothing else may come. */
  async function finishInTime(ending: Slice, signal: AbortSignal): Promise<void> {
    try {
      await clock.sleep(ending.endMs - clock.now(), signal);
      if (slice === ending) await enqueue(() => (slice === ending ? finish() : Promise.resolve()));
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof IpfixError)) throw error;
      deps.onFailure?.(error);
    }
  }

  async function changeSlice(signal: AbortSignal): Promise<Slice> {
    if (slice !== undefined && clock.now() < slice.endMs) return slice;
    await finish();
    const opened = await open(Math.floor(clock.now() / periodMs) * periodMs);
    slice = opened;
    void finishInTime(opened, signal);
    return opened;
  }

  /** Writes a message, behind the templates of its domain where the slice has not got them yet. */
  function write({ writer, domains }: Slice, message: Uint8Array): Promise<void> | void {
    if (message.length < 16)
      throw new IpfixError('IPFIX_BAD_LENGTH', `${message.length} octets are no message`);
    const domainId = readUint32(message, 12);
    if (!domains.has(domainId)) {
      for (const announcement of templates.before(message)) writer.send(announcement);
      domains.add(domainId);
    }
    templates.observe(message);
    return writer.send(message);
  }

  return {
    async start() {
      if (running !== undefined) throw new IpfixError('IPFIX_BAD_CONFIG', `${folder} is started already`);
      await inFolder(folder, () => mkdir(folder, { recursive: true }));
      running = new AbortController();
    },
    send(message) {
      if (running === undefined)
        throw new IpfixError('IPFIX_NOT_CONNECTED', `${folder} is not open: call start()`);
      const { signal } = running;
      if (work === undefined && slice !== undefined && clock.now() < slice.endMs)
        return write(slice, message);
      return enqueue(async () => write(await changeSlice(signal), message));
    },
    async stop() {
      running?.abort();
      running = undefined;
      await enqueue(finish);
    },
  };
}

/** The path itself, or with a number in it, that is neither there nor being written. Makes its folder. */
async function freePath(path: string): Promise<string> {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  await inFolder(path, () => mkdir(dirname(path), { recursive: true }));
  for (let i = 0; i < mostNames; i++) {
    const candidate = i === 0 ? path : `${stem}.${i}${extension}`;
    if (!(await exists(candidate)) && !(await exists(`${candidate}.part`))) return candidate;
  }
  throw new IpfixError('IPFIX_IO', `${mostNames} files named like ${path} are there already: move some away`);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function inFolder<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw new IpfixError('IPFIX_IO', `cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}
