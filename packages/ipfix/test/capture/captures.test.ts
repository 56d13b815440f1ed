import { describe, expect, it } from 'vitest';
import type { DecodeIssueCode } from '../../src/index.ts';
import { type CaptureRecord, decodeCapture, type Scenario, scenarios } from './scenarios.ts';
import { hasShared } from './shared-data.ts';

const gap: readonly DecodeIssueCode[] = ['IPFIX_SEQUENCE_GAP'];
const lengthDiffers: readonly DecodeIssueCode[] = ['IPFIX_MESSAGE_LENGTH'];
const noTemplate: readonly DecodeIssueCode[] = ['IPFIX_TEMPLATE_MISSING'];

/** What is wrong with the captures, beside the counts. Most gaps come from joining messages of different times. */
const expectedIssues: Readonly<Record<string, readonly DecodeIssueCode[]>> = {
  // Says 2 records in a message that has room for 35 (valid), or thousands where 30 are.
  'ls-netflow-5-valid-01': lengthDiffers,
  'ls-netflow-5-invalid-01': lengthDiffers,
  'ls-netflow-5-invalid-02': lengthDiffers,
  'ls-netflow-9-macaddress': gap,
  'ls-netflow-9-palo-alto-1-flowset-in-large-zero-filled-packet': gap,
  'ls-netflow-9-h3c-netstream-with-varstring': gap,
  'ls-netflow-9-fortigate-fortios-54x-appid': gap,
  'ls-netflow-9-ubiquiti-edgerouter-with-mpls-labels': gap,
  'ls-netflow-9-huawei-netstream': gap,
  'ls-netflow-9-field-layer2segmentid': gap,
  'ls-netflow-9-cisco-nbar-flowset-262': gap,
  'ls-netflow-9-palo-alto-pan-os-with-app-id': gap,
  'ls-netflow-9-ipt-netflow-reduced-size-encoding': noTemplate,
  'ls-ipfix': lengthDiffers,
  'ls-ipfix-nokia-bras': gap,
  'ls-ipfix-procera': gap,
  'ls-ipfix-mikrotik-routeros-6-39-2': gap,
  'ls-ipfix-netscaler-with-variable-length-fields': [...gap, ...noTemplate],
  'ls-ipfix-netscaler-with-variable-length-fields-b': [...gap, ...noTemplate],
  'ls-ipfix-netscaler-with-variable-length-fields-missing-templates': noTemplate,
  'ls-ipfix-vmware-virtual-distributed-switch': gap,
  'ls-ipfix-barracuda-firewall': gap,
  'ls-ipfix-yaf-basic-with-applabel': gap,
  'v1-bad-length-in-set-very-long': ['IPFIX_MESSAGE_LENGTH', 'IPFIX_SET_LENGTH'],
  'v1-bad-length-in-set': ['IPFIX_MESSAGE_LENGTH', 'IPFIX_SET_LENGTH', 'IPFIX_TEMPLATE_MALFORMED'],
  'v1-bad-template-field-count': ['IPFIX_TEMPLATE_MALFORMED', ...noTemplate],
  // Its options template gives lengths instead of counts, as NetFlow v9 does.
  'v1-enterprise-from-nfv9': ['IPFIX_TEMPLATE_MALFORMED', ...noTemplate],
  'v1-header-and-zeros': ['IPFIX_SET_LENGTH'],
  'v1-missing-template-258': noTemplate,
  'v1-only-data-no-templates': noTemplate,
};

/** Records that we read and the reference does not: their data sets came before their template and were parked. */
const recovered: Readonly<Record<string, number>> = { 'ls-ipfix-netscaler-with-variable-length-fields-b': 3 };

const trustsCount =
  'stops after as many flowsets as the header counts; RFC 3954 section 5.1 has it count records, and it is wrong here';
const needsExactLength =
  'asks for exactly the octets that the count needs; Cisco gives a count and no length, so what is there is read';
const ignoresCount = 'reads the padding behind the counted records as records';
const zeroSet =
  'gives up the message at the set of length 0 that fills the frame; the sets before it are whole';
