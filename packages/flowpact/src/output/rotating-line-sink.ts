import { createWriteStream, existsSync, mkdirSync, openSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { type Clock, sliceName } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';
import type { LineSink } from './line-sink.ts';
import { createStreamLineSink } from './stream-line-sink.ts';

export interface RotatingLineSinkConfig {
  /** Path of a slice, by the time (UTC) at which it begins: `%Y %m %d %H %M %S %s`. A `/` makes folders. */
  readonly pattern: string;
  /** Time that a slice covers, milliseconds, at least 1,000. Default: any. */
  readonly periodMs?: number;
  /** Whether slices begin at multiples of the period, or at such a distance from now. Default true. */
  readonly aligned?: boolean;
  /** Octets after which a slice ends; the line that reaches them still belongs to it. Default: any number. */
  readonly maxBytes?: number;
  /** Complete slices that are left: older ones of that pattern are removed. Default: all. */
  readonly keep?: number;
  /** Stands at the beginning of each slice. */
  readonly heading?: string;
}

interface Slice {
  readonly path: string;
  readonly endMs: number;
  readonly sink: LineSink;
  bytes: number;
}

/** Names that are tried where a file of that name is there already. */
const mostNames = 10_000;

/** Slices that may wait to be renamed before `ready` waits for them. */
const maxUnfinished = 4;

/**
 * Lines into one file after the other. A file has `.part` behind its name while it is written, so that whoever takes
 * the others takes complete ones; one that is there already is never touched, a number is added to the name instead.
 * A slice is begun by its first line and ended by the clock, by its size, or by `close`.
 *
 * @throws FlowpactError `FLOWPACT_USAGE` where the pattern cannot be used with `keep`, IpfixError where it is wrong
 */
export function createRotatingLineSink(
  config: RotatingLineSinkConfig,
  { clock }: { readonly clock: Clock },
): LineSink {
  const { pattern, periodMs = Number.POSITIVE_INFINITY, aligned = true, heading } = config;
  const { maxBytes = Number.POSITIVE_INFINITY, keep } = config;
  if (keep !== undefined && dirname(pattern).includes('%')) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `--keep needs slices in one folder, without % in ${dirname(pattern)}`,
    );
  }
  sliceName(pattern, 0);
  const firstMs = aligned ? 0 : clock.now();
  const ended = new AbortController();
  let slice: Slice | undefined;
  let failure: unknown;
  let finishing: Promise<void> = Promise.resolve();
  let unfinished = 0;
  /** With `keep`: the paths of the slices completed and not yet removed, the oldest first. */
  const completed: string[] = [];
  /** The name last taken: slices of one name are numbered in their order, also where older ones are removed. */
  let last = { path: '', number: -1 };

  const fail = (cause: unknown) => {
    failure ??= cause;
  };

  function open(): Slice {
    const nowMs = clock.now();
    const startMs = Number.isFinite(periodMs)
      ? firstMs + Math.floor((nowMs - firstMs) / periodMs) * periodMs
      : nowMs;
    const named = sliceName(pattern, startMs);
    const [path, number] = freePath(named, named === last.path ? last.number + 1 : 0);
    last = { path: named, number };
    const stream = createWriteStream(path, { fd: openSync(`${path}.part`, 'wx') });
    const opened: Slice = {
      path,
      endMs: startMs + periodMs,
      sink: createStreamLineSink(stream, { name: `${path}.part`, end: true }),
      bytes: 0,
    };
    if (heading !== undefined) opened.sink.write(heading);
    if (Number.isFinite(periodMs)) void endInTime(opened);
    return opened;
  }

  /** Ends a slice when its time is over, though no line may come. */
  async function endInTime(ending: Slice): Promise<void> {
    try {
      await clock.sleep(ending.endMs - clock.now(), ended.signal);
    } catch {
      return; // closed before
    }
    if (slice === ending) finish(ending);
  }

  function finish(ending: Slice): void {
    slice = undefined;
    unfinished++;
    finishing = finishing
      .then(async () => {
        await ending.sink.close();
        await rename(`${ending.path}.part`, ending.path);
        if (keep === undefined) return;
        completed.push(ending.path);
        await removeOldest(pattern, completed, keep);
      })
      .catch(fail)
      .finally(() => {
        unfinished--;
      });
  }

  return {
    dropped: 0,
    get open() {
      return failure === undefined && (slice === undefined || slice.sink.open);
    },
    get full() {
      return slice?.sink.full ?? false;
    },
    write(line) {
      if (failure !== undefined) return;
      try {
        if (slice !== undefined && clock.now() >= slice.endMs) finish(slice);
        slice ??= open();
        slice.sink.write(line);
        slice.bytes += Buffer.byteLength(line) + 1;
        if (slice.bytes >= maxBytes) finish(slice);
      } catch (cause) {
        fail(cause);
      }
    },
    async ready() {
      if (unfinished > maxUnfinished) await finishing;
      await slice?.sink.ready();
    },
    async close() {
      ended.abort();
      if (slice !== undefined) finish(slice);
      await finishing;
      if (failure === undefined) return;
      if (failure instanceof FlowpactError) throw failure;
      throw new FlowpactError('FLOWPACT_FILE', `cannot write ${pattern}: ${(failure as Error).message}`, {
        cause: failure,
      });
    },
  };
}

/** The path itself (number 0), or with a number in it, that is neither there nor being written. Makes its folder. */
function freePath(path: string, from: number): [path: string, number: number] {
  mkdirSync(dirname(path), { recursive: true });
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (let i = from; i < from + mostNames; i++) {
    const candidate = i === 0 ? path : `${stem}.${i}${extension}`;
    if (!existsSync(candidate) && !existsSync(`${candidate}.part`)) return [candidate, i];
  }
  throw new FlowpactError(
    'FLOWPACT_FILE',
    `${mostNames.toLocaleString('en-US')} files named like ${path} are there already: move some away`,
  );
}

/** Names that a pattern makes, with the number that {@link freePath} may have added. */
function namePattern(name: string): RegExp {
  const digits: Readonly<Record<string, string>> = { Y: '[0-9]{4,}', s: '[0-9]+', '%': '%' };
  const expression = (text: string) =>
    text
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/%(.)/g, (_all, letter: string) => digits[letter] ?? '[0-9]{2}');
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  return new RegExp(`^${expression(stem)}(?:\\.[0-9]+)?${expression(extension)}$`);
}

/** Removes slices until `keep` are left: first those of earlier runs, then of `completed`, from its beginning. */
async function removeOldest(pattern: string, completed: string[], keep: number): Promise<void> {
  const folder = dirname(pattern);
  const named = namePattern(basename(pattern));
  const earlier: { readonly path: string; readonly writtenMs: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!named.test(name) || completed.includes(path)) continue;
    earlier.push({ path, writtenMs: (await stat(path)).mtimeMs });
  }
  earlier.sort((a, b) => a.writtenMs - b.writtenMs || (a.path < b.path ? -1 : 1));
  const tooMany = Math.max(0, earlier.length + completed.length - keep);
  for (const { path } of earlier.slice(0, tooMany)) await rm(path);
  for (const path of completed.splice(0, Math.max(0, tooMany - earlier.length))) await rm(path);
}
