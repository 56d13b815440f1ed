import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../../event/test/arbitrary-message.ts';
import { iodef1Format, iodef2Format } from '../../src/iodef/iodef-format.ts';
import { sampleMessage } from '../sample-message.ts';
import { xmllint, xmllintState } from '../xmllint.ts';

const folder = resolve(import.meta.dirname, '../../../../../shared/schemas/iodef');
const schemas = { iodef1: 'iodef-1.0.xsd', iodef2: 'iodef-2.0.xsd' } as const;

/** The schema of version 2 that there is has a simple type for Email, which RFC 7970 does not. */
function validated(text: string): string {
  return text.replace(/<Email>\s*<EmailTo>[^<]*<\/EmailTo>\s*<\/Email>/g, '');
}

describe.each([iodef1Format, iodef2Format])('$title', (format) => {
  const schema = schemas[format.name as keyof typeof schemas];
  const { skip, note } = xmllintState(join(folder, schema));

  it.skipIf(skip)(`is valid against ${schema}${note}`, () => {
    const messages = [sampleMessage, ...fc.sample(arbitraryMessage(), { numRuns: 60, seed: 7 })];
    for (const message of messages) {
      const text = new TextDecoder().decode(format.encode(message).bytes);
      expect(xmllint(['--schema', schema], validated(text), folder), text).toBe('');
    }
  });

  it.skipIf(skip)(`is told from an invalid one${note}`, () => {
    const text = new TextDecoder().decode(format.encode(sampleMessage).bytes);
    const broken = validated(text).replace('purpose="reporting"', 'purpose="none"');
    expect(xmllint(['--schema', schema], broken, folder)).toContain('purpose');
  });

  it('says the sample with its own elements', () => {
    const text = new TextDecoder().decode(format.encode(sampleMessage).bytes);
    expect(text).toContain('<IncidentID name="isp-a.example">42</IncidentID>');
    expect(text).toContain('<Address category="ipv4-net">198.51.100.0/24</Address>');
    expect(text).toMatch(/<Service ip.protocol="6">\s*<Port>54586<\/Port>/);
    expect(text).toContain('<AdditionalData dtype="integer" meaning="packetDeltaCount">2</AdditionalData>');
  });

  it('leaves to additional data what has no element', () => {
    const { additional } = format.encode(sampleMessage);
    expect(additional).toContain('sender.asn');
    expect(additional).toContain('event.detector.rule');
    expect(additional).not.toContain('event.targets[0].asn');
    expect(additional.filter((path) => path.includes('rows') || path.includes('columns'))).toEqual([]);
  });

  it('reports what it does not read', () => {
    const text = new TextDecoder().decode(format.encode(sampleMessage).bytes);
    const more = text.replace('</Incident>', '<History restriction="private"><x/></History></Incident>');
    const { losses } = format.decode(new TextEncoder().encode(more));
    expect(losses).toEqual([
      {
        path: 'IODEF-Document/Incident/History',
        effect: 'dropped',
        note: expect.stringMatching(/^line \d+/),
      },
    ]);
  });

  it('passes over additions to fields that are not there', () => {
    const text = new TextDecoder().decode(format.encode(sampleMessage).bytes);
    for (const path of [
      '__proto__.polluted',
      'constructor.prototype.x',
      'event.sources[7].asn',
      'a[b]',
      '',
    ]) {
      const more = text.replace('meaning="flowpact:sender.asn"', `meaning="flowpact:${path}"`);
      const { message, losses } = format.decode(new TextEncoder().encode(more));
      if (path !== 'constructor.prototype.x') expect(losses.map((loss) => loss.path)).toEqual([path]);
      expect(message.sender.asn).toBeUndefined();
      expect(({} as { polluted?: unknown; x?: unknown }).polluted).toBeUndefined();
      expect(({} as { x?: unknown }).x).toBeUndefined();
    }
  });

  it('bounds the nesting of additions', () => {
    const text = new TextDecoder().decode(format.encode(sampleMessage).bytes);
    const deep = text.replace(/(meaning="flowpact:sender.asn">)64500/, `$1${'['.repeat(100_000)}`);
    expect(() => format.decode(new TextEncoder().encode(deep))).toThrow(
      expect.objectContaining({ code: 'FORMATS_LIMIT' }),
    );
  });

  it('refuses additions that make no message', () => {
    const text = new TextDecoder().decode(format.encode(sampleMessage).bytes);
    const wrong = text.replace(/(meaning="flowpact:sender.asn">)64500/, '$1"x"');
    expect(() => format.decode(new TextEncoder().encode(wrong))).toThrow(
      expect.objectContaining({ code: 'FORMATS_BAD_VALUE', place: 'sender.asn' }),
    );
  });
});

