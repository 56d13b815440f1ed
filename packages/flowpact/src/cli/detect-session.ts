import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createFlowDecoder, type Filter } from '@flowpact/ipfix';
import { createIssueLog } from '../collect/issue-log.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { listenLines } from '../input/listen-lines.ts';
import { readFlowFiles } from '../input/read-flow-files.ts';
import { readLines } from '../input/read-lines.ts';
import { parseSocketUrl } from '../input/socket-url.ts';
import type { LineSink } from '../output/line-sink.ts';
import type { Detector } from '../pipeline/detector.ts';

/** Where the flows come from. */
export type DetectInput =
  | { readonly kind: 'lines' /** Left out: standard input. */; readonly file?: string }
  | { readonly kind: 'listen'; readonly url: string }
  | { readonly kind: 'ipfix'; readonly files: readonly string[]; readonly filter?: Filter };

export interface DetectSession {
  readonly detector: Detector;
  /** Where what is found goes: whether anybody takes it yet, and when so little waits that it goes on. */
  readonly sink: Pick<LineSink, 'open' | 'ready'>;
  readonly input: DetectInput;
  /** A wrong input line ends the run instead of being counted. */
  readonly strict: boolean;
  readonly signal: AbortSignal;
}

/** Feeds the input to the detector until it ends, the reader of the output goes away, or the signal comes. */
export async function runDetection(session: DetectSession): Promise<void> {
  const { detector, input } = session;
  const issues = createIssueLog();
  detector.onStatementError(({ statement, error }) =>
    issues.add(`statement ${statement.name}`, error.code, error.message),
  );
  try {
    if (input.kind === 'ipfix') await detectInFiles(session, input, issues);
    else await detectInLines(session, linesOf(session, input, issues), input, issues);
  } finally {
    issues.summarise();
  }
}

type IssueLog = ReturnType<typeof createIssueLog>;

async function detectInFiles(
  session: DetectSession,
  { files, filter }: Extract<DetectInput, { kind: 'ipfix' }>,
  issues: IssueLog,
): Promise<void> {
  const { detector, sink, signal, strict } = session;
  let failure: Error | undefined;
  await readFlowFiles(files, {
    signal,
    openExporter: (place) =>
      createFlowDecoder(
        {},
        {
          reader: filter === undefined ? detector.recordReader() : filter.reader(detector.recordReader()),
          onIssue: ({ code, message }) => {
            if (strict) failure ??= new FlowpactError('FLOWPACT_INPUT', `${place}: ${message}`);
            issues.add(place, code, message);
          },
        },
      ),
    async afterBatch() {
      if (failure !== undefined) throw failure;
      await sink.ready();
      return sink.open;
    },
    onFailure(file, error) {
      if (strict) throw error;
      issues.add(file, error.code, error.message);
      process.exitCode = 1;
    },
    onRemark: (file, what) => issues.add(file, 'FLOWPACT_NOT_READ', what),
  });
  if (failure !== undefined) throw failure;
}

async function detectInLines(
  session: DetectSession,
  batches: AsyncIterable<readonly string[]>,
  input: DetectInput,
  issues: IssueLog,
): Promise<void> {
  const { detector, sink, signal } = session;
  const name = input.kind === 'lines' ? (input.file ?? 'standard input') : 'input';
  const { timeProperty } = detector;
  let line = 0;
  const wrong = (code: string, what: string) => {
    if (session.strict) throw new FlowpactError('FLOWPACT_INPUT', `${name}: line ${line}: ${what}`);
    issues.add(name, code, `line ${line}: ${what}`);
  };
  for await (const batch of batches) {
    for (const text of batch) {
      line++;
      const data = parseObject(text);
      if (data === undefined) wrong('FLOWPACT_INPUT', 'not a JSON object; the line is left out');
      else if (!detector.send(data)) {
        wrong('FLOWPACT_INPUT_TIME', `no number in the time field '${timeProperty}'; the line is left out`);
      }
    }
    await sink.ready();
    if (signal.aborted || !sink.open) return;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function linesOf(
  { signal }: DetectSession,
  input: Exclude<DetectInput, { kind: 'ipfix' }>,
  issues: IssueLog,
): AsyncIterable<readonly string[]> {
  const onTooLong = () =>
    issues.add('input', 'FLOWPACT_LINE_TOO_LONG', 'a line longer than 1 MiB is left out');
  if (input.kind === 'listen') {
    const url = parseSocketUrl(input.url);
    if (url === undefined) {
      throw new FlowpactError(
        'FLOWPACT_USAGE',
        `--listen takes udp://HOST:PORT or tcp://HOST:PORT, not "${input.url}"`,
      );
    }
    return listenLines(
      { url },
      {
        signal,
        onTooLong,
        onListening: ({ transport, host, port }) =>
          console.error(`flowpact: listening for lines on ${transport}://${host}:${port}`),
        onDropped: (lines) =>
          issues.add('input', 'FLOWPACT_INPUT_DROPPED', 'datagrams came faster than they were read', lines),
      },
    );
  }
  const stream: Readable =
    input.file === undefined ? process.stdin : createReadStream(input.file, { highWaterMark: 1 << 18 });
  // Waiting for standard input must not keep Ctrl-C from ending the run.
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  return quietEnd(readLines(stream, {}, { onTooLong }), input.file, signal);
}

async function* quietEnd(
  lines: AsyncIterable<readonly string[]>,
  file: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  try {
    yield* lines;
  } catch (cause) {
    if (signal.aborted) return;
    throw new FlowpactError(
      'FLOWPACT_FILE',
      `cannot read ${file ?? 'standard input'}: ${(cause as Error).message}`,
      { cause },
    );
  }
}
