import {
  type Anonymiser,
  createBiflowSplitter,
  createDecoderBudget,
  createFlowDecoder,
  type ExporterAddress,
  type Filter,
  type MessageSink,
  type SessionAccounting,
  systemClock,
  type TemplateMemory,
} from '@flowpact/ipfix';
import { readFlowFiles } from '../input/read-flow-files.ts';
import { untilQuiet } from '../input/until-quiet.ts';
import { createCollectTotals } from './collect-totals.ts';
import { createIssueLog } from './issue-log.ts';
import {
  bufferRemark,
  createListeners,
  type ListenConfig,
  type Listener,
  type ListenerReport,
} from './listener.ts';
import type { RecordOutput } from './record-output.ts';
import { type SamplingRule, samplingOf } from './sampling-rule.ts';

export interface CollectionConfig {
  /** Records that it does not let pass are left out. */
  readonly filter?: Filter;
  /** Hides who the records are about; works behind the filter. */
  readonly anonymiser?: Anonymiser;
  /** Whether a biflow (RFC 5103) is one record with reverse fields, or two flows, which the filter sees. Default `fields`. */
  readonly biflow?: 'fields' | 'flows';
  /** What exporters do not tell about sampling, or tell wrongly. */
  readonly sampling?: SamplingRule;
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
  /** How the listeners fare, also once they have been closed. */
  listeners(): Promise<readonly ListenerReport[]>;
  /** Tells on standard error what came and what was wrong with it. */
  report(quiet: boolean): void;
}

/** Exporters that are told of one by one. */
const maxAccounts = 1000;

/** What is known of the other side of a decoder. */
interface Session {
  /** For a person: a file, or a transport address. */
  readonly place: string;
  readonly exporterAddress: string | undefined;
  /** Whether messages come at the time at which they are sent. */
  readonly live: boolean;
  /** The name under which its templates are remembered. */
  readonly exporter?: string;
}

export function createCollection(
  config: CollectionConfig,
  { output, templateMemory }: CollectionDeps,
): Collection {
  const { filter, anonymiser, biflow = 'fields', sampling = { byExporter: new Map() } } = config;
  const issues = createIssueLog();
  const totals = createCollectTotals();
  const accounts: SessionAccounting[] = [];
  const closedListeners: ListenerReport[] = [];
  // Whoever can send datagrams can make up sessions: together they may hold no more than this.
  const budget = createDecoderBudget();
  let openListeners: readonly Listener[] = [];

  /** A decoder with its way to the output. */
  const openSession = ({ place, exporterAddress, live, exporter }: Session) => {
    const session = output.openSession({ exporterAddress });
    const visible = anonymiser?.reader(session.reader) ?? session.reader;
    const wanted = filter?.reader(visible) ?? visible;
    const rates = samplingOf(sampling, exporterAddress);
    const decoder = createFlowDecoder(
      {
        ...(exporter === undefined ? {} : { exporter }),
        ...(rates === undefined ? {} : { sampling: rates }),
      },
      {
        reader: biflow === 'flows' ? createBiflowSplitter(wanted) : wanted,
        onIssue: ({ code, message }) => issues.add(place, code, message),
        ...(live ? { clock: systemClock } : {}),
        ...(templateMemory === undefined ? {} : { templateMemory }),
        budget,
      },
    );
    if (accounts.length < maxAccounts) accounts.push({ exporter: place, stats: decoder.stats });
    return {
      decode: (message: Uint8Array) => decoder.decode(message),
      end() {
        session.end();
        decoder.close();
        totals.addDecoder(decoder.stats);
      },
    };
  };

  return {
    async readFiles(files, signal) {
      const sessions: { end(): void }[] = [];
      await readFlowFiles(files, {
        signal,
        openExporter(place, exporterAddress) {
          const session = openSession({ place, exporterAddress, live: false });
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

    async listen(listenConfig, signal) {
      let finish = () => {};
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      // TCP exporters are held up when the output is slow; datagrams cannot be, so they are dropped and counted.
      let waiting = false;
      const holdUp = () => {
        if (waiting || !output.full) return;
        waiting = true;
        for (const listener of listeners) listener.pause();
        void output.ready().then(() => {
          waiting = false;
          for (const listener of listeners) listener.resume();
        });
      };
      const accept = ({ transport, address, port }: ExporterAddress): MessageSink => {
        const place = `${transport}://${address.includes(':') ? `[${address}]` : address}:${port}`;
        const session = openSession({
          place,
          exporterAddress: address,
          live: true,
          // Over TCP each session begins with its templates; over UDP they may take minutes to come again.
          ...(transport === 'udp' ? { exporter: address } : {}),
        });
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
            if (listenConfig.once && transport !== 'udp') finish();
          },
        };
      };
      const listeners = createListeners(listenConfig, { openSession: accept });
      openListeners = listeners;
      signal.addEventListener('abort', finish, { once: true });
      if (signal.aborted) finish();
      try {
        for (const listener of listeners) {
          console.error(`flowpact: listening for IPFIX on ${await listener.start()}`);
          const remark = bufferRemark(await listener.report());
          if (remark !== undefined) console.error(`flowpact: ${remark}`);
        }
        await finished;
        await untilQuiet(() => listeners.reduce((sum, { stats }) => sum + stats.bytes, 0));
      } finally {
        for (const listener of listeners) {
          const report = await listener.report();
          await listener.stop();
          closedListeners.push(report);
          totals.addCollector(report.stats);
        }
        openListeners = [];
      }
    },

    accounting: () => accounts,
    async listeners() {
      const open = await Promise.all(openListeners.map((listener) => listener.report()));
      return [...closedListeners, ...open];
    },

    report(quiet) {
      issues.summarise();
      if (quiet) return;
      const kernelDrops = closedListeners.reduce((sum, listener) => sum + listener.kernelDrops, 0);
      const passed = filter === undefined ? undefined : output.records;
      console.error(`flowpact: ${totals.tell(passed, { kernelDrops, outputDrops: output.dropped })}`);
    },
  };
}
