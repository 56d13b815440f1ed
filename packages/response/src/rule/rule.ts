import type { PortRange } from '@flowpact/event';

/** Bits of the TCP header's octet of flags (RFC 9293, section 3.1). */
export interface TcpFlags {
  /** Bits that are 1, 0..255. */
  readonly set: number;
  /** Bits that are 0, 0..255; none of `set`. */
  readonly clear: number;
}

/**
 * Which packets: those that pass every test. The tests are those of flow specifications (RFC 8955, section 4.2.2; RFC
 * 8956, section 3), of which the others that rules are handed to know a part. At least one of `destination` and
 * `source` is there; both are of one family.
 */
export interface TrafficMatch {
  /** A prefix: `192.0.2.10/32`, `2001:db8::/64`. */
  readonly destination?: string;
  readonly source?: string;
  /** IANA protocol numbers, any of these, 0..255. */
  readonly protocols?: readonly number[];
  /** Any of these. Only with protocols that have ports. */
  readonly sourcePorts?: readonly PortRange[];
  readonly destinationPorts?: readonly PortRange[];
  /** Only with TCP alone. */
  readonly tcpFlags?: TcpFlags;
  /** Octets of the IP packet with its header, any of these ranges, 0..65535. */
  readonly packetLengths?: readonly PortRange[];
  /** True: fragments alone. */
  readonly isFragment?: true;
}

/** What becomes of them. */
export type RuleAction =
  | { readonly kind: 'drop' }
  | {
      /** What is beyond the rate is dropped (RFC 8955, section 7.1: traffic-rate-bytes). */
      readonly kind: 'rateLimit';
      readonly octetsPerSecond: number;
    }
  | {
      /** Into the VRF of this route target (RFC 8955, section 7.4): `65000:100`, `192.0.2.1:100`. */
      readonly kind: 'redirect';
      readonly routeTarget: string;
    }
  | {
      /** Gets this DSCP, 0..63 (RFC 8955, section 7.5). */
      readonly kind: 'mark';
      readonly dscp: number;
    }
  | {
      /**
       * Everything to the destination is discarded (RFC 7999, and RFC 5635 before it): the victim is gone for everybody.
       * The match has a destination and nothing else.
       */
      readonly kind: 'blackhole';
    };

/** Something that a router, a firewall or a host can do for us. */
export interface Rule {
  readonly match: TrafficMatch;
  readonly action: RuleAction;
}
