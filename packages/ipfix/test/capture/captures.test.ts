import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createLineReader,
  type DecodeIssueCode,
  type FlowDecoder,
} from '../../src/index.ts';
import { readDatagrams } from './pcap.ts';
import { hasShared, sharedFolder } from './shared-data.ts';

interface Scenario {
  readonly id: string;
  readonly device: string;
  readonly versions: Readonly<Record<string, number>>;
  readonly asserted?: { readonly asserts?: readonly (readonly [string, string, string])[] };
  readonly counts: { readonly reference: { readonly data?: number; readonly opt?: number } };
}

const scenarios: readonly Scenario[] = hasShared
  ? (JSON.parse(readFileSync(`${sharedFolder}captures/index.json`, 'utf8')) as Scenario[]).filter(
      ({ versions }) => '10' in versions,
    )
  : [];

/**
 * What is wrong with the captures, beside the counts, all of which are those of the reference. No scenario needs
 * an exception: records of structured data (`ip-tls`, `ip-mixed`, `yaf`) are counted without looking into their
 * lists, and neither we nor the reference read data sets that came before their template.
 */
const expectedIssues: Readonly<Record<string, readonly DecodeIssueCode[]>> = {
  'ls-ipfix': ['IPFIX_MESSAGE_LENGTH'],
  'ls-ipfix-nokia-bras': ['IPFIX_SEQUENCE_GAP'],
  'ls-ipfix-procera': ['IPFIX_SEQUENCE_GAP'],
  'ls-ipfix-mikrotik-routeros-6-39-2': ['IPFIX_SEQUENCE_GAP'],
  'ls-ipfix-netscaler-with-variable-length-fields': ['IPFIX_SEQUENCE_GAP', 'IPFIX_TEMPLATE_MISSING'],
  'ls-ipfix-netscaler-with-variable-length-fields-b': ['IPFIX_SEQUENCE_GAP', 'IPFIX_TEMPLATE_MISSING'],
  'ls-ipfix-netscaler-with-variable-length-fields-missing-templates': ['IPFIX_TEMPLATE_MISSING'],
  'ls-ipfix-vmware-virtual-distributed-switch': ['IPFIX_SEQUENCE_GAP'],
  'ls-ipfix-barracuda-firewall': ['IPFIX_SEQUENCE_GAP'],
  'ls-ipfix-yaf-basic-with-applabel': ['IPFIX_SEQUENCE_GAP'],
  'v1-bad-length-in-set-very-long': ['IPFIX_MESSAGE_LENGTH', 'IPFIX_SET_LENGTH'],
  'v1-bad-length-in-set': ['IPFIX_MESSAGE_LENGTH', 'IPFIX_SET_LENGTH', 'IPFIX_TEMPLATE_MALFORMED'],
  'v1-bad-template-field-count': ['IPFIX_TEMPLATE_MALFORMED', 'IPFIX_TEMPLATE_MISSING'],
  // Its options template gives lengths instead of counts, as NetFlow v9 does.
  'v1-enterprise-from-nfv9': ['IPFIX_TEMPLATE_MALFORMED', 'IPFIX_TEMPLATE_MISSING'],
  'v1-header-and-zeros': ['IPFIX_SET_LENGTH'],
  'v1-missing-template-258': ['IPFIX_TEMPLATE_MISSING'],
  'v1-only-data-no-templates': ['IPFIX_TEMPLATE_MISSING'],
  'sf-v10': ['IPFIX_SEQUENCE_GAP'],
  'sf-v10b': ['IPFIX_SEQUENCE_GAP'],
};

/** Decodes a capture, one decoder an exporter, and adds up what they counted. */
function decodeCapture(id: string) {
  const lines: string[] = [];
  const reader = createLineReader({ style: 'flowpact' }, { onLine: (line) => lines.push(line) });
  const decoders = new Map<string, FlowDecoder>();
  const issues = new Set<DecodeIssueCode>();
  for (const { source, payload } of readDatagrams(readFileSync(`${sharedFolder}captures/${id}.pcap`))) {
    const deps = { reader, onIssue: ({ code }: { code: DecodeIssueCode }) => issues.add(code) };
    const decoder = decoders.get(source) ?? createFlowDecoder({}, deps);
    decoders.set(source, decoder);
    decoder.decode(payload);
  }
  const sum = (name: 'messages' | 'records' | 'optionsRecords') =>
    [...decoders.values()].reduce((total, { stats }) => total + stats[name], 0);
  const counts = { messages: sum('messages'), data: sum('records'), opt: sum('optionsRecords') };
  return { ...counts, issues: [...issues].sort(), records: lines.map((line) => JSON.parse(line)) };
}

/**
 * The values that the peer's test asserts and that can be compared: its names are partly not in our registry,
 * and it prints times with other precision.
 */
function comparableAsserts({ asserted }: Scenario, records: readonly Record<string, unknown>[]) {
  return (asserted?.asserts ?? []).flatMap(([index, path, literal]) => {
    const name = path.slice('[netflow]['.length, -1);
    const found = records[Number(index)]?.[name];
    if (found === undefined || /Microseconds|Milliseconds/.test(name)) return [];
    return [{ name, found, expected: JSON.parse(literal.replace(/^'|'$/g, '"')) as unknown }];
  });
}

describe.skipIf(!hasShared)('captures of real exporters (needs ../shared beside the repository)', () => {
  it('are there', () => expect(scenarios.length).toBeGreaterThan(30));

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s: finds the records of the reference, and the faults',
    (id, { versions, counts }) => {
      const { messages, data, opt, issues, records } = decodeCapture(id);
      expect(messages).toBe(versions['10']);
      expect({ data, opt }).toEqual({ data: counts.reference.data ?? 0, opt: counts.reference.opt ?? 0 });
      expect(records.length).toBe(data + opt);
      expect(issues).toEqual(expectedIssues[id] ?? []);
    },
  );

  it('reads the values that logstash-codec-netflow asserts', () => {
    const compared = scenarios.flatMap((scenario) =>
      comparableAsserts(scenario, decodeCapture(scenario.id).records).map((assert) => ({
        id: scenario.id,
        ...assert,
      })),
    );
    expect(compared.length).toBeGreaterThan(45);
    for (const { id, name, found, expected } of compared) expect(found, `${id} ${name}`).toEqual(expected);
  });
});
