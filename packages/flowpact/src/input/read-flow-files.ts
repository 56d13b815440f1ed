import type { Readable } from 'node:stream';
import { createCaptureReader, IpfixError, listInputs, readMessages } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';
import { flowFileKind, kindOfStart } from './flow-file-kind.ts';

/** Takes the messages of one exporter. */
export interface ExporterInput {
  decode(message: Uint8Array): void;
}

export interface ReadFlowFilesDeps {
  readonly signal: AbortSignal;
  /** Called for each file, and for each exporter in a capture, before its first message. */
  openExporter(place: string, exporterAddress: string | undefined): ExporterInput;
  /** Called between batches; false ends the reading. */
  afterBatch(): Promise<boolean>;
  /** A file that cannot be read, or not to its end: what came before the fault counts. */
  onFailure(file: string, error: IpfixError | FlowpactError): void;
  /** What a capture had that was not read, in words. */
  onRemark(file: string, what: string): void;
}

/** Exporters told apart in one capture; further ones share the last one's templates. */
const maxExporters = 256;

/**
 * Reads IPFIX files and captures of export traffic (pcap, pcapng; both also compressed with gzip), in folders too;
 * `-` is standard input. A capture is known by its first octets, or, where it is compressed, by its name.
 */
export async function readFlowFiles(paths: readonly string[], deps: ReadFlowFilesDeps): Promise<void> {
  for (const file of await listInputs(paths)) {
    const name = file === '-' ? 'standard input' : file;
    try {
      const input = file === '-' ? process.stdin : file;
      const kind = file === '-' ? kindOfStart(await peek(process.stdin)) : await flowFileKind(file);
      if (kind === 'lines') {
        throw new FlowpactError(
          'FLOWPACT_INPUT',
          'these are JSON lines, not flow records: flowpact detect -i reads them, flowpact replay -i sends them as IPFIX',
        );
      }
      const goOn = await (kind === 'capture' ? readCapture(input, name, deps) : readIpfix(input, name, deps));
      if (!goOn) return;
    } catch (error) {
      if (!(error instanceof IpfixError || error instanceof FlowpactError)) throw error;
      deps.onFailure(name, error);
    }
  }
}

async function readIpfix(input: string | Readable, name: string, deps: ReadFlowFilesDeps): Promise<boolean> {
  const exporter = deps.openExporter(name, undefined);
  for await (const messages of readMessages(input)) {
    for (const message of messages) exporter.decode(message);
    if (!(await deps.afterBatch()) || deps.signal.aborted) return false;
  }
  return true;
}

async function readCapture(
  input: string | Readable,
  name: string,
  deps: ReadFlowFilesDeps,
): Promise<boolean> {
  const reader = createCaptureReader();
  const exporters = new Map<string, ExporterInput>();
  const exporterOf = (key: string, address: string): ExporterInput => {
    const isTold = exporters.size < maxExporters;
    const place = isTold ? key : 'others';
    const known = exporters.get(place);
    if (known !== undefined) return known;
    const exporter = deps.openExporter(`${name}: ${place}`, isTold ? address : undefined);
    exporters.set(place, exporter);
    return exporter;
  };
  try {
    for await (const datagrams of reader.read(input)) {
      for (const { source, payload } of datagrams) {
        const key = `${source.address}:${source.port}`;
        (exporters.get(key) ?? exporterOf(key, source.address)).decode(payload);
      }
      if (!(await deps.afterBatch()) || deps.signal.aborted) return false;
    }
    return true;
  } finally {
    const { fragments, truncated, unknownLinkTypes, oversizedBlocks } = reader.stats;
    const remarks = [
      [fragments, 'fragments of IP datagrams, which are not put together'],
      [truncated, 'packets that the capture cut short'],
      [unknownLinkTypes, 'packets of a link type that is not supported'],
      [oversizedBlocks, 'packets too long to be read'],
    ] as const;
    for (const [count, what] of remarks) {
      if (count > 0) deps.onRemark(name, `${count.toLocaleString('en-US')} ${what}`);
    }
  }
}

/** The first octets of a stream, which keeps them. */
async function peek(stream: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const done = (octets: Uint8Array) => {
      stream.off('readable', look);
      stream.off('end', ended);
      stream.off('error', reject);
      resolve(octets);
    };
    const ended = () => done(new Uint8Array());
    const look = () => {
      const chunk = stream.read() as Buffer | null;
      if (chunk === null) return;
      stream.unshift(chunk);
      done(chunk);
    };
    stream.on('readable', look);
    stream.once('end', ended);
    stream.once('error', reject);
  });
}
