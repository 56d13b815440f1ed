/** Names as in IANA's registry "Protocol Numbers", in lower case, of the protocols that flows are mostly of. */
export const protocolNames: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [2, 'igmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [41, 'ipv6'],
  [47, 'gre'],
  [50, 'esp'],
  [58, 'ipv6-icmp'],
  [132, 'sctp'],
]);

export const protocolNumbers: ReadonlyMap<string, number> = new Map([
  ...[...protocolNames].map(([number, name]) => [name, number] as const),
  ['icmp6', 58],
  ['icmpv6', 58],
]);
