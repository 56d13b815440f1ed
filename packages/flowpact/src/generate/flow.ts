/** One flow of the synthetic traffic, before it is exported. Addresses are unsigned 32-bit numbers. */
export interface GeneratedFlow {
  readonly kind: 'icmp' | 'udp' | 'tcp' | 'http';
  /** Whether it is exported with the IPv6 addresses of its hosts. */
  readonly ipv6: boolean;
  readonly startMs: number;
  readonly endMs: number;
  readonly octets: number;
  readonly packets: number;
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Low six bits: URG ACK PSH RST SYN FIN. */
  readonly tcpFlags: number;
  /** ICMP type x 256 + code. */
  readonly icmpTypeCode: number;
  readonly url: string;
}

const FIN = 1;
const SYN = 2;
const RST = 4;
const PSH = 8;
const ACK = 16;

/** A connection that was set up, used and closed. */
export const completeConnection = FIN | SYN | PSH | ACK;
/** A probe that was refused. */
export const refusedConnection = SYN | RST | ACK;
/** A probe that nobody answered. */
export const unansweredConnection = SYN;

const empty: GeneratedFlow = {
  kind: 'tcp',
  ipv6: false,
  startMs: 0,
  endMs: 0,
  octets: 0,
  packets: 0,
  source: 0,
  destination: 0,
  sourcePort: 0,
  destinationPort: 0,
  tcpFlags: 0,
  icmpTypeCode: 0,
  url: '',
};

/** A flow with the given fields, the others zero. Times are rounded to whole milliseconds. */
export function flow(fields: Partial<GeneratedFlow>): GeneratedFlow {
  const made = { ...empty, ...fields };
  return { ...made, startMs: Math.round(made.startMs), endMs: Math.round(made.endMs) };
}
