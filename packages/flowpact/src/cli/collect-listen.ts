import type { ListenConfig } from '../collect/listener.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { missingTransports, parseHostPort } from '../input/socket-url.ts';

/** Where `collect` is to listen. */
export interface ListenOptions {
  readonly tcp?: readonly string[];
  readonly udp?: readonly string[];
  readonly tls?: readonly string[];
  readonly tlsKey?: string;
  readonly tlsCert?: string;
  readonly tlsCa?: string;
  readonly once?: boolean;
}

/** Unless told otherwise nobody outside this host is heard. */
export const defaultListenHost = '127.0.0.1';

/** @throws FlowpactError `FLOWPACT_USAGE` */
export function listenConfig(options: ListenOptions): ListenConfig {
  const { tcp = [], udp = [], tls = [], tlsKey, tlsCert, tlsCa, once = false } = options;
  if (tls.length > 0 && (tlsKey === undefined || tlsCert === undefined)) {
    throw new FlowpactError('FLOWPACT_USAGE', '--tls needs --tls-key FILE and --tls-cert FILE');
  }
  if (once && tcp.length + tls.length === 0) {
    throw new FlowpactError('FLOWPACT_USAGE', '--once goes with --tcp or --tls');
  }
  const files = {
    keyFile: tlsKey ?? '',
    certificateFile: tlsCert ?? '',
    ...(tlsCa === undefined ? {} : { authorityFile: tlsCa }),
  };
  return {
    tcp: tcp.map(address),
    udp: udp.map(address),
    tls: tls.map((text) => ({ ...address(text), ...files })),
    once,
  };
}

function address(text: string): { readonly host: string; readonly port: number } {
  const [, scheme] = /^([a-z]+):\/\//i.exec(text) ?? [];
  if (scheme === undefined) return parseHostPort(text, defaultListenHost);
  const wanted = scheme.toLowerCase();
  throw new FlowpactError(
    'FLOWPACT_USAGE',
    wanted === 'dtls' || wanted === 'sctp'
      ? `${text}: ${missingTransports}: listen with --tls, --tcp or --udp`
      : `"${text}": give [HOST:]PORT without ${wanted}://`,
  );
}
