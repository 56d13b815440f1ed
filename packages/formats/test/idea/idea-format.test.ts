import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../../event/test/arbitrary-message.ts';
import { ideaFormat } from '../../src/idea/idea-format.ts';
import { sampleMessage } from '../sample-message.ts';

const schema = resolve(import.meta.dirname, '../../../../../shared/schemas/idea/idea0.schema.json');
const decode = (value: unknown) => ideaFormat.decode(new TextEncoder().encode(JSON.stringify(value)));
const encoded = (message: typeof sampleMessage) =>
  JSON.parse(new TextDecoder().decode(ideaFormat.encode(message).bytes));

function faultsBySchema(): (document: unknown) => unknown {
  const ajv = new Ajv04.default({ strict: false, unicodeRegExp: false, allErrors: true });
  addFormats.default(ajv as never);
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  return (document) => (validate(document) ? [] : validate.errors);
}

describe('IDEA', () => {
  it.skipIf(!existsSync(schema))('is valid against ../shared/schemas/idea (skipped where it is not)', () => {
    const faults = faultsBySchema();
    for (const message of [sampleMessage, ...fc.sample(arbitraryMessage(), { numRuns: 300, seed: 7 })]) {
      expect(faults(encoded(message))).toEqual([]);
    }
    expect(faults({ ...encoded(sampleMessage), ID: 'a b' })).not.toEqual([]);
  });

  it('says the sample with its own keys', () => {
    const { _Flowpact, ...document } = encoded(sampleMessage);
    expect(document).toEqual({
      Format: 'IDEA0',
      ID: 'flowpact_isp-a.example_42',
      CreateTime: '2026-01-01T12:00:00.500Z',
      DetectTime: '2026-01-01T12:00:00.500Z',
      EventTime: '2026-01-01T11:58:00Z',
      CeaseTime: '2026-01-01T11:59:30Z',
      Category: ['Availability.DDoS'],
      Confidence: 0.8,
      Description: 'SYN flood against www.example.',
      FlowCount: 120_000,
      PacketCount: 240_000,
      ByteCount: 14_400_000,
      Source: [{ IP4: ['198.51.100.0/24'], Proto: ['tcp'], Spoofed: true }],
      Target: [{ Hostname: ['www.example'], IP4: ['192.0.2.1'], Port: [80], Proto: ['tcp'], ASN: [64501] }],
      Node: [{ Name: 'example.isp_a', SW: ['flowpact-0.1.0'], Type: ['Flow'] }],
    });
    expect(_Flowpact).toMatchObject({ 'sender.name': 'isp-a.example', 'event.severity': 'high' });
  });

  it('reads a message from elsewhere', () => {
    const { message, losses } = decode({
      Format: 'IDEA0',
      id: '4390fc3f-c753-4a3e-bc83-1b44f24baf75',
      DetectTime: '2012-11-03T10:00:07+01:00',
      Category: ['Fraud.Phishing', 'Recon.Search'],
      Confidence: 1,
      ConnCount: 12,
      Source: [
        {
          Type: ['CC', 'Bot'],
          IP4: ['192.0.2.2', '192.0.2.3-192.0.2.5'],
          IP6: ['2001:DB8::/32'],
          Port: [80, 70000],
          Proto: ['TCP'],
        },
      ],
      Target: [{ Hostname: ['a', 'b'], Spoofed: 'no' }],
      Node: [{ Name: 'cz.cesnet.kippo' }],
    });
    const common = { protocol: 6, ports: [{ low: 80 }], role: 'c2' };
    expect(message).toEqual({
      kind: 'alert',
      id: expect.stringMatching(/^[0-9]+$/),
      sender: { name: 'cz.cesnet.kippo' },
      createdMs: Date.parse('2012-11-03T09:00:07Z'),
      event: {
        type: 'scan',
        confidence: 100,
        sources: [
          { address: '192.0.2.2', ...common },
          { address: '2001:db8::', prefixLength: 32, ...common },
        ],
        targets: [{ name: 'a' }],
        classifications: [
          { scheme: 'idea', value: 'Fraud.Phishing' },
          { scheme: 'idea', value: 'Recon.Search' },
        ],
      },
    });
    expect(losses.map(({ path }) => path).sort()).toEqual([
      'Category',
      'ConnCount',
      'ID',
      'Source.IP4[1]',
      'Source.Port[1]',
      'Source.Type',
      'Target.Hostname',
      'Target.Spoofed',
    ]);
  });

  it.each([
    [[], 'FORMATS_OTHER_FORMAT'],
    [{ Format: 'IDEA1' }, 'FORMATS_OTHER_FORMAT'],
    [{ Format: 'IDEA0' }, 'FORMATS_MISSING'],
    [
      { Format: 'IDEA0', DetectTime: '2012-11-03T10:00:07Z', _Flowpact: { 'sender.asn': -1 } },
      'FORMATS_BAD_VALUE',
    ],
  ])('refuses %j', (document, code) => {
    expect(() => decode(document)).toThrow(expect.objectContaining({ code }));
  });
});
