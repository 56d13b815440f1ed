import type { Endpoint, EventType, SecurityEvent, Severity } from '@flowpact/event';

/** The version of the Elastic Common Schema whose fields these are. */
export const ecsVersion = '8.11.0';

/** One side of an event; a field with several values is an array, as Elasticsearch has it for every field. */
interface EcsSide {
  readonly ip?: string | readonly string[];
  readonly address?: string | readonly string[];
  readonly domain?: string | readonly string[];
  readonly port?: number | readonly number[];
  readonly as?: { readonly number: number | readonly number[] };
}

/** A document of the Elastic Common Schema; what that has no field for is below `flowpact`. */
export interface EcsEvent {
  readonly '@timestamp': string;
  readonly ecs: { readonly version: string };
  readonly message?: string;
  readonly event: {
    readonly kind: 'alert';
    readonly category: readonly string[];
    readonly type: readonly string[];
    readonly module: 'flowpact';
    readonly dataset: 'flowpact.events';
    readonly start?: string;
    readonly end?: string;
    /** Nanoseconds. */
    readonly duration?: number;
    /** 1, info, to 5, critical. */
    readonly severity?: number;
  };
  readonly rule: { readonly name: string; readonly ruleset: string };
  readonly observer: { readonly vendor: string; readonly product: string; readonly version?: string };
  readonly source?: EcsSide;
  readonly destination?: EcsSide;
  readonly related?: { readonly ip?: readonly string[]; readonly hosts?: readonly string[] };
  readonly network?: {
    readonly iana_number?: string;
    readonly transport?: string;
    readonly packets?: number;
    readonly bytes?: number;
  };
  readonly threat?: { readonly technique: { readonly id: readonly string[] } };
  readonly labels?: Readonly<Record<string, string>>;
  readonly flowpact: {
    readonly type: EventType;
    readonly severity?: Severity;
    /** Percent. */
    readonly confidence?: number;
    readonly tlp?: string;
    readonly flows?: number;
    readonly packets_per_second?: number;
    readonly bits_per_second?: number;
    /** `SCHEME:VALUE`. */
    readonly classifications?: readonly string[];
  };
}

/** Categories beside `intrusion_detection` and `network`, from the schema's closed list. */
const furtherCategories: Readonly<Partial<Record<EventType, readonly string[]>>> = {
  cuC: ['malware'],
  botInfection: ['malware'],
  bruteForce: ['authentication'],
  spam: ['email'],
};

const severityNumbers: Readonly<Record<Severity, number>> = {
  info: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
};

/** Names of `network.transport` for IANA protocol numbers. */
const transports: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  58: 'ipv6-icmp',
  132: 'sctp',
};

/**
 * A security event in the fields of the Elastic Common Schema, for Kibana's security pages and the rules of its
 * users. The flows that are the evidence are left out: the schema has no place for them.
 */
