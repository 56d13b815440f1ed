import { compile, createRuntime } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { evidenceTable } from '../../src/pipeline/evidence-table.ts';
import { flowFieldsOf } from '../../src/pipeline/flow-fields.ts';

const schema = `@Name('Schema') create map schema IPFIX(
  ipfix.HTTPRequestURL string, ipfix.destinationIPv4Address string, ipfix.sourceIPv4Address string, ipfix.tcpControlBits string,
  ipfix.flowEndMilliseconds long, ipfix.flowStartMilliseconds long, ipfix.noSuchElement int, ipfix.packetDeltaCount long,
  ipfix.sourceIPv6Address string);`;

function fields() {
  const result = compile(schema);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  const runtime = createRuntime();
  runtime.deploy(result.module);
  return flowFieldsOf(runtime.eventType('IPFIX') as NonNullable<ReturnType<typeof runtime.eventType>>);
}

describe('evidenceTable', () => {
  it('has a column for each element of the schema, times first, as FLEX orders them', () => {
    const { layout } = evidenceTable([], fields());
    expect(layout.columns).toEqual([
      { kind: 'iana', id: 152 },
      { kind: 'iana', id: 153 },
      { kind: 'iana', id: 8 },
      { kind: 'iana', id: 27 },
      { kind: 'iana', id: 12 },
      { kind: 'iana', id: 2 },
      { kind: 'iana', id: 6 },
      { kind: 'named', name: 'HTTPRequestURL' },
    ]);
  });

  it('turns text back into octets and flag bits', () => {
    const event = {
      'ipfix.sourceIPv4Address': '192.0.2.1',
      'ipfix.sourceIPv6Address': '2001:db8::1',
      'ipfix.destinationIPv4Address': 'not an address',
      'ipfix.tcpControlBits': '.AP.SF',
      'ipfix.flowStartMilliseconds': 1,
      'ipfix.flowEndMilliseconds': null,
      'ipfix.packetDeltaCount': 2n ** 60n,
      'ipfix.HTTPRequestURL': '/x',
    };
    const [group] = evidenceTable([event], fields()).groups;
    const v6 = Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    expect(group).toEqual({
      relation: 'evidence',
      rows: [[1, null, Uint8Array.of(192, 0, 2, 1), v6, 'not an address', 2n ** 60n, 0x1b, '/x']],
    });
  });
});
