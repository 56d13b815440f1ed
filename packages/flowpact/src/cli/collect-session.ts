import {
  type Collector,
  createFlowDecoder,
  createLineReader,
  createTcpCollector,
  createTlsCollector,
  createUdpCollector,
  type ExporterAddress,
  type Filter,
  type FlowDecoder,
  type MessageSink,
  type RecordReader,
  type TemplateMemory,
  type TimeShift,
} from '@flowpact/ipfix';
import { readFlowFiles } from '../input/read-flow-files.ts';
import { untilQuiet } from '../input/until-quiet.ts';
import type { LineSink } from '../output/line-sink.ts';
import { createCollectTotals } from './collect-totals.ts';
import { createIssueLog } from './issue-log.ts';

export interface CollectionConfig {
  readonly format: 'flowpact' | 'ipfixcol';
  readonly timeShiftMs?: TimeShift;
  /** Records that it does not let pass are left out. */
  readonly filter?: Filter;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Where to listen with TLS, and who we are there. */
export interface TlsListenAddress extends ListenAddress {
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly authorityFile?: string;
}

export interface ListenConfig {
  readonly tcp: readonly ListenAddress[];
  readonly udp: readonly ListenAddress[];
  readonly tls: readonly TlsListenAddress[];
  /** End when the first TCP or TLS session has ended. */
  readonly once: boolean;
}

export interface CollectionDeps {
  readonly sink: LineSink;
  /** Where templates of exporters on UDP are kept over a restart. */
  readonly templateMemory?: TemplateMemory;
}

/** Messages in, lines out; each file and each transport session has a decoder, and so templates, of its own. */
export interface Collection {
  readFiles(files: readonly string[], signal: AbortSignal): Promise<void>;
  listen(config: ListenConfig, signal: AbortSignal): Promise<void>;
  /** Tells on standard error what came and what was wrong with it. */
  report(quiet: boolean): void;
}

export function createCollection(
  config: CollectionConfig,
  { sink, templateMemory }: CollectionDeps,
): Collection {
  const issues = createIssueLog();
  const totals = createCollectTotals();

  const openReader = (): RecordReader => {
    const { format, timeShiftMs, filter } = config;
    const lines = createLineReader(
      { style: format, ...(timeShiftMs === undefined ? {} : { timeShiftMs }) },
      {
        onLine(line) {
          totals.countLine();
          sink.write(line);
        },
      },
    );
    return filter === undefined ? lines : filter.reader(lines);
  };
  /** With an exporter's name its templates are remembered. */
  const openDecoder = (place: string, exporter?: string): FlowDecoder =>
    createFlowDecoder(exporter === undefined ? {} : { exporter }, {
      reader: openReader(),
      onIssue: ({ code, message }) => issues.add(place, code, message),
      ...(templateMemory === undefined ? {} : { templateMemory }),
    });
  const addUp = ({ stats }: FlowDecoder) => totals.addDecoder(stats);

  return {
    async readFiles(files, signal) {
      const decoders: FlowDecoder[] = [];
      await readFlowFiles(files, {
        signal,
        openExporter(place) {
          const decoder = openDecoder(place);
          decoders.push(decoder);
          return decoder;
        },
        async afterBatch() {
          await sink.ready();
          return sink.open;
        },
        onFailure(file, { code, message }) {
          issues.add(file, code, message);
          process.exitCode = 1;
        },
        onRemark: (file, what) => issues.add(file, 'FLOWPACT_NOT_READ', what),
      });
      decoders.forEach(addUp);
    },

    async listen({ tcp, udp, tls, once }, signal) {
      const collectors: Collector[] = [];
      let finish = () => {};
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const open = new Set<FlowDecoder>();
      // TCP exporters are held up when the output is slow; datagrams cannot be, so they are dropped and counted.
      let waiting = false;
      const holdUp = () => {
        if (waiting || !sink.full) return;
        waiting = true;
        for (const collector of collectors) collector.pause();
        void sink.ready().then(() => {
          waiting = false;
          for (const collector of collectors) collector.resume();
        });
      };
      const openSession = (source: ExporterAddress): MessageSink => {
        const place = `${source.transport}://${source.address}:${source.port}`;
        // Over TCP each session begins with its templates; over UDP they may take minutes to come again.
        const decoder = openDecoder(place, source.transport === 'udp' ? source.address : undefined);
        open.add(decoder);
        return {
          message(bytes) {
            decoder.decode(bytes);
            holdUp();
            if (!sink.open) finish();
          },
          end(issue) {
            if (issue !== undefined) issues.add(place, issue.code, issue.message);
            open.delete(decoder);
            addUp(decoder);
            if (once && source.transport !== 'udp') finish();
          },
        };
      };
      for (const address of tcp) collectors.push(createTcpCollector(address, { openSession }));
      for (const address of udp) collectors.push(createUdpCollector(address, { openSession }));
      for (const config of tls) collectors.push(createTlsCollector(config, { openSession }));
      const transports = [...tcp.map(() => 'tcp'), ...udp.map(() => 'udp'), ...tls.map(() => 'tls')];
      signal.addEventListener('abort', finish, { once: true });
      if (signal.aborted) finish();
      try {
        for (const [i, collector] of collectors.entries()) {
          const { address, port } = await collector.start();
          console.error(
            `flowpact: listening for IPFIX on ${transports[i]}://${address.includes(':') ? `[${address}]` : address}:${port}`,
          );
        }
        await finished;
        await untilQuiet(() => collectors.reduce((sum, { stats }) => sum + stats.bytes, 0));
      } finally {
        for (const collector of collectors) {
          await collector.stop();
          totals.addCollector(collector.stats);
        }
        for (const decoder of open) addUp(decoder);
      }
    },

    report(quiet) {
      issues.summarise();
      if (quiet) return;
      console.error(`flowpact: ${totals.tell(config.filter !== undefined)}`);
    },
  };
}
