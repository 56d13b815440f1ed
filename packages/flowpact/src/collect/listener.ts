import {
  type Collector,
  type CollectorDeps,
  type CollectorStats,
  createTcpCollector,
  createTlsCollector,
  createUdpCollector,
  type ReceiveBuffer,
} from '@flowpact/ipfix';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Left out, as all below: the collector's own default. */
  readonly maxSessions?: number;
  /** UDP only, octets. */
  readonly receiveBufferBytes?: number;
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

/** How a listener fared. */
export interface ListenerReport {
  /** Such as `udp://127.0.0.1:4739`. */
  readonly url: string;
  readonly stats: CollectorStats;
  /** UDP only. */
  readonly receiveBuffer: ReceiveBuffer | undefined;
  /** Datagrams that the system dropped; 0 where it does not say. */
  readonly kernelDrops: number;
}

/** A listening socket that can tell how it fared. */
export interface Listener extends Omit<Collector, 'start'> {
  /** @returns its URL */
  start(): Promise<string>;
  report(): Promise<ListenerReport>;
}

/** The listeners that a configuration asks for, in its order. */
export function createListeners({ tcp, udp, tls }: ListenConfig, deps: CollectorDeps): Listener[] {
  return [
    ...tcp.map((address) => listener('tcp', createTcpCollector(address, deps))),
    ...udp.map((address) => {
      const collector = createUdpCollector(address, deps);
      return listener('udp', collector, async () => ({
        receiveBuffer: collector.receiveBuffer,
        kernelDrops: (await collector.kernelDrops()) ?? 0,
      }));
    }),
    ...tls.map((address) => listener('tls', createTlsCollector(address, deps))),
  ];
}

function listener(
  transport: string,
  collector: Collector,
  ofSystem: () => Promise<Pick<ListenerReport, 'receiveBuffer' | 'kernelDrops'>> = async () => ({
    receiveBuffer: undefined,
    kernelDrops: 0,
  }),
): Listener {
  let url = transport;
  return {
    async start() {
      const { address, port } = await collector.start();
      url = `${transport}://${address.includes(':') ? `[${address}]` : address}:${port}`;
      return url;
    },
    stop: () => collector.stop(),
    pause: () => collector.pause(),
    resume: () => collector.resume(),
    stats: collector.stats,
    report: async () => ({ url, stats: collector.stats, ...(await ofSystem()) }),
  };
}

/** In words, where the system granted less than was asked for; Linux tells twice what it grants. */
export function bufferRemark({ url, receiveBuffer }: ListenerReport): string | undefined {
  if (receiveBuffer === undefined) return undefined;
  const { askedBytes, grantedBytes } = receiveBuffer;
  const granted = process.platform === 'linux' ? grantedBytes / 2 : grantedBytes;
  if (granted >= askedBytes) return undefined;
  const kib = (bytes: number) => `${Math.round(bytes / 1024).toLocaleString('en-US')} KiB`;
  return `${url}: the system gives a receive buffer of ${kib(granted)}, not ${kib(askedBytes)}, so that bursts are lost: sysctl -w net.core.rmem_max=${askedBytes}`;
}
