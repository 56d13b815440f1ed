import type { ElementNumber } from './filter-expression.ts';

const iana = (...ids: readonly number[]): readonly ElementNumber[] => ids.map((id) => ({ pen: 0, id }));

/** The words of the filter language that stand for a number, and the elements that may hold it. */
export const numberFields = {
  octets: iana(1, 85),
  packets: iana(2, 86),
  flows: iana(3),
  protocol: iana(4),
  tos: iana(5),
  flags: iana(6),
  icmpTypeCode: iana(32, 139),
  ipVersion: iana(60),
} as const;

/** Those of them that exist for the source and for the destination, or coming in and going out. */
export const directedFields = {
  port: { src: iana(7, 180, 182), dst: iana(11, 181, 183) },
  as: { src: iana(16), dst: iana(17) },
  vlan: { src: iana(58), dst: iana(59) },
  mask: { src: iana(9, 29), dst: iana(13, 30) },
  if: { in: iana(10), out: iana(14) },
} as const;

/** Addresses of both versions. */
export const addressFields = {
  src: iana(8, 27),
  dst: iana(12, 28),
  next: iana(15, 62),
  bgpnext: iana(18, 63),
  router: iana(130, 131),
} as const;

/** Type and code of ICMP in elements of their own, for both versions of IP. */
export const icmpFields = { type: iana(176, 178), code: iana(177, 179) } as const;

/** Pairs of start and end that durations are made of, best first; both in milliseconds once they are read. */
export const durationPairs: readonly (readonly [start: number, end: number])[] = [
  [152, 153],
  [156, 157],
  [154, 155],
  [150, 151],
  [22, 21],
];

/** Durations given as such, and what makes milliseconds of them. */
export const durationElements = [
  { id: 161, perMs: 1 },
  { id: 162, perMs: 1000 },
] as const;

/** TCP flags by their letters, as nfdump and others write them; `X` means all of the first six. */
export const flagBits: Readonly<Record<string, number>> = {
  F: 0x01,
  S: 0x02,
  R: 0x04,
  P: 0x08,
  A: 0x10,
  U: 0x20,
  E: 0x40,
  C: 0x80,
  X: 0x3f,
};

/** Names of protocols (IANA's registry of protocol numbers) that a filter may use. */
export const protocolNumbers: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ggp: 3,
  ipip: 4,
  tcp: 6,
  egp: 8,
  igp: 9,
  udp: 17,
  dccp: 33,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  icmp6: 58,
  'ipv6-icmp': 58,
  icmpv6: 58,
  eigrp: 88,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
};