describe('IODEF from elsewhere', () => {
  const samples = [
    { name: 'v1-flow.xml', format: iodef1Format, property: { name: '(in)packets', value: '5' } },
    { name: 'v2-flow-noemail.xml', format: iodef2Format, property: { name: 'packetDeltaCount', value: 5 } },
  ];
  it.skipIf(!existsSync(folder)).each(samples)(
    'reads ../shared/schemas/iodef/$name',
    ({ name, format, property }) => {
      const { message } = format.decode(readFileSync(join(folder, name)));
      expect(message.id).toBe('42');
      expect(message.event.sources).toEqual([{ address: '127.0.0.1', protocol: 6, ports: [{ low: 54586 }] }]);
      expect(message.event.targets).toEqual([{ address: '127.0.0.2', protocol: 6, ports: [{ low: 80 }] }]);
      expect(message.event.additional).toContainEqual(property);
    },
  );

  it('reads what is common, and says what it made of it', () => {
    const text = `<?xml version="1.0"?>
      <i:IODEF-Document version="1.00" lang="en" xmlns:i="urn:ietf:params:xml:ns:iodef-1.0">
        <i:Incident purpose="mitigation" restriction="need-to-know">
          <i:IncidentID name="csirt.example.com">CERT-189493</i:IncidentID>
          <i:ReportTime>2001-09-13T23:19:24+02:00</i:ReportTime>
          <i:Assessment><i:Impact type="recon" severity="medium">Host scan</i:Impact>
            <i:Confidence rating="high"/></i:Assessment>
          <i:Contact role="tech" type="person"><i:ContactName>A. Person</i:ContactName></i:Contact>
          <i:EventData><i:Flow>
            <i:System category="source"><i:Node><i:Address category="ipv6-net">2001:DB8:0::/32</i:Address></i:Node></i:System>
            <i:System category="target"><i:Node><i:NodeName>www.example</i:NodeName></i:Node>
              <i:Service ip_protocol="17"><i:Portlist>53, 60-70</i:Portlist></i:Service></i:System>
            <i:System category="intermediate"><i:Node/></i:System>
          </i:Flow></i:EventData>
        </i:Incident>
      </i:IODEF-Document>`;
    const { message, losses } = iodef1Format.decode(new TextEncoder().encode(text));
    expect(message).toEqual({
      kind: 'request',
      id: expect.stringMatching(/^[0-9]{10,16}$/),
      sender: { name: 'csirt.example.com' },
      createdMs: Date.parse('2001-09-13T21:19:24Z'),
      event: {
        type: 'scan',
        severity: 'medium',
        confidence: 83,
        tlp: 'amber',
        sources: [{ address: '2001:db8::', prefixLength: 32 }],
        targets: [{ name: 'www.example', protocol: 17, ports: [{ low: 53 }, { low: 60, high: 70 }] }],
      },
    });
    expect(losses.map(({ path, effect }) => `${path} ${effect}`)).toEqual(
      [
        'IncidentID approximated',
        'Assessment/Confidence approximated',
        'Assessment/Impact approximated',
        'IODEF-Document/Incident/EventData/Flow/System/Node',
      ].map((line) => (line.includes(' ') ? line : `${line} dropped`)),
    );
  });

  it.each([
    ['<IODEF-Document xmlns="urn:ietf:params:xml:ns:iodef-1.0"/>', 'FORMATS_MISSING'],
    ['<IODEF-Document><Incident/></IODEF-Document>', 'FORMATS_MISSING'],
    ['<Other/>', 'FORMATS_OTHER_FORMAT'],
    ['<IODEF-Document>', 'FORMATS_BAD_SYNTAX'],
  ])('refuses %s', (text, code) => {
    expect(() => iodef1Format.decode(new TextEncoder().encode(text))).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
