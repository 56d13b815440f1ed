import {
  type Anonymiser,
  type Collector,
  createFlowDecoder,
  createTcpCollector,
  createTlsCollector,
  createUdpCollector,
  type ExporterAddress,
  type Filter,
  type MessageSink,
  type SessionAccounting,
  type TemplateMemory,
} from '@flowpact/ipfix';
import { readFlowFiles } from '../input/read-flow-files.ts';
import { untilQuiet } from '../input/until-quiet.ts';
import { createCollectTotals } from './collect-totals.ts';
import { createIssueLog } from './issue-log.ts';
import type { RecordOutput } from './record-output.ts';

export interface CollectionConfig {
  /** Records that it does not let pass are left out. */
  readonly filter?: Filter;
  /** Hides who the records are about; works behind the filter. */
  readonly anonymiser?: Anonymiser;
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
  readonly output: RecordOutput;
  /** Where templates of exporters on UDP are kept over a restart. */
  readonly templateMemory?: TemplateMemory;
}

/** Messages in, records out; each file and each transport session has a decoder, and so templates, of its own. */
export interface Collection {
  readFiles(files: readonly string[], signal: AbortSignal): Promise<void>;
  listen(config: ListenConfig, signal: AbortSignal): Promise<void>;
  /** What was counted of each exporter, the first 1,000 of them. */
  accounting(): readonly SessionAccounting[];
  /** Tells on standard error what came and what was wrong with it. */
  report(quiet: boolean): void;
}

/** Exporters that are told of one by one. */
const maxAccounts = 1000;

export function createCollection(
  config: CollectionConfig,
  { output, templateMemory }: CollectionDeps,
): Collection {
  const issues = createIssueLog();
  const totals = createCollectTotals();
  const accounts: SessionAccounting[] = [];

  /** A decoder with its way to the output. With an exporter's name its templates are remembered. */
  const openSession = (place: string, live: boolean, exporter?: string) => {
    const session = output.openSession();
    const visible = config.anonymiser?.reader(session.reader) ?? session.reader;
    const decoder = createFlowDecoder(exporter === undefined ? {} : { exporter }, {
      reader: config.filter?.reader(visible) ?? visible,
      onIssue: ({ code, message }) => issues.add(place, code, message),
      ...(live ? { nowMs: Date.now } : {}),
      ...(templateMemory === undefined ? {} : { templateMemory }),
    });
    if (accounts.length < maxAccounts) accounts.push({ exporter: place, stats: decoder.stats });
    return {
      decode: (message: Uint8Array) => decoder.decode(message),
      end() {
        session.end();
        totals.addDecoder(decoder.stats);
      },
    };
  };

  return {
    async readFiles(files, signal) {
      const sessions: { end(): void }[] = [];
      await readFlowFiles(files, {
        signal,
        openExporter(place) {
          const session = openSession(place, false);
          sessions.push(session);
          return session;
        },
        async afterBatch() {
          await output.ready();
          return output.open;
        },
        onFailure(file, { code, message }) {
          issues.add(file, code, message);
          process.exitCode = 1;
        },
        onRemark: (file, what) => issues.add(file, 'FLOWPACT_NOT_READ', what),
      });
      for (const session of sessions) session.end();
    },

    async listen({ tcp, udp, tls, once }, signal) {
      const collectors: Collector[] = [];
      let finish = () => {};
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      // TCP exporters are held up when the output is slow; datagrams cannot be, so they are dropped and counted.
      let waiting = false;
      const holdUp = () => {
        if (waiting || !output.full) return;
        waiting = true;
        for (const collector of collectors) collector.pause();
        void output.ready().then(() => {
          waiting = false;
          for (const collector of collectors) collector.resume();
        });
      };
      const accept = (source: ExporterAddress): MessageSink => {
        const place = `${source.transport}://${source.address}:${source.port}`;
        // Over TCP each session begins with its templates; over UDP they may take minutes to come again.
        const session = openSession(place, true, source.transport === 'udp' ? source.address : undefined);
        return {
          message(bytes) {
            session.decode(bytes);
            output.afterMessage();
            holdUp();
            if (!output.open) finish();
          },
          end(issue) {
            if (issue !== undefined) issues.add(place, issue.code, issue.message);
            session.end();
            if (once && source.transport !== 'udp') finish();
          },
        };
      };
      for (const address of tcp) collectors.push(createTcpCollector(address, { openSession: accept }));
      for (const address of udp) collectors.push(createUdpCollector(address, { openSession: accept }));
      for (const config of tls) collectors.push(createTlsCollector(config, { openSession: accept }));
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
      }
    },

    accounting: () => accounts,

    report(quiet) {
      issues.summarise();
      if (quiet) return;
      console.error(`flowpact: ${totals.tell(config.filter === undefined ? undefined : output.records)}`);
    },
  };
}