const timeGoesBack =
  'forgets a template where export time goes back; templates live until replaced or expired (RFC 7011 section 8)';
const refusesLength = 'refuses length 65535 in v9, which H3C gives the meaning of RFC 7011 section 7';
const noParking =
  'skips data sets that come before their template; RFC 7011 section 8 lets a collector keep them';
const joinedMessages =
  'forgets a template where sequence numbers and times of joined messages contradict each other';

/** Why the counts of other decoders differ from ours. nfdump does not count options records. */
const peerDifferences: Readonly<Record<string, { readonly [peer in Peer]?: string }>> = {
  'ls-netflow-5-valid-01': { nfdump: ignoresCount, ipfixcol2: needsExactLength },
  'ls-netflow-5-invalid-01': { nfdump: needsExactLength, ipfixcol2: needsExactLength },
  'ls-netflow-5-invalid-02': { nfdump: needsExactLength, ipfixcol2: needsExactLength },
  'ls-netflow-9-invalid-01': { tshark: trustsCount },
  'ls-netflow-9-h3c': { tshark: trustsCount },
  'ls-netflow-9-h3c-netstream-with-varstring': { ipfixcol2: refusesLength },
  'ls-netflow-9-cisco-aci': { ipfixcol2: zeroSet },
  'ls-netflow-9-palo-alto-1-flowset-in-large-zero-filled-packet': { ipfixcol2: zeroSet },
  'ls-netflow-9-cisco-asa-2': { ipfixcol2: timeGoesBack },
  'ls-netflow-9-ubiquiti-edgerouter-with-mpls-labels': { ipfixcol2: timeGoesBack },
  'ls-netflow-9-fortigate-fortios-5-2-1': { ipfixcol2: timeGoesBack },
  'ls-netflow-9-streamcore': { ipfixcol2: timeGoesBack },
  'ls-netflow-9-cisco-asr-9000-series-template-260': { ipfixcol2: timeGoesBack },
  'ls-netflow-9-cisco-wlc': { ipfixcol2: timeGoesBack },
  'ls-ipfix-vmware-virtual-distributed-switch': { ipfixcol2: timeGoesBack },
  'ls-ipfix-viptela-with-vpn-id': { ipfixcol2: timeGoesBack },
  'ls-ipfix-yaf-basic-with-applabel': { ipfixcol2: timeGoesBack },
  'ls-ipfix-netscaler-with-variable-length-fields': { ipfixcol2: joinedMessages },
  'ls-ipfix-netscaler-with-variable-length-fields-b': {
    tshark: noParking,
    nfdump: noParking,
    ipfixcol2: joinedMessages,
  },
};

type Peer = 'tshark' | 'nfdump' | 'ipfixcol2';

/** The peers whose counts differ from ours. */
function differingPeers({ counts }: Scenario, data: number, opt: number): Peer[] {
  const { tshark, nfdump, ipfixcol2_data, ipfixcol2_options } = counts;
  const differs: Readonly<Record<Peer, boolean>> = {
    tshark: tshark !== data + opt,
    nfdump: nfdump !== data,
    ipfixcol2: ipfixcol2_data !== data || ipfixcol2_options !== opt,
  };
  return (['tshark', 'nfdump', 'ipfixcol2'] as const).filter((peer) => differs[peer]);
}

