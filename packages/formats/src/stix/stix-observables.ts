import { isIP, isIPv6 } from 'node:net';
import type { Endpoint } from '@flowpact/event';
import type { Json } from '../model/message-json.ts';
import { protocolNames } from '../model/protocol-names.ts';
import { asAddress } from '../model/values.ts';
import { type ObservableType, observableId } from './stix-id.ts';

type Properties = Readonly<Record<string, Json | undefined>>;

/** The Cyber-observable Objects of a bundle: each of them once, however often it is spoken of. */
export class StixObservables {
  readonly #objects = new Map<string, Record<string, Json>>();

  /** The identifier of the object, which is there afterwards. */
  add(type: ObservableType, properties: Properties): string {
    const id = observableId(type, properties);
    if (!this.#objects.has(id)) {
      const object: Record<string, Json> = { type, spec_version: '2.1', id };
      for (const [name, value] of Object.entries(properties)) if (value !== undefined) object[name] = value;
      this.#objects.set(id, object);
    }
    return id;
  }

  has(id: string): boolean {
    return this.#objects.has(id);
  }

  /** An address or a network; `address` is in the form of RFC 5952. */
  addAddress(address: string, prefixLength?: number): string {
    const value = prefixLength === undefined ? address : `${address}/${prefixLength}`;
    return this.add(isIPv6(address) ? 'ipv6-addr' : 'ipv4-addr', { value });
  }

  /** What a side of some traffic refers to; undefined for an endpoint that has neither address nor domain name. */
  addEndpoint({ address: text, prefixLength, name, asn }: Endpoint): string | undefined {
    const address = asAddress(text);
    const domain =
      name !== undefined && isDomainName(name) ? this.add('domain-name', { value: name }) : undefined;
    if (address === undefined) return domain;
    const id = this.addAddress(address, prefixLength);
    if (domain !== undefined) this.#refer(domain, 'resolves_to_refs', id);
    if (asn !== undefined) {
      this.#refer(id, 'belongs_to_refs', this.add('autonomous-system', { number: asn }));
    }
    return id;
  }

  objects(): readonly Json[] {
    return [...this.#objects.values()];
  }

  #refer(from: string, property: 'resolves_to_refs' | 'belongs_to_refs', to: string): void {
    const object = this.#objects.get(from);
    if (object === undefined) return;
    const already = (object[property] ?? []) as readonly string[];
    if (!already.includes(to)) object[property] = [...already, to];
  }
}

/** Labels of letters, digits, hyphens and underscores; addresses and numbers are no names. */
export function isDomainName(text: string): boolean {
  return (
    text.length <= 253 &&
    isIP(text) === 0 &&
    /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(text)
  );
}

/** From the outer to the inner one (STIX 2.1, section 6.12); the family is that of the traffic's address. */
export function protocolList(reference: string, protocol: number | undefined): readonly string[] {
  const name = protocol === undefined ? undefined : protocolNames.get(protocol);
  const family = reference.startsWith('ipv6') ? 'ipv6' : reference.startsWith('ipv4') ? 'ipv4' : undefined;
  const list = [family, name].filter((word) => word !== undefined);
  return list.length === 0 ? ['ip'] : list;
}
