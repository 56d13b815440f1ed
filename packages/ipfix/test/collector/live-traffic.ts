import {
  ethernetOctets,
  ipv4Octets,
  ipv6Octets,
  pcapOctets,
  type TestPacket,
  tcpOctets,
  udpOctets,
} from '../capture/capture-octets.ts';

/** One direction of a conversation, as an exporter is to report it. Octets are those of the IP packets. */
export interface Flow {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly packets: number;
  readonly octets: number;
  readonly tcpFlags: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Traffic of which it is known what flows it has. */
export interface Traffic {
  readonly pcap: Uint8Array;
  readonly flows: readonly Flow[];
}

/** So that the last packet, at which softflowd exports, is at a whole second: v9 knows no fractions of them. */
const startMs = 1_700_000_000_860;
const stepMs = 10;

/** Clients that talk TCP, both ways; that ask by UDP; and that do so over IPv6. */
const tcpClients = 20;
const udpClients = 10;
const ipv6Clients = 5;

/** HTTPS both ways, DNS questions, and NTP over IPv6; a packet each 10 ms. */
export function createTraffic(): Traffic {
  const packets: TestPacket[] = [];
  const flows = new Map<string, Flow>();

  function add(
    packet: readonly number[],
    isIpv6: boolean,
    key: Omit<Flow, 'packets' | 'octets' | 'startMs' | 'endMs'>,
  ) {
    const timeMs = startMs + packets.length * stepMs;
    packets.push({
      octets: ethernetOctets(isIpv6 ? 0x86dd : 0x0800, packet),
      seconds: Math.floor(timeMs / 1000),
      fraction: (timeMs % 1000) * 1000,
    });
    const { tcpFlags, ...tuple } = key;
    const name = JSON.stringify(tuple);
    const known = flows.get(name) ?? { ...key, packets: 0, octets: 0, startMs: timeMs };
    flows.set(name, {
      ...known,
      packets: known.packets + 1,
      octets: known.octets + packet.length,
      tcpFlags: known.tcpFlags | tcpFlags,
      endMs: timeMs,
    });
  }

  const server = 200;
  for (let client = 1; client <= tcpClients; client++) {
    const clientPort = 1024 + client;
    const segments = [
      { fromClient: true, flags: 0x02, length: 0 },
      { fromClient: false, flags: 0x12, length: 0 },
      { fromClient: true, flags: 0x18, length: 10 * client },
      { fromClient: false, flags: 0x18, length: 1000 },
      { fromClient: true, flags: 0x11, length: 0 },
    ];
    for (const { fromClient, flags, length } of segments) {
      const [from, to] = fromClient ? [client, server] : [server, client];
      const [sourcePort, destinationPort] = fromClient ? [clientPort, 443] : [443, clientPort];
      const segment = tcpOctets(new Uint8Array(length), { from: sourcePort, to: destinationPort, flags });
      add(ipv4Octets(segment, { protocol: 6, from, to }), false, {
        source: `192.0.2.${from}`,
        destination: `192.0.2.${to}`,
        protocol: 6,
        sourcePort,
        destinationPort,
        tcpFlags: flags,
      });
    }
  }
  for (let client = 1; client <= udpClients; client++) {
    const ports = { from: 5000 + client, to: 53 };
    add(ipv4Octets(udpOctets(new Uint8Array(20 + client), ports), { from: client, to: server }), false, {
      source: `192.0.2.${client}`,
      destination: `192.0.2.${server}`,
      protocol: 17,
      sourcePort: ports.from,
      destinationPort: ports.to,
      tcpFlags: 0,
    });
  }
  for (let client = 1; client <= ipv6Clients; client++) {
    const ports = { from: 6000 + client, to: 123 };
    add(ipv6Octets(udpOctets(new Uint8Array(48), ports), 17, { from: client, to: 99 }), true, {
      source: `2001:db8::${client}`,
      destination: '2001:db8::63',
      protocol: 17,
      sourcePort: ports.from,
      destinationPort: ports.to,
      tcpFlags: 0,
    });
  }
  return { pcap: pcapOctets(1, packets), flows: [...flows.values()] };
}
