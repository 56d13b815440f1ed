import type { JsonReading } from '../json/json-reading.ts';
import { type Json, type JsonRecord, present, presentList } from '../model/message-json.ts';
import { addressOfText } from '../model/network-text.ts';
import { protocolNumbers } from '../model/protocol-names.ts';
import { timeOfText } from '../model/time-text.ts';
import { valueOfTypedText } from '../model/typed-text.ts';
import { asUnsigned } from '../model/values.ts';
import type { ReadAttribute, ReadObject } from './misp-reading.ts';

type Side = 'source' | 'target';

/** Sources, targets, times and rates of an event, from its attributes and from objects of hosts. */
export class MispHosts {
  readonly sources: JsonRecord[] = [];
  readonly targets: JsonRecord[] = [];
  startMs: number | undefined;
  endMs: number | undefined;
  totals: { packetsPerSecond?: Json | undefined; bitsPerSecond?: Json | undefined } = {};
  readonly #reading: JsonReading;

  constructor(reading: JsonReading) {
    this.#reading = reading;
  }

  /** Whether the attribute is of a host; one whose value cannot be read is not. A name alone is taken for a source. */
  takeAttribute({ type, value }: ReadAttribute): boolean {
    const [kind, second] = type.split('|');
    const [text, more] = second === undefined ? [value] : value.split('|');
    const port = second === 'port' ? asUnsigned(more, 65535) : undefined;
    const ports = port === undefined ? undefined : [{ low: port }];
    switch (kind) {
      case 'ip-src':
      case 'ip-dst': {
        const { address, prefixLength } = addressOfText(text);
        if (address === undefined) return false;
        const host = present({ address, prefixLength, ports });
        this.#add(kind === 'ip-src' ? 'source' : 'target', host);
        return true;
      }
      case 'domain':
      case 'hostname': {
        const network = second === 'ip' ? addressOfText(more ?? '') : {};
        this.#add('source', present({ ...network, name: text, ports }));
        return true;
      }
      case 'AS': {
        const asn = asUnsigned(text.replace(/^\s*AS/i, ''), 0xffffffff);
        if (asn !== undefined) this.#add('source', { asn });
        return asn !== undefined;
      }
      default:
        return false;
    }
  }

  /** Whether the object is one of hosts: `ddos`, `ip-port`, `domain-ip`. */
  takeObject(object: ReadObject): boolean {
    if (!['ddos', 'ip-port', 'domain-ip'].includes(object.name)) return false;
    const parts = new Map<string, readonly string[]>();
    for (const { relation = '', value } of object.attributes) {
      parts.set(relation, [...(parts.get(relation) ?? []), value]);
    }
    const [source, target] = (['source', 'target'] as const).map((side) => this.#host(side, object, parts));
    this.#add('source', source);
    this.#add('target', target);
    const time = (relation: string) => timeOfText(parts.get(relation)?.[0]);
    this.startMs ??= object.firstSeenMs ?? time('first-seen');
    this.endMs ??= object.lastSeenMs ?? time('last-seen');
    if (object.name === 'ddos') {
      const rate = (relation: string) => {
        const text = parts.get(relation)?.[0];
        return text !== undefined && /^\s*[0-9]{1,150}\s*$/.test(text)
          ? valueOfTypedText('integer', text)
          : undefined;
      };
      this.totals = { packetsPerSecond: rate('total-pps'), bitsPerSecond: rate('total-bps') };
    }
    for (const [relation, values] of parts) {
      if (!known.has(relation)) {
        this.#reading.lose(`${object.name}.${relation}`, 'dropped', `not read: ${values[0].slice(0, 60)}`);
      }
    }
    return true;
  }

  #host(
    side: Side,
    { name: objectName, comment }: ReadObject,
    parts: ReadonlyMap<string, readonly string[]>,
  ): JsonRecord | undefined {
    const own = parts.get(side === 'source' ? 'ip-src' : 'ip-dst') ?? [];
    const isOfThisSide = objectName !== 'ddos' && side === sideOf(comment, parts);
    const addresses = [...own, ...(isOfThisSide ? (parts.get('ip') ?? []) : [])];
    const names = isOfThisSide
      ? [...(parts.get('hostname') ?? []), ...(parts.get('domain') ?? [])]
      : side === 'target'
        ? (parts.get('domain-dst') ?? [])
        : [];
    const [network, ...others] = addresses.map(addressOfText).filter(({ address }) => address !== undefined);
    if (others.length > 0 || names.length > 1) {
      this.#reading.lose(
        `${objectName}.ip`,
        'approximated',
        'only the first address and the first name are read',
      );
    }
    const ports = (parts.get(side === 'source' ? 'src-port' : 'dst-port') ?? [])
      .map((text) => asUnsigned(text, 65535))
      .filter((low) => low !== undefined);
    const host = present({
      ...network,
      name: names[0],
      ports: presentList(ports.map((low): Json => ({ low }))),
    });
    if (host === undefined) return undefined;
    const asn = isOfThisSide
      ? asUnsigned(parts.get('AS')?.[0].replace(/^\s*AS/i, ''), 0xffffffff)
      : undefined;
    const protocol = protocolNumbers.get(parts.get('protocol')?.[0].trim().toLowerCase() ?? '');
    return present({ ...host, asn, protocol });
  }

  #add(side: Side, host: JsonRecord | undefined): void {
    if (host !== undefined) (side === 'source' ? this.sources : this.targets).push(host);
  }
}

const known = new Set([
  ...['ip-src', 'ip-dst', 'ip', 'hostname', 'domain', 'domain-dst', 'src-port', 'dst-port', 'AS', 'protocol'],
  ...['first-seen', 'last-seen', 'total-bps', 'total-pps'],
]);

/** Which side a host is on that is called neither source nor destination: a host to blame, where nothing tells. */
function sideOf(comment: string | undefined, parts: ReadonlyMap<string, unknown>): Side {
  if (comment === 'source' || comment === 'target') return comment;
  return parts.has('ip-dst') ? 'target' : 'source';
}
