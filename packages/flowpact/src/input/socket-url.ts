import { FlowpactError } from '../flowpact-error.ts';

export interface SocketUrl {
  readonly transport: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
}

/**
 * `udp://HOST:PORT` or `tcp://HOST:PORT` (IPv6 in brackets); undefined where the text is no such URL.
 * @throws FlowpactError `FLOWPACT_USAGE` where it is one, but a wrong one.
 */
export function parseSocketUrl(text: string): SocketUrl | undefined {
  const match = /^(tcp|udp):\/\/(.*)$/.exec(text);
  if (match === null) return undefined;
  return { transport: match[1] as 'tcp' | 'udp', ...parseHostPort(match[2], '127.0.0.1') };
}

/**
 * `PORT`, `HOST:PORT` or `[IPv6]:PORT`.
 * @throws FlowpactError `FLOWPACT_USAGE`
 */
export function parseHostPort(
  text: string,
  defaultHost: string,
): { readonly host: string; readonly port: number } {
  const match = /^(?:(?:\[([^\]]+)\]|([^:]*)):)?([0-9]{1,5})$/.exec(text);
  const port = match === null ? Number.NaN : Number(match[3]);
  if (match === null || port > 65535) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `not a port or HOST:PORT: "${text}" (a port is 0 to 65535; IPv6 goes in brackets)`,
    );
  }
  return { host: match[1] || match[2] || defaultHost, port };
}
