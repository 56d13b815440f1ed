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
  | { readonly kind: 'webhook'; readonly base: URL }
  | {
      readonly kind: 'kafka';
      /** `HOST:PORT` each. */
      readonly brokers: readonly string[];
      readonly topic: string;
      readonly isOverTls: boolean;
    };

export type LineTransport = 'udp' | 'tcp' | 'tls' | 'tcp-listen';

/** What an output may be, for `--help` and the configuration reference. */
export const outputTargetSyntax =
  '-, FILE, udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT, tcp-listen://HOST:PORT for clients that connect, ' +
  'syslog://HOST[:514], syslog+tcp://HOST[:601], syslog+tls://HOST[:6514], elasticsearch://HOST[:9200], ' +
  'elasticsearch+tls://HOST[:9200], kafka://HOST[:9092]/TOPIC, kafka+tls://HOST[:9093]/TOPIC, http://HOST/PATH or ' +
  'https://HOST/PATH';

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
    case 'kafka':
      return kafka(text, rest, '9092', false);
    case 'kafka+tls':
      return kafka(text, rest, '9093', true);
    case 'http':
    case 'https':
      return { kind: 'webhook', base: baseUrl(text, text, '') };
    default:
      throw new FlowpactError('FLOWPACT_USAGE', `${text} cannot be used here: give ${outputTargetSyntax}`);
  }
}

function syslog(transport: keyof typeof syslogPorts, rest: string): OutputTarget {
  return { kind: 'syslog', transport, ...hostAndPort(rest, String(syslogPorts[transport])) };
}

/** `HOST[:PORT]{,HOST[:PORT]}/TOPIC`; names of topics are Kafka's own (`org.apache.kafka.common.internals.Topic`). */
function kafka(text: string, rest: string, defaultPort: string, isOverTls: boolean): OutputTarget {
  const [, hosts, topic] = /^([^/]+)\/([A-Za-z0-9._-]{1,249})$/.exec(rest) ?? [];
  if (hosts === undefined || topic === '.' || topic === '..') {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `${text} names no topic: give kafka://HOST[:9092]/TOPIC; several brokers with commas between them`,
    );
  }
  const brokers = hosts.split(',').map((each) => {
    const { host, port } = hostAndPort(each, defaultPort);
    return `${host.includes(':') ? `[${host}]` : host}:${port}`;
  });
  return { kind: 'kafka', brokers, topic, isOverTls };
}

function hostAndPort(text: string, defaultPort: string): { readonly host: string; readonly port: number } {
  const hasPort = /:[0-9]+$/.test(text.replace(/\[.*\]/, ''));
  return parseHostPort(hasPort ? text : `${text}:${defaultPort}`, '127.0.0.1');
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
