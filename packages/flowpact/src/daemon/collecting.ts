import type { ExporterAddress, IpfixError, MessageSink } from '@flowpact/ipfix';
import {
  createListeners,
  type ListenConfig,
  type Listener,
  type ListenerReport,
} from '../collect/listener.ts';
import { createExporterCounts, type ExporterCount } from './exporter-counts.ts';
import type { FlowMessage } from './flow-messages.ts';
import { createFlowSender } from './flow-sender.ts';
import type { ThreadUsage } from './thread-usage.ts';

/** What the main thread asks of the collector thread. */
export type CollectorRequests = {
  /** Opens these listeners, and closes those that are open and not among them; answers with the URLs of all. */
  readonly listen: { readonly ask: ListenConfig; readonly answer: readonly string[] };
  readonly report: { readonly ask: undefined; readonly answer: CollectorReport };
  /** Closes all listeners and passes on what has come. */
  readonly stop: { readonly ask: undefined; readonly answer: undefined };
};

/** How collection fares. */
export interface CollectorReport {
  readonly listeners: readonly ListenerReport[];
  readonly exporters: readonly ExporterCount[];
  /** Batches that detection has not done with. */
  readonly batchesUnderWay: number;
  /** Whether exporters are being held up. */
  readonly held: boolean;
  /** Of its thread. */
  readonly usage?: ThreadUsage;
}

export interface CollectingDeps {
  /** To the detection thread. The memory of a batch changes hands. */
  post(message: FlowMessage, transfer: readonly ArrayBuffer[]): void;
  now(): number;
}

/** What the collector thread does: takes messages off sockets and passes them on, decoding nothing. */
export interface Collecting {
  listen(config: ListenConfig): Promise<readonly string[]>;
  report(): Promise<CollectorReport>;
  stop(): Promise<void>;
  credit(batches: number): void;
}

interface OpenListener {
  /** What it was asked for, as text to compare. */
  readonly asked: string;
  readonly url: string;
  readonly listener: Listener;
}

export function createCollecting(
  { maxBatches }: { readonly maxBatches: number },
  { post, now }: CollectingDeps,
): Collecting {
  const exporters = createExporterCounts();
  let open: readonly OpenListener[] = [];
  let held = false;
  let nextSession = 1;
  const sender = createFlowSender(
    { maxBatches },
    {
      post,
      now,
      onHold(isHeld) {
        held = isHeld;
        for (const { url, listener } of open) {
          // Datagrams cannot be held up; whether there is room is looked at for each.
          if (url.startsWith('udp:')) continue;
          if (isHeld) listener.pause();
          else listener.resume();
        }
      },
    },
  );

  function openSession(source: ExporterAddress): MessageSink {
    const session = nextSession++;
    const count = exporters.of(source.address);
    const mayDrop = source.transport === 'udp';
    sender.open({ kind: 'session', session, source });
    return {
      message(octets) {
        if (!sender.send(session, octets, mayDrop)) {
          count.dropped++;
          return;
        }
        count.messages++;
        count.octets += octets.length;
      },
      end(issue) {
        sender.end({ kind: 'sessionEnd', session, ...(issue === undefined ? {} : { issue: plain(issue) }) });
      },
    };
  }

  async function close(listeners: readonly OpenListener[]): Promise<void> {
    for (const { listener } of listeners) await listener.stop();
  }

  return {
    async listen(config) {
      const wanted = singleListeners(config);
      const kept = open.filter(({ asked }) => wanted.some((each) => each.asked === asked));
      // First what is closed, since a changed listener may want the same port again.
      await close(open.filter((each) => !kept.includes(each)));
      const opened: OpenListener[] = [];
      try {
        for (const { asked, one } of wanted) {
          if (kept.some((each) => each.asked === asked)) continue;
          const [listener] = createListeners(one, { openSession });
          opened.push({ asked, listener, url: await listener.start() });
          if (held && !asked.startsWith('udp')) listener.pause();
        }
      } finally {
        open = [...kept, ...opened];
      }
      return wanted.flatMap(({ asked }) => open.filter((each) => each.asked === asked).map(({ url }) => url));
    },
    async report() {
      const listeners = await Promise.all(open.map(({ listener }) => listener.report()));
      return { listeners, exporters: exporters.all, batchesUnderWay: sender.batchesUnderWay, held };
    },
    async stop() {
      await close(open);
      open = [];
      sender.finish();
    },
    credit: (batches) => sender.credit(batches),
  };
}

const plain = ({ code, message }: IpfixError) => ({ code, message });

/** Each listener of a configuration as a configuration of its own. */
function singleListeners(config: ListenConfig): { readonly asked: string; readonly one: ListenConfig }[] {
  const none: ListenConfig = { tcp: [], udp: [], tls: [], once: false };
  return (['udp', 'tcp', 'tls'] as const).flatMap((transport) =>
    config[transport].map((address) => ({
      asked: `${transport} ${JSON.stringify(address)}`,
      one: { ...none, [transport]: [address] },
    })),
  );
}
