import { FlowpactError } from '../flowpact-error.ts';

export interface SocketUrl<Scheme extends string = 'tcp' | 'udp'> {
  readonly transport: Scheme;
  readonly host: string;
  readonly port: number;
}

/** Why there is nothing but UDP, TCP and TLS. */
export const missingTransports = 'DTLS and SCTP are not there, because Node.js has neither';

/** `udp://HOST:PORT` or `tcp://HOST:PORT`; see {@link parseUrlOf}. */
export const parseSocketUrl = (text: string): SocketUrl | undefined => parseUrlOf(['udp', 'tcp'], text);

/**
 * `SCHEME://HOST:PORT` (IPv6 in brackets) of one of these schemes; undefined where the text is no URL.
 * @throws FlowpactError `FLOWPACT_USAGE` where it is one, but of another scheme or a wrong one.
 */
export function parseUrlOf<Scheme extends string>(
  schemes: readonly Scheme[],
  text: string,
): SocketUrl<Scheme> | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text);
  if (match === null) return undefined;
  const wanted = match[1].toLowerCase();
  const transport = schemes.find((scheme) => scheme === wanted);
  if (transport === undefined) {
    const known = schemes.map((scheme) => `${scheme}://HOST:PORT`).join(' or ');
    const why = wanted === 'dtls' || wanted === 'sctp' ? `${missingTransports}: use` : 'give';
    throw new FlowpactError('FLOWPACT_USAGE', `${text} cannot be used here: ${why} ${known}`);
  }
  return { transport, ...parseHostPort(match[2], '127.0.0.1') };
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