/** What logstash-codec-netflow calls the fields whose values can be compared. */
const peerNames: Readonly<Record<string, string>> = {
  ipv4_src_addr: 'sourceIPv4Address',
  ipv4_dst_addr: 'destinationIPv4Address',
  ipv4_next_hop: 'ipNextHopIPv4Address',
  ipv6_src_addr: 'sourceIPv6Address',
  ipv6_dst_addr: 'destinationIPv6Address',
  l4_src_port: 'sourceTransportPort',
  l4_dst_port: 'destinationTransportPort',
  protocol: 'protocolIdentifier',
  tcp_flags: 'tcpControlBits',
  src_tos: 'ipClassOfService',
  in_bytes: 'octetDeltaCount',
  in_pkts: 'packetDeltaCount',
  src_mask: 'sourceIPv4PrefixLength',
  dst_mask: 'destinationIPv4PrefixLength',
  src_as: 'bgpSourceAsNumber',
  dst_as: 'bgpDestinationAsNumber',
  input_snmp: 'ingressInterface',
  output_snmp: 'egressInterface',
  sampling_interval: 'samplingInterval',
  sampling_algorithm: 'samplingAlgorithm',
  direction: 'flowDirection',
  interface_name: 'interfaceName',
  in_src_mac: 'sourceMacAddress',
  in_dst_mac: 'destinationMacAddress',
  xlate_src_addr_ipv4: 'postNATSourceIPv4Address',
  xlate_dst_addr_ipv4: 'postNATDestinationIPv4Address',
  total_bytes_exp: 'exportedOctetTotalCount',
  total_pkts_exp: 'exportedMessageTotalCount',
  total_flows_exp: 'exportedFlowRecordTotalCount',
  scope_system: 'exportingProcessId',
  if_desc: 'interfaceDescription',
  application_description: 'applicationDescription',
  fwd_flow_delta_bytes: 'initiatorOctets',
  rev_flow_delta_bytes: 'responderOctets',
  conn_id: 'flowId',
  app_id: 'paloAltoAppId',
};

/** A time as the peer prints it: text, or a number of seconds or milliseconds. */
const peerTime = (printed: unknown): number =>
  typeof printed === 'string' ? Date.parse(printed) : Number(printed) * (Number(printed) < 1e11 ? 1000 : 1);

/** The values that the peer's test asserts and that can be compared: of times, the second. */
function comparableAsserts({ asserted }: Scenario, records: readonly CaptureRecord[]) {
  return (asserted?.asserts ?? []).flatMap(([index, path, literal]) => {
    const theirs = path.slice('[netflow]['.length, -1);
    const name = peerNames[theirs] ?? theirs;
    const found = records[Number(index)]?.[name];
    // One literal is a template of the test's own language.
    if (found === undefined || literal.includes('#{')) return [];
    const expected: unknown = JSON.parse(literal.replace(/^'|'$/g, '"'));
    if (!/seconds$/i.test(name)) return [{ name, found, expected }];
    const second = (ms: number) => Math.floor(ms / 1000);
    return [{ name, found: second(Date.parse(String(found))), expected: second(peerTime(expected)) }];
  });
}

describe.skipIf(!hasShared)('captures of real exporters (needs ../shared beside the repository)', () => {
  it('are there', () => expect(scenarios.length).toBe(74));

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s: finds the records of the reference, and the faults',
    (id, scenario) => {
      const { versions, counts } = scenario;
      const { sum, issues, messages } = decodeCapture(id);
      expect(sum('messages')).toBe(Object.values(versions).reduce((total, count) => total + count, 0));
      const { data = 0, v5 = 0, opt = 0 } = counts.reference;
      expect(sum('recoveredRecords')).toBe(recovered[id] ?? 0);
      expect(sum('records') - sum('recoveredRecords')).toBe(data + v5);
      expect(sum('optionsRecords')).toBe(opt);
      expect(messages.flat().length).toBe(sum('records') + sum('optionsRecords'));
      expect(issues).toEqual(expectedIssues[id] ?? []);
      expect(Object.keys(peerDifferences[id] ?? {})).toEqual(
        differingPeers(scenario, sum('records'), sum('optionsRecords')),
      );
    },
  );

  it('reads the values that logstash-codec-netflow asserts', () => {
    const compared = scenarios.flatMap((scenario) =>
      comparableAsserts(scenario, decodeCapture(scenario.id).messages.flat()).map((assert) => ({
        id: scenario.id,
        ...assert,
      })),
    );
    expect(compared.length).toBe(110);
    for (const { id, name, found, expected } of compared) expect(found, `${id} ${name}`).toEqual(expected);
  });
});
