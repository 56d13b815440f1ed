import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isInstalled, isSystemRequired } from '../../../../test/system-tool.ts';
import { type CaptureRecord, decodeCapture, scenarios } from './scenarios.ts';
import { hasShared, sharedFolder } from './shared-data.ts';

const hasTshark = isInstalled('tshark');

type Read = (printed: string) => unknown;

const text: Read = (printed) => printed;
/** tshark prints integers in decimal or hexadecimal. */
const number: Read = (printed) => Number(printed);

/** tshark's fields and the elements that it shows there. */
const fields: readonly (readonly [tshark: string, read: Read, ...names: string[]])[] = [
  ['cflow.srcaddr', text, 'sourceIPv4Address'],
  ['cflow.dstaddr', text, 'destinationIPv4Address'],
  ['cflow.srcaddrv6', text, 'sourceIPv6Address'],
  ['cflow.dstaddrv6', text, 'destinationIPv6Address'],
  ['cflow.nexthop', text, 'ipNextHopIPv4Address'],
  ['cflow.srcport', number, 'sourceTransportPort', 'udpSourcePort', 'tcpSourcePort'],
  ['cflow.dstport', number, 'destinationTransportPort', 'udpDestinationPort', 'tcpDestinationPort'],
  ['cflow.protocol', number, 'protocolIdentifier'],
  ['cflow.tos', number, 'ipClassOfService'],
  ['cflow.inputint', number, 'ingressInterface'],
  ['cflow.outputint', number, 'egressInterface'],
  ['cflow.srcas', number, 'bgpSourceAsNumber'],
  ['cflow.dstas', number, 'bgpDestinationAsNumber'],
  ['cflow.srcmask', number, 'sourceIPv4PrefixLength'],
  ['cflow.dstmask', number, 'destinationIPv4PrefixLength'],
  ['cflow.direction', number, 'flowDirection'],
  ['cflow.packets', number, 'packetDeltaCount'],
  ['cflow.octets', number, 'octetDeltaCount'],
  ['cflow.permanent_packets', number, 'packetTotalCount'],
  ['cflow.permanent_octets', number, 'octetTotalCount'],
  ['cflow.tcpflags', number, 'tcpControlBits'],
  ['cflow.srcmac', text, 'sourceMacAddress'],
  ['cflow.dstmac', text, 'destinationMacAddress'],
  ['cflow.sampling_interval', number, 'samplingInterval'],
  ['cflow.sampler_id', number, 'samplerId'],
  ['cflow.if_name', text, 'interfaceName'],
];

/** What tshark does not decode, or shows elsewhere. */
const exceptions: Readonly<Record<string, readonly string[] | 'stops early'>> = {
  // It trusts the header's count of records and takes it for one of flowsets.
  'ls-netflow-9-invalid-01': 'stops early',
  'ls-netflow-9-h3c': 'stops early',
  // It does not know length 65535 in v9.
  'ls-netflow-9-h3c-netstream-with-varstring': ['cflow.sampling_interval'],
  // The interface that is a scope of v9 has another field there.
  'sf-v9': ['cflow.inputint'],
};

/** What tshark finds in the fields above, by packet and field. */
function dissect(id: string): string[][][] {
  const file = `${sharedFolder}captures/${id}.pcap`;
  const args = ['-r', file, '-d', 'udp.port==1-65535,cflow', '-Y', 'udp', '-T', 'fields'];
  const columns = ['-E', 'separator=|', '-E', 'aggregator=;', ...fields.flatMap(([name]) => ['-e', name])];
  const { stdout } = spawnSync('tshark', [...args, ...columns], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('|').map((values) => (values === '' ? [] : values.split(';'))));
}

/** The values of these elements, or their reverse ones, in all records of a message. */
function valuesOf(records: readonly CaptureRecord[], names: readonly string[]): unknown[] {
  const reverse = names.map((name) => `reverse${name[0].toUpperCase()}${name.slice(1)}`);
  const wanted = new Set([...names, ...reverse]);
  // What v5's header says of all its records, tshark shows once.
  const fromHeader = (name: string, { templateId }: CaptureRecord) =>
    templateId === 5 && name === 'samplingInterval';
  return records.flatMap((record) =>
    Object.entries(record).flatMap(([name, value]) =>
      wanted.has(name) && !fromHeader(name, record) ? value : [],
    ),
  );
}

describe.skipIf(!hasShared || !(hasTshark || isSystemRequired))(
  'values in captures (needs ../shared beside the repository, and tshark: apt-get install -y tshark)',
  () => {
    it.each(scenarios.map(({ id }) => id))('%s: are those of tshark', { timeout: 60_000 }, (id) => {
      // tshark keeps no data for templates to come.
      const { messages } = decodeCapture(id, { maxParkedSets: 0 });
      const packets = dissect(id);
      expect(packets.length).toBe(messages.length);
      const exception = exceptions[id] ?? [];
      for (const [i, packet] of packets.entries()) {
        for (const [j, [column, read, ...names]] of fields.entries()) {
          if (exception !== 'stops early' && exception.includes(column)) continue;
          const theirs = packet[j].map(read);
          const ours = valuesOf(messages[i], names);
          const compared = exception === 'stops early' ? ours.slice(0, theirs.length) : ours;
          expect(compared, `${column} in packet ${i}`).toEqual(theirs);
        }
      }
    });
  },
);
