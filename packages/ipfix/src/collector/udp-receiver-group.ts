import { Worker } from 'node:worker_threads';
import { systemClock } from '../clock/system-clock.ts';
import { IpfixError } from '../ipfix-error.ts';
import { createCollectorStats } from './collector.ts';
import { readDatagramBatch } from './datagram-batch.ts';
import { readKernelDrops } from './kernel-drops.ts';
import {
  defaultUdpCollectorConfig,
  type ReceiveBuffer,
  type UdpCollector,
  type UdpCollectorConfig,
  type UdpCollectorDeps,
} from './udp-collector.ts';
import type { FromUdpReceiver, ToUdpReceiver, UdpReceiverSettings } from './udp-receiver-protocol.ts';
import { createUdpSessions, type UdpSession } from './udp-sessions.ts';

export interface UdpReceiverGroupConfig extends UdpCollectorConfig {
  /** Threads that take datagrams off the port, 1 to 64; default 1. More need more than one exporter to be of use. */
  readonly receivers?: number;
  /**
   * Batches of up to 64 KiB that wait for this thread, of each receiver, before the datagrams stay in the system's
   * receive buffer; default 64.
   */
  readonly maxBatches?: number;
}

export const defaultUdpReceiverGroupConfig = { receivers: 1, maxBatches: 64 } as const;

/** Receivers number the exporters with 16 bits. */
const mostSessions = 65_536;
const mostReceivers = 64;

/**
 * The module that receivers run. Threads cannot run TypeScript, so that where this file is a source, as in tests,
 * they get what was built of it.
 */
const receiverModule = new URL(
  import.meta.url.endsWith('.ts')
    ? '../../dist/collector/udp-receiver-thread.js'
    : './udp-receiver-thread.js',
  import.meta.url,
);

/** An exporter as one receiver numbers it. */
interface KnownExporter {
  readonly address: string;
  readonly port: number;
  session: UdpSession | undefined;
}

/** A receiver as this thread sees it. */
interface Receiver {
  readonly thread: Worker;
  readonly exporters: KnownExporter[];
  readonly underWay: Int32Array;
  /** Exporters that it has to itself. */
  sessions: number;
}

/**
 * A UDP collector whose sockets are read by threads of their own, so that this thread has but to decode. The first
 * receiver hears everyone. With several of them, each exporter (address and port) is given to the one that has the
 * fewest, which opens a socket connected to it: the system then delivers there what that exporter sends, in its
 * order, into a receive buffer of its own. All sinks are called in this thread.
 *
 * Datagrams that were under way when an exporter changed hands may come behind later ones, once; a decoder takes them
 * for late, not for lost. What an exporter sends in the instant in which it is forgotten may go down with its socket. With several receivers the port is shared (`SO_REUSEADDR`): another program of this host
 * could listen on it as well.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG`
 */
