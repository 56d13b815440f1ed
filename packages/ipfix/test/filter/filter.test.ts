import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, createFlowDecoder, createIpfixEncoder } from '../../src/index.ts';
import { collect, encodeSamples, flowSamples } from './flow-samples.ts';
import { interpretFilter } from './interpret-filter.ts';

const direction = fc.constantFrom('', 'src ', 'dst ', 'src or dst ', 'src and dst ', 'dst or src ');
const comparison = fc.constantFrom('', '=', '==', '!=', '<', '<=', '>', '>=', 'eq', 'GT', 'le');
const equality = fc.constantFrom('', '=', '!=');
const network = fc.constantFrom(
  ...['10/8', '10.1.2.0/23', '192.0.2.0/25', '192.0.2.1', '0.0.0.0/0', '255.255.255.255/32', '2001:db8::/32'],
  ...['2001:db8:8000::/33', '2001:db8::1', '::/0', 'fe80::1/128', '2001:db8:1::/47'],
);
const list = (value: fc.Arbitrary<string>, most = 3) =>
  fc.oneof(
    value,
    fc.array(value, { minLength: 1, maxLength: most }).map((all) => `in [${all.join(', ')}]`),
  );
const port = fc.constantFrom('0', '53', '80', '443', '1023', '1024', '65535', '0x50');
const amount = fc.constantFrom(
  '0',
  '1',
  '500',
  '1k',
  '10k',
  '1m',
  '9007199254740993',
  '18446744073709551615',
  '8000',
);

const words = (...parts: (string | fc.Arbitrary<string>)[]) =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(' '));

const test = fc.oneof(
  fc.constantFrom('any', 'ipv4', 'inet6', 'tcp', 'udp', 'icmp6', 'portrange 53-1023', 'src portrange 0-80'),
  words(direction, fc.constantFrom('ip', 'host', 'net'), list(network, 12)),
  words(direction, network),
  words('net', fc.constantFrom('10.0.0.0 255.0.0.0', '192.0.2.128 255.255.255.128')),
  words(direction, 'port', comparison, port),
  words(direction, 'port', equality, list(port, 12)),
  words(direction, 'as', equality, list(fc.constantFrom('64496', '4200000000'))),
  words(direction, fc.constantFrom('vlan', 'mask'), comparison, fc.constantFrom('1', '7', '24')),
  words('proto', list(fc.constantFrom('tcp', '17', 'ICMP', '58'))),
  words(
    fc.constantFrom('packets', 'bytes', 'octets', 'bps', 'pps', 'bpp', 'duration', 'tos', 'flows'),
    comparison,
    amount,
  ),
  words('flags', fc.constantFrom('S', 'SA', 'x', 'ce', '0x12', '2')),
  words(fc.constantFrom('icmp-type', 'icmp-code'), comparison, fc.constantFrom('0', '3', '8', '1')),
  words(fc.constantFrom('in if', 'out if', 'if'), comparison, fc.constantFrom('0', '2')),
  words('next ip', network),
  words(
    'ie HTTPRequestURL',
    fc.constantFrom('=', '!=', 'contains'),
    list(fc.constantFrom('"/login"', '"x"', "'log'", '""')),
  ),
  words('ie applicationName = \'http "quoted"\''),
  words('ie sourceIPv4Address', equality, list(fc.constantFrom('10.1.2.3', '192.0.2.0/24'))),
  words('ie destinationIPv6Address', equality, fc.constantFrom('2001:db8::1', '::/0')),
  words('ie sourceMacAddress', equality, '00:00:5e:00:53:01'),
  words('ie dataRecordsReliability', equality, fc.constantFrom('true', 'false')),
  words('ie flowStartMilliseconds', comparison, fc.constantFrom('2023-11-14T22:13:20Z', '1700000001000')),
  words('ie flowStartSeconds', comparison, '2023-11-14T22:13:21'),
  words('ie flowEndMicroseconds', comparison, '2023-11-14T22:13:20.001Z'),
  words('ie octetDeltaCount', comparison, amount),
  words('ie paddingOctets', equality, fc.constantFrom('0x000000', '0xFFffFF')),
  words('ie e99999id7', equality, list(fc.constantFrom('0x0000', '0x00ff'))),
);

const { filter } = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    test,
    words('not', tie('filter')),
    words('(', tie('filter'), ')'),
    words(tie('filter'), fc.constantFrom('and', '&&', 'AND'), tie('filter')),
    words(tie('filter'), fc.constantFrom('or', '||'), tie('filter')),
  ),
}));

describe('a compiled filter', () => {
  it('passes exactly what a plain reading of its expression passes', () => {
    let passed = 0;
    let stopped = 0;
    fc.assert(
      fc.property(filter, flowSamples, (text, samples) => {
        const compiled = compileFilter(text);
        const messages = encodeSamples(samples);
        const all = collect(messages, (reader) => reader);
        const expected = all.filter((values) => interpretFilter(compiled.expression, values));
        const readers: { stats: { records: number; passed: number } }[] = [];
        const found = collect(messages, (reader) => {
          const filtering = compiled.reader(reader);
          readers.push(filtering);
          return filtering;
        });
        expect(found).toEqual(expected);
        expect(readers[0].stats).toEqual({ records: all.length, passed: expected.length });
        passed += expected.length;
        stopped += all.length - expected.length;
      }),
      { numRuns: 3000 },
    );
    // Both happen, and neither seldom.
    expect(passed / (passed + stopped)).toBeGreaterThan(0.1);
    expect(stopped / (passed + stopped)).toBeGreaterThan(0.1);
  });

  it('hands over records that follow each other at once', () => {
    const messages: Uint8Array[] = [];
    const encoder = createIpfixEncoder({}, { onMessage: (message) => messages.push(message) });
    encoder.defineTemplate({ id: 256, fields: [{ id: 11, length: 2 }] });
    for (const port of [80, 80, 22, 80, 22, 22, 80, 80]) encoder.addRecord(256, [port], 1_700_000_000);
    encoder.flush(1_700_000_000);
    const runs: number[] = [];
    const reader = compileFilter('port 80').reader({
      compile: () => (_bytes, start, end) => {
        runs.push((end - start) / 2);
        return 0;
      },
    });
    const decoder = createFlowDecoder({}, { reader });
    for (const message of messages) decoder.decode(message);
    expect(runs).toEqual([2, 1, 2]);
    expect(decoder.stats.records).toBe(8);
  });

  it('leaves records about the exporter alone, and templates that the reader does not want', () => {
    const messages: Uint8Array[] = [];
    const encoder = createIpfixEncoder({}, { onMessage: (message) => messages.push(message) });
    encoder.defineTemplate({ id: 256, fields: [{ id: 11, length: 2 }] });
    encoder.defineTemplate({
      id: 257,
      fields: [
        { id: 149, length: 4 },
        { id: 41, length: 8 },
      ],
      scopeFieldCount: 1,
    });
    encoder.addRecord(256, [80], 1_700_000_000);
    encoder.addRecord(257, [1, 2], 1_700_000_000);
    encoder.flush(1_700_000_000);
    let read = 0;
    const count = () => ++read;
    for (const compile of [() => count, () => undefined]) {
      const reader = compileFilter('not any').reader({ compile });
      const decoder = createFlowDecoder({}, { reader });
      for (const message of messages) decoder.decode(message);
    }
    expect(read).toBe(1);
  });
});
