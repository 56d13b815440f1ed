import { type FileHandle, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@flowpact/ipfix';
import { FlowpactError } from '../../flowpact-error.ts';
import type { BatchLimit, Spool, SpooledBatch } from './spool.ts';
import { countFrames, frame, frameHeaderBytes, unframe } from './spool-frame.ts';
import { openPositionFile, type PositionFile } from './spool-position.ts';

export interface FileSpoolConfig {
  /** Made where it is missing, readable by its owner alone. One process at a time. */
  readonly directory: string;
  /** Octets that the spool may take up; the oldest segment goes where there would be more. Default 256 MiB. */
  readonly maxBytes?: number;
  /** Octets of a segment, the file that is removed as a whole. Default 8 MiB, and never above a quarter of `maxBytes`. */
  readonly segmentBytes?: number;
  /** Time from a write until it is flushed to the disk (fdatasync), milliseconds. Default 1,000. */
  readonly syncAfterMs?: number;
}

export interface FileSpoolDeps {
  readonly clock: Clock;
  /** Told of damage, and of the first write of a row of them that fails. */
  onRemark(text: string): void;
  /** Left out: that of `node:fs/promises`. */
  readonly open?: typeof open;
}

interface Segment {
  readonly number: number;
  readonly path: string;
  /** Octets of whole frames. */
  bytes: number;
  /** Where the first entry begins that is not delivered. */
  offset: number;
  /** Entries from there on. */
  waiting: number;
}

interface Handed {
  readonly segment: Segment;
  readonly start: number;
  readonly end: number;
}

const segmentName = /^([0-9]{10})\.spool$/;

/**
 * A spool in files of a folder: segments of frames (`NUMBER.spool`), and the position up to which they are delivered.
 *
 * `append` resolves when the system has the entries: `kill -9` loses none of them. They are flushed to the disk at
 * most `syncAfterMs` later: that much a power failure may lose. The position is written behind each delivered batch,
 * so whatever ends the process, a batch may be delivered twice, and none is left out.
 */
export function createFileSpool(config: FileSpoolConfig, deps: FileSpoolDeps): Spool {
  const { directory, maxBytes = 256 << 20, syncAfterMs = 1000 } = config;
  const segmentBytes = Math.min(config.segmentBytes ?? 8 << 20, Math.floor(maxBytes / 4));
  const { clock, onRemark } = deps;
  const openFile = deps.open ?? open;
  const handed = new WeakMap<SpooledBatch, Handed>();
  const ended = new AbortController();
  const segments: Segment[] = [];
  let position: PositionFile | undefined;
  let nextNumber = 1;
  let active: { readonly segment: Segment; readonly file: FileHandle } | undefined;
  let reading: { readonly segment: Segment; readonly file: FileHandle } | undefined;
  let held: Segment | undefined;
  let dropped = 0;
  let isFailing = false;
  let isSyncDue = false;
  let last: Promise<unknown> = Promise.resolve();

  /** One step at a time, so that each sees what the one before it did. */
  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = last.then(step);
    last = result.catch(() => undefined);
    return result;
  }

  const totalBytes = () => segments.reduce((sum, { bytes }) => sum + bytes, 0);

  async function readSegments(): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const opened = await openPositionFile(join(directory, 'position'));
    position = opened;
    const { segment: current, offset } = opened.found;
    nextNumber = current + 1;
    for (const name of (await readdir(directory)).sort()) {
      const number = Number(segmentName.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) continue;
      const path = join(directory, name);
      nextNumber = Math.max(nextNumber, number + 1);
      const octets = await readFile(path);
      const start = number < current ? octets.length : number === current ? offset : 0;
      const { entries, end } = countFrames(octets, Math.min(start, octets.length));
      if (end < octets.length) onRemark(`${path}: the last ${octets.length - end} octets do not read`);
      if (entries === 0) await unlink(path);
      else segments.push({ number, path, bytes: end, offset: start, waiting: entries });
    }
  }

  async function begin(): Promise<{ readonly segment: Segment; readonly file: FileHandle }> {
    await end();
    const number = nextNumber;
    const path = join(directory, `${String(number).padStart(10, '0')}.spool`);
    const file = await openFile(path, 'wx', 0o600);
    nextNumber++;
    const segment: Segment = { number, path, bytes: 0, offset: 0, waiting: 0 };
    segments.push(segment);
    active = { segment, file };
    // The file's name has to be on the disk, too.
    const folder = await open(directory, 'r');
    await folder.sync().finally(() => folder.close());
    return active;
  }

  /** The next entries go into another segment. */
  async function end(): Promise<void> {
    const ending = active;
    active = undefined;
    await ending?.file.datasync().finally(() => ending.file.close());
  }

  /** Lets the oldest segments go that are neither held nor written to. @returns whether there is room now. */
  async function makeRoom(bytes: number): Promise<boolean> {
    while (totalBytes() + bytes > maxBytes) {
      const oldest = segments.find((segment) => segment !== held && segment !== active?.segment);
      if (oldest === undefined) return false;
      dropped += oldest.waiting;
      await remove(oldest);
    }
    return true;
  }

  async function remove(segment: Segment): Promise<void> {
    segments.splice(segments.indexOf(segment), 1);
    if (reading?.segment === segment) {
      const { file } = reading;
      reading = undefined;
      await file.close();
    }
    await unlink(segment.path);
  }

  /** Writes frames that fit into one segment. */
  async function write(frames: readonly Buffer[], bytes: number): Promise<void> {
    try {
      if (!(await makeRoom(bytes))) throw new Error(`there is no room for ${bytes} octets in ${directory}`);
      const fits = active !== undefined && active.segment.bytes + bytes <= segmentBytes;
      const { segment, file } = active !== undefined && fits ? active : await begin();
      // Behind whole frames: what a write that failed has left is written over.
      await writeAll(file, Buffer.concat(frames, bytes), segment.bytes);
      segment.bytes += bytes;
      segment.waiting += frames.length;
      isFailing = false;
      syncSoon();
    } catch (error) {
      dropped += frames.length;
      if (!isFailing) onRemark(`cannot spool in ${directory}: ${(error as Error).message}`);
      isFailing = true;
    }
  }

  function syncSoon(): void {
    if (isSyncDue) return;
    isSyncDue = true;
    void clock
      .sleep(syncAfterMs, ended.signal)
      .then(() =>
        inTurn(async () => {
          isSyncDue = false;
          await active?.file.datasync();
        }),
      )
      .catch((error: Error) => {
        if (!ended.signal.aborted) onRemark(`cannot flush ${directory}: ${error.message}`);
      });
  }

  async function readFrom(segment: Segment, start: number, bytes: number): Promise<Buffer> {
    if (reading?.segment !== segment) {
      await reading?.file.close();
      reading = undefined;
      reading = { segment, file: await openFile(segment.path, 'r') };
    }
    const octets = Buffer.allocUnsafe(Math.min(bytes, segment.bytes - start));
    const { bytesRead } = await reading.file.read(octets, 0, octets.length, start);
    return octets.subarray(0, bytesRead);
  }

  /** Undefined where the segment, which did read when it was opened, does not any more. */
  async function read(
    segment: Segment,
    { maxEntries, maxBytes: most }: BatchLimit,
  ): Promise<SpooledBatch | undefined> {
    const start = segment.offset;
    let octets = await readFrom(segment, start, Math.max(most, frameHeaderBytes));
    const first = frameHeaderBytes + (octets.length < frameHeaderBytes ? 0 : octets.readUInt32BE(0));
    if (first > octets.length) octets = await readFrom(segment, start, first);
    const entries: string[] = [];
    let end = 0;
    while (entries.length < maxEntries) {
      const entry = unframe(octets, end);
      if (entry === undefined) break;
      entries.push(entry.toString('utf8'));
      end += frameHeaderBytes + entry.length;
    }
    if (entries.length === 0) return undefined;
    const batch = { entries };
    handed.set(batch, { segment, start, end: start + end });
    return batch;
  }

  return {
    async open() {
      try {
        await readSegments();
      } catch (cause) {
        throw new FlowpactError(
          'FLOWPACT_FILE',
          `cannot spool in ${directory}: ${(cause as Error).message}`,
          {
            cause,
          },
        );
      }
    },

    append: (entries) =>
      inTurn(async () => {
        let frames: Buffer[] = [];
        let bytes = 0;
        for (const entry of entries) {
          const framed = frame(entry);
          if (framed.length > segmentBytes) {
            dropped++;
            continue;
          }
          if (bytes + framed.length > segmentBytes) {
            await write(frames, bytes);
            frames = [];
            bytes = 0;
          }
          frames.push(framed);
          bytes += framed.length;
        }
        if (frames.length > 0) await write(frames, bytes);
      }),

    async take(limit) {
      for (;;) {
        const oldest = segments.find(({ waiting }) => waiting > 0);
        held = oldest;
        if (oldest === undefined) return undefined;
        const batch = await read(oldest, limit);
        if (batch !== undefined) return batch;
        await inTurn(async () => {
          onRemark(
            `${oldest.path} does not read at octet ${oldest.offset}; ${oldest.waiting} entries are lost`,
          );
          dropped += oldest.waiting;
          if (active?.segment === oldest) await end();
          await remove(oldest);
        });
      }
    },

    release() {
      held = undefined;
    },

    hold(batch) {
      const place = handed.get(batch);
      if (place === undefined || !segments.includes(place.segment)) return false;
      held = place.segment;
      return true;
    },

    remove: (batch) =>
      inTurn(async () => {
        const place = handed.get(batch);
        held = undefined;
        if (place === undefined || !segments.includes(place.segment)) return;
        const { segment } = place;
        segment.offset = place.end;
        segment.waiting -= batch.entries.length;
        await position?.write({ segment: segment.number, offset: segment.offset });
        if (segment.waiting > 0) return;
        if (segment !== active?.segment) await remove(segment);
        else if (segment.bytes > segmentBytes / 2) {
          await end();
          await remove(segment);
        }
      }),

    get stats() {
      return {
        waiting: segments.reduce((sum, { waiting }) => sum + waiting, 0),
        bytes: totalBytes(),
        dropped,
      };
    },

    close: () =>
      inTurn(async () => {
        ended.abort();
        await end();
        await reading?.file.close();
        reading = undefined;
        await position?.close();
        position = undefined;
      }),
  };
}

async function writeAll(file: FileHandle, octets: Buffer, at: number): Promise<void> {
  for (let written = 0; written < octets.length; ) {
    const { bytesWritten } = await file.write(octets, written, octets.length - written, at + written);
    written += bytesWritten;
  }
}