export function createUdpReceiverGroup(config: UdpReceiverGroupConfig, deps: UdpCollectorDeps): UdpCollector {
  const { host, port, receiveBufferBytes, maxSessions, sessionIdleMs, receivers, maxBatches } = {
    ...defaultUdpCollectorConfig,
    ...defaultUdpReceiverGroupConfig,
    ...config,
  };
  checkRange('receivers', receivers, mostReceivers);
  checkRange('maxBatches', maxBatches, 65_536);
  checkRange('maxSessions', maxSessions, mostSessions);
  const clock = deps.clock ?? systemClock;
  const stats = createCollectorStats();
  let group: readonly Receiver[] = [];
  let bound: { readonly address: string; readonly port: number } | undefined;
  let receiveBuffer: ReceiveBuffer | undefined;
  let paused = false;
  /** Which receiver has which exporter to itself. */
  const owners = new Map<UdpSession, Receiver>();

  const sessions = createUdpSessions(
    { maxSessions, sessionIdleMs },
    {
      clock,
      stats,
      openSession: deps.openSession,
      onIdle(session) {
        const owner = owners.get(session);
        owners.delete(session);
        if (owner !== undefined) owner.sessions--;
        for (const { thread, exporters } of group) {
          for (const exporter of exporters) {
            if (exporter.session === session) exporter.session = undefined;
          }
          tell(thread, { kind: 'forget', address: session.address, port: session.port });
        }
      },
    },
  );

  /** Gives an exporter that was not heard of before to the receiver with the fewest. */
  function assign(session: UdpSession): void {
    const owner = group.reduce((least, receiver) => (receiver.sessions < least.sessions ? receiver : least));
    owner.sessions++;
    owners.set(session, owner);
    if (owner === group[0] || bound === undefined) return;
    const { address, port: exporterPort } = session;
    tell(owner.thread, { kind: 'adopt', localPort: bound.port, address, port: exporterPort });
  }

  function sessionOf(exporter: KnownExporter): UdpSession | undefined {
    if (exporter.session !== undefined) return exporter.session;
    const session = sessions.of(exporter.address, exporter.port);
    exporter.session = session;
    if (session !== undefined && !owners.has(session)) assign(session);
    return session;
  }

  function takeBatch(receiver: Receiver, octets: Uint8Array): void {
    const now = clock.now();
    readDatagramBatch(octets, (number, datagram) => {
      const session = paused ? undefined : sessionOf(receiver.exporters[number]);
      if (session === undefined) {
        stats.droppedMessages++;
        return;
      }
      session.heardMs = now;
      stats.messages++;
      stats.bytes += datagram.length;
      session.sink.message(datagram);
    });
  }

  function take(receiver: Receiver, message: FromUdpReceiver): void {
    if (message.kind !== 'batch') return;
    try {
      stats.droppedMessages += message.dropped;
      for (const { number, address, port: exporterPort } of message.exporters) {
        receiver.exporters[number] = { address, port: exporterPort, session: undefined };
      }
      takeBatch(receiver, message.octets);
    } finally {
      Atomics.sub(receiver.underWay, 0, 1);
      Atomics.notify(receiver.underWay, 0);
    }
  }

  function startReceiver(): Receiver {
    const batchesUnderWay = new SharedArrayBuffer(4);
    const workerData: UdpReceiverSettings = {
      ...{ host, port, receiveBufferBytes, maxBatches, batchesUnderWay },
      maxExporters: maxSessions,
    };
    const thread = new Worker(receiverModule, { workerData });
    const receiver = { thread, exporters: [], underWay: new Int32Array(batchesUnderWay), sessions: 0 };
    thread.on('message', (message: FromUdpReceiver) => take(receiver, message));
    return receiver;
  }

  async function stopReceiver({ thread, underWay }: Receiver): Promise<void> {
    const stopped = answerOf(thread, 'stopped');
    // No batch waits for another any more.
    Atomics.store(underWay, 0, -0x40000000);
    Atomics.notify(underWay, 0);
    tell(thread, { kind: 'stop' });
    await stopped;
    await thread.terminate();
  }

  return {
    async start() {
      if (group.length > 0) throw new IpfixError('IPFIX_BAD_CONFIG', 'the collector is started already');
      group = Array.from({ length: receivers }, startReceiver);
      const [{ thread }] = group;
      const answer = answerOf(thread, 'listening', 'failed');
      tell(thread, { kind: 'listen', shared: receivers > 1 });
      const answered = await answer;
      if (answered.kind !== 'listening') {
        await Promise.all(group.map(({ thread }) => thread.terminate()));
        group = [];
        const reason = answered.kind === 'failed' ? answered.message : answered.kind;
        throw new IpfixError('IPFIX_IO', `cannot listen on udp ${host}:${port}: ${reason}`);
      }
      const { address, port: boundPort, grantedBytes } = answered;
      bound = { address, port: boundPort };
      receiveBuffer = { askedBytes: receiveBufferBytes, grantedBytes };
      sessions.start();
      return bound;
    },
    async stop() {
      const stopping = group;
      if (stopping.length === 0) return;
      await Promise.all(stopping.map(stopReceiver));
      group = [];
      bound = undefined;
      owners.clear();
      sessions.stop();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
    },
    stats,
    get receiveBuffer() {
      return receiveBuffer;
    },
    async kernelDrops() {
      return bound === undefined ? undefined : readKernelDrops(bound);
    },
  };
}

const tell = (thread: Worker, message: ToUdpReceiver) => thread.postMessage(message);

/** The next answer of one of these kinds. */
function answerOf(thread: Worker, ...kinds: readonly FromUdpReceiver['kind'][]): Promise<FromUdpReceiver> {
  return new Promise((resolve, reject) => {
    function look(message: FromUdpReceiver): void {
      if (!kinds.includes(message.kind)) return;
      thread.off('message', look).off('error', reject);
      resolve(message);
    }
    thread.on('message', look).once('error', reject);
  });
}

function checkRange(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  throw new IpfixError('IPFIX_BAD_CONFIG', `${name} is ${value}: give an integer of 1 to ${most}`);
}
