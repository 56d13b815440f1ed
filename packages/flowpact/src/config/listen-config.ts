import type { ListenConfig } from '../collect/listener.ts';
import { parseUrlOf } from '../input/socket-url.ts';
import type { LoadedConfig } from './load-config.ts';

/** The configured collectors as listeners. */
export function listenConfigOf({ config, path }: LoadedConfig): ListenConfig {
  const addresses = config.collectors.map(({ listen, maxSessions, receiveBufferBytes, ...files }) => {
    const { transport, host, port } = parseUrlOf(['udp', 'tcp', 'tls'], listen)!;
    return { transport, files, address: { host, port, maxSessions }, receiveBufferBytes };
  });
  const of = (wanted: 'udp' | 'tcp' | 'tls') => addresses.filter(({ transport }) => transport === wanted);
  return {
    once: false,
    tcp: of('tcp').map(({ address }) => address),
    udp: of('udp').map(({ address, receiveBufferBytes }) => ({
      ...address,
      ...(receiveBufferBytes === undefined ? {} : { receiveBufferBytes }),
    })),
    tls: of('tls').map(({ address, files: { keyFile = '', certificateFile = '', authorityFile } }) => ({
      ...address,
      keyFile: path(keyFile),
      certificateFile: path(certificateFile),
      ...(authorityFile === undefined ? {} : { authorityFile: path(authorityFile) }),
    })),
  };
}
