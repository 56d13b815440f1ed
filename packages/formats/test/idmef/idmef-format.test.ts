import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../../event/test/arbitrary-message.ts';
import { idmefFormat } from '../../src/idmef/idmef-format.ts';
import { sampleMessage } from '../sample-message.ts';
import { xmllint, xmllintState } from '../xmllint.ts';

const folder = resolve(import.meta.dirname, '../../../../../shared/schemas/idmef');
const { skip, note } = xmllintState(join(folder, 'IDMEF.dtd'));
const decode = (text: string) => idmefFormat.decode(new TextEncoder().encode(text));

describe('IDMEF', () => {
  it.skipIf(skip)(`is valid against IDMEF.dtd${note}`, () => {
    for (const message of [sampleMessage, ...fc.sample(arbitraryMessage(), { numRuns: 60, seed: 7 })]) {
      const text = new TextDecoder().decode(idmefFormat.encode(message).bytes);
      expect(xmllint(['--dtdvalid', 'IDMEF.dtd'], text, folder), text).toBe('');
    }
  });

  it.skipIf(skip)(`is told from an invalid one${note}`, () => {
    const text = new TextDecoder().decode(idmefFormat.encode(sampleMessage).bytes);
    expect(xmllint(['--dtdvalid', 'IDMEF.dtd'], text.replaceAll('Impact', 'Impakt'), folder)).toContain(
      'Impakt',
    );
  });

  it('says the sample with its own elements', () => {
    const { bytes, additional } = idmefFormat.encode(sampleMessage);
    const text = new TextDecoder().decode(bytes);
    expect(text).toContain(
      '<Analyzer analyzerid="isp-a.example" name="flowpact" version="0.1.0" class="epl"/>',
    );
    expect(text).toContain(
      '<CreateTime ntpstamp="0xed00e040.0x80000000">2026-01-01T12:00:00.500Z</CreateTime>',
    );
    expect(text).toContain('<Confidence rating="numeric">0.8</Confidence>');
    expect(additional).toContain('event.flows.groups[0].rows');
    expect(additional.filter((path) => /address|ports|severity|confidence|startMs/.test(path))).toEqual([]);
  });

  it.skipIf(!existsSync(folder))('reads ../shared/schemas/idmef/alert-flow.xml', () => {
    const { message, losses } = idmefFormat.decode(readFileSync(join(folder, 'alert-flow.xml')));
    expect(message).toEqual({
      kind: 'alert',
      id: expect.stringMatching(/^[0-9]+$/),
      sender: { name: 'flexd-1' },
      createdMs: Date.parse('2013-01-05T16:33:52.904Z'),
      event: {
        type: 'cuC',
        text: 'C&C server',
        sources: [{ address: '127.0.0.1', ports: [{ low: 54586 }] }],
        targets: [{ address: '127.0.0.2' }],
        additional: [{ name: '(in)packets', value: 5 }],
      },
    });
    expect(losses.map(({ path }) => path)).toEqual(['Alert/@messageid', 'Alert/Classification/@text']);
  });

  it('reads what drafts and common sensors write', () => {
    const { message, losses } =
      decode(`<!DOCTYPE IDMEF-Message PUBLIC "-//IETF//DTD RFC XXXX IDMEF v1.0//EN" "idmef-message.dtd">
      <IDMEF-Message version="1.0"><Alert ident="abc" messageid="7">
        <Analyzer analyzerid="sensor"><Node><location>rack</location></Node></Analyzer>
        <CreateTime ntpstamp="0xbc71f4f5.0xef449129">yesterday</CreateTime>
        <Source spoofed="yes"><Node><Address category="ipv4-net"><address>192.0.2.50/28</address></Address>
          <Address category="mac"><address>aa:bb</address></Address></Node>
          <Service iana_protocol_name="TCP"><portlist>5-25,37</portlist></Service></Source>
        <Target decoy="no"><Service><port>x</port></Service></Target>
        <Classification text="TCP port sweep"/>
        <Assessment><Impact severity="info" type="recon"/><Confidence rating="low"/></Assessment>
        <AdditionalData type="integer" meaning="count">12</AdditionalData>
        <AdditionalData type="byte-string" meaning="raw"><byte-string>AQI=</byte-string></AdditionalData>
      </Alert><Alert/></IDMEF-Message>`);
    expect(message).toEqual({
      kind: 'alert',
      id: '7',
      sender: { name: 'sensor' },
      createdMs: Date.parse('2000-03-09T10:01:25.934Z'),
      event: {
        type: 'scan',
        text: 'TCP port sweep',
        severity: 'info',
        confidence: 17,
        sources: [
          {
            address: '192.0.2.50',
            prefixLength: 28,
            protocol: 6,
            spoofed: true,
            ports: [{ low: 5, high: 25 }, { low: 37 }],
          },
        ],
        targets: [{}],
        additional: [
          { name: 'count', value: 12 },
          { name: 'raw', value: Uint8Array.of(1, 2) },
        ],
      },
    });
    expect(losses.map(({ path }) => path)).toEqual([
      'Alert/Classification/@text',
      'Assessment/Confidence',
      'Source/Node/Address',
      'Target/Service/port',
      'IDMEF-Message/Alert/@ident',
      'IDMEF-Message/Alert/Analyzer/Node/location',
      'IDMEF-Message/Alert/Target/@decoy',
      'IDMEF-Message/Alert',
    ]);
  });

  it.each([
    ['<IDMEF-Message/>', 'FORMATS_MISSING'],
    ['<IDMEF-Message><Heartbeat/></IDMEF-Message>', 'FORMATS_MISSING'],
    ['<IDMEF-Message><Alert/></IDMEF-Message>', 'FORMATS_MISSING'],
    ['<Alert/>', 'FORMATS_OTHER_FORMAT'],
  ])('refuses %s', (text, code) => {
    expect(() => decode(text)).toThrow(expect.objectContaining({ code }));
  });
});
