import { FlowpactError } from '../flowpact-error.ts';
import { parseHostPort } from '../input/socket-url.ts';

/** Where findings go. */
export type OutputTarget =
  | { readonly kind: 'standardOutput' }
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'lines';
      readonly transport: LineTransport;
      readonly host: string;
      readonly port: number;
    }
  | {
      readonly kind: 'syslog';
      readonly transport: 'udp' | 'tcp' | 'tls';
      readonly host: string;
      readonly port: number;
    }
  | { readonly kind: 'elasticsearch'; readonly base: URL }
  | { readonly kind: 'webhook'; readonly base: URL };

export type LineTransport = 'udp' | 'tcp' | 'tls' | 'tcp-listen';

/** What an output may be, for `--help` and the configuration reference. */
export const outputTargetSyntax =
  '-, FILE, udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT, tcp-listen://HOST:PORT for clients that connect, ' +
  'syslog://HOST[:514], syslog+tcp://HOST[:601], syslog+tls://HOST[:6514], elasticsearch://HOST[:9200], ' +
  'elasticsearch+tls://HOST[:9200], http://HOST/PATH or https://HOST/PATH';

/** Ports that are meant where none is said: RFC 5426, section 3.3; RFC 6587, section 3.4.1 and RFC 3195; RFC 5425, section 4.1. */
const syslogPorts = { udp: 514, tcp: 601, tls: 6514 } as const;

/** @throws FlowpactError `FLOWPACT_USAGE` for a URL of another scheme, a wrong one, or one with a password in it. */
export function parseOutputTarget(text: string): OutputTarget {
  if (text === '-') return { kind: 'standardOutput' };
  const [, written = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  const scheme = written.toLowerCase();
  switch (scheme) {
    case '':
      return { kind: 'file', path: text };
    case 'udp':
    case 'tcp':
    case 'tls':
    case 'tcp-listen':
      return { kind: 'lines', transport: scheme, ...parseHostPort(rest, '127.0.0.1') };
    case 'syslog':
      return syslog('udp', rest);
    case 'syslog+tcp':
      return syslog('tcp', rest);
    case 'syslog+tls':
      return syslog('tls', rest);
    case 'elasticsearch':
      return { kind: 'elasticsearch', base: baseUrl(text, `http://${rest}`, '9200') };
    case 'elasticsearch+tls':
      return { kind: 'elasticsearch', base: baseUrl(text, `https://${rest}`, '9200') };
    case 'http':
    case 'https':
      return { kind: 'webhook', base: baseUrl(text, text, '') };
    default:
      throw new FlowpactError('FLOWPACT_USAGE', `${text} cannot be used here: give ${outputTargetSyntax}`);
  }
}

function syslog(transport: keyof typeof syslogPorts, rest: string): OutputTarget {
  const hasPort = /:[0-9]+$/.test(rest.replace(/\[.*\]/, ''));
  const where = parseHostPort(hasPort ? rest : `${rest}:${syslogPorts[transport]}`, '127.0.0.1');
  return { kind: 'syslog', transport, ...where };
}

function baseUrl(text: string, asHttp: string, defaultPort: string): URL {
  const url = parsed(text, asHttp);
  if (url.username !== '' || url.password !== '') {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `the URL to ${url.host} has a user or password in it: name a file with the secret in the configuration instead`,
    );
  }
  // A port that is written is lost where it is the scheme's own.
  const hasPort = /^[a-z+]+:\/\/(?:\[[^\]]*\]|[^/:?#]*):[0-9]+/i.test(text);
  if (url.port === '' && !hasPort) url.port = defaultPort;
  return url;
}

function parsed(text: string, asHttp: string): URL {
  try {
    return new URL(asHttp);
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_USAGE', `${text} is no URL that can be used: ${outputTargetSyntax}`, {
      cause,
    });
  }
}
