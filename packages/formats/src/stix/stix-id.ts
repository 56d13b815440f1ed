import type { Json } from '../model/message-json.ts';
import { flowpactNamespace, uuidV5 } from '../model/uuid-v5.ts';

/** STIX 2.1, section 2.9: the namespace of the identifiers of Cyber-observable Objects. */
const observableNamespace = '00abedb4-aa42-466c-9c01-fed23315a9b7';

/** Properties that make the identifier of each type, in the order of RFC 8785 (STIX 2.1, section 6). */
const contributing = {
  'autonomous-system': ['number'],
  'domain-name': ['value'],
  'ipv4-addr': ['value'],
  'ipv6-addr': ['value'],
  'network-traffic': [
    'dst_port',
    'dst_ref',
    'end',
    'extensions',
    'protocols',
    'src_port',
    'src_ref',
    'start',
  ],
} as const;

export type ObservableType = keyof typeof contributing;

/**
 * The deterministic identifier of an observable: every producer gives the same one to the same thing. Keys of our
 * extension are written in their order, so that `JSON.stringify` is the canonical form (RFC 8785).
 */
export function observableId(
  type: ObservableType,
  properties: Readonly<Record<string, Json | undefined>>,
): string {
  const parts: Record<string, Json> = {};
  for (const name of contributing[type]) {
    const value = properties[name];
    if (value !== undefined) parts[name] = value;
  }
  return `${type}--${uuidV5(observableNamespace, JSON.stringify(parts))}`;
}

/** The identifier of any other object: made of what it is about, so that repeats of a message are known as such. */
export function objectId(type: string, ...about: readonly string[]): string {
  return `${type}--${uuidV5(flowpactNamespace, JSON.stringify([type, ...about]))}`;
}