export function ecsEvent(
  event: SecurityEvent,
  {
    module,
    statement,
    timeMs,
  }: { readonly module: string; readonly statement: string; readonly timeMs: number },
): EcsEvent {
  const { type, startMs, endMs, severity, detector, totals, sources = [], targets = [] } = event;
  const { classifications = [], additional = [] } = event;
  const ends = [...sources, ...targets];
  const techniques = classifications.filter(({ scheme }) => scheme === 'mitre-attack');
  return {
    '@timestamp': iso(timeMs),
    ecs: { version: ecsVersion },
    ...field('message', event.text),
    event: {
      kind: 'alert',
      category: ['intrusion_detection', 'network', ...(furtherCategories[type] ?? [])],
      type: ['info'],
      module: 'flowpact',
      dataset: 'flowpact.events',
      ...field('start', startMs === undefined ? undefined : iso(startMs)),
      ...field('end', endMs === undefined ? undefined : iso(endMs)),
      ...field(
        'duration',
        startMs === undefined || endMs === undefined ? undefined : Math.max(0, endMs - startMs) * 1e6,
      ),
      ...field('severity', severity === undefined ? undefined : severityNumbers[severity]),
    },
    rule: { name: statement, ruleset: module },
    observer: {
      vendor: 'Flowpact',
      product: detector?.name ?? 'flowpact',
      ...field('version', detector?.version),
    },
    ...field('source', side(sources)),
    ...field('destination', side(targets)),
    ...field(
      'related',
      some({
        ...field('ip', list(ends.flatMap(hostAddress))),
        ...field('hosts', list(ends.flatMap(({ name = [] }) => name))),
      }),
    ),
    ...field(
      'network',
      some({
        ...protocolFields(ends),
        ...field('packets', number(totals?.packets)),
        ...field('bytes', number(totals?.octets)),
      }),
    ),
    ...(techniques.length === 0
      ? {}
      : { threat: { technique: { id: techniques.map(({ value }) => value) } } }),
    ...field('labels', some(labelsOf(additional))),
    flowpact: {
      type,
      ...field('severity', severity),
      ...field('confidence', event.confidence),
      ...field('tlp', event.tlp),
      ...field('flows', number(totals?.flows)),
      ...field('packets_per_second', number(totals?.packetsPerSecond)),
      ...field('bits_per_second', number(totals?.bitsPerSecond)),
      ...field('classifications', list(classifications.map(({ scheme, value }) => `${scheme}:${value}`))),
    },
  };
}

const iso = (ms: number) => new Date(ms).toISOString();

function side(endpoints: readonly Endpoint[]): EcsSide | undefined {
  const numbers = list(endpoints.flatMap(({ asn = [] }) => asn));
  return some({
    ...field('ip', oneOrMore(endpoints.flatMap(hostAddress))),
    ...field('address', oneOrMore(endpoints.flatMap(addressText))),
    ...field('domain', oneOrMore(endpoints.flatMap(({ name = [] }) => name))),
    ...field('port', oneOrMore(endpoints.flatMap(({ ports = [] }) => ports.map(({ low }) => low)))),
    ...(numbers === undefined ? {} : { as: { number: oneOrMore(numbers) ?? numbers } }),
  });
}

/** A network is no value of a field of addresses. */
const hostAddress = ({ address, prefixLength }: Endpoint): readonly string[] =>
  address === undefined || prefixLength !== undefined ? [] : [address];

function addressText({ address, prefixLength, name }: Endpoint): readonly string[] {
  if (address === undefined) return name === undefined ? [] : [name];
  return [prefixLength === undefined ? address : `${address}/${prefixLength}`];
}

function protocolFields(endpoints: readonly Endpoint[]): { iana_number?: string; transport?: string } {
  const protocol = endpoints.find((endpoint) => endpoint.protocol !== undefined)?.protocol;
  if (protocol === undefined) return {};
  return { iana_number: String(protocol), ...field('transport', transports[protocol]) };
}

/** Labels are words below one name each, which therefore has no dots. */
function labelsOf(additional: NonNullable<SecurityEvent['additional']>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    additional.map(({ name, value }) => [
      name.replace(/[^A-Za-z0-9_-]+/g, '_'),
      value instanceof Uint8Array
        ? Buffer.from(value).toString('hex')
        : typeof value === 'object'
          ? JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part))
          : String(value),
    ]),
  );
}

/** Beyond 2^53 the last digits are rounded. */
const number = (count: number | bigint | undefined) => (count === undefined ? undefined : Number(count));

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

const list = <T>(values: readonly T[]): readonly T[] | undefined =>
  values.length === 0 ? undefined : unique(values);

function oneOrMore<T>(values: readonly T[]): T | readonly T[] | undefined {
  const different = unique(values);
  return different.length > 1 ? different : different[0];
}

const some = <T extends object>(fields: T): T | undefined =>
  Object.keys(fields).length === 0 ? undefined : fields;

function field<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
