import { booleanCodec } from '../der/boolean.ts';
import {
  type Extensible,
  extensibleSequenceCodec,
  optional,
  required,
  sequenceCodec,
} from '../der/sequence.ts';
import { sequenceOfCodec } from '../der/sequence-of.ts';
import { utf8StringCodec } from '../der/utf8-string.ts';
import {
  ipAddressCodec,
  prefixLengthCodec,
  unsigned8Codec,
  unsigned16Codec,
  unsigned32Codec,
} from './constrained-types.ts';

/**
 * ```asn1
 * PortRange ::= SEQUENCE {
 *     low   Unsigned16,
 *     high  Unsigned16 OPTIONAL
 * }
 * ```
 */
export interface PortRange {
  readonly low: number;
  readonly high?: number;
}

const portRangeCodec = sequenceCodec<PortRange>({
  low: required(undefined, unsigned16Codec),
  high: optional(undefined, unsigned16Codec),
});

/**
 * ```asn1
 * Endpoint ::= SEQUENCE {
 *     address   [0] IpAddress OPTIONAL,
 *     prefix    [1] PrefixLength OPTIONAL,       -- absent: 32 or 128
 *     protocol  [2] Unsigned8 OPTIONAL,
 *     ports     [3] SEQUENCE OF PortRange OPTIONAL,
 *     name      [4] UTF8String OPTIONAL,
 *     asn       [5] Unsigned32 OPTIONAL,
 *     role      [6] UTF8String OPTIONAL,             -- "c2", "bot", "reflector", ...
 *     spoofed   [7] BOOLEAN OPTIONAL,
 *     ...
 * }
 * IpAddress ::= OCTET STRING (SIZE (4 | 16))
 * ```
 */
export interface Endpoint extends Extensible {
  readonly address?: Uint8Array;
  readonly prefix?: number;
  readonly protocol?: number;
  readonly ports?: readonly PortRange[];
  readonly name?: string;
  readonly asn?: number;
  readonly role?: string;
  readonly spoofed?: boolean;
}

export const endpointCodec = extensibleSequenceCodec<Endpoint>({
  address: optional(0, ipAddressCodec),
  prefix: optional(1, prefixLengthCodec),
  protocol: optional(2, unsigned8Codec),
  ports: optional(3, sequenceOfCodec(portRangeCodec)),
  name: optional(4, utf8StringCodec),
  asn: optional(5, unsigned32Codec),
  role: optional(6, utf8StringCodec),
  spoofed: optional(7, booleanCodec),
});
