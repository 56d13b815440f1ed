import { describe, expect, it } from 'vitest';
import { idmefFormat } from '../../src/idmef/idmef-format.ts';
import { detectFormat } from '../../src/index.ts';

const octets = (text: string) => new TextEncoder().encode(text);
const decode = (text: string) => idmefFormat.decode(octets(text));

describe('IDMEF as sensors send it', () => {
  it('reads an alert of a manager with a chain of analyzers', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE IDMEF-Message PUBLIC "-//IETF//DTD RFC XXXX IDMEF v1.0//EN" "idmef-message.dtd">
      <idmef:IDMEF-Message version="1.0" xmlns:idmef="http://iana.org/idmef">
        <idmef:Alert messageid="abc123456789">
          <idmef:Analyzer analyzerid="2231" name="manager" model="Manager" class="Concentrator">
            <idmef:Node category="dns"><idmef:name>manager.example</idmef:name></idmef:Node>
            <idmef:Analyzer analyzerid="1093" name="sensor" class="NIDS"/>
          </idmef:Analyzer>
          <idmef:CreateTime ntpstamp="0xbc71f4f5.0xef449129">2000-03-09T10:01:25.93464Z</idmef:CreateTime>
          <idmef:Source spoofed="yes"><idmef:Node><idmef:Address category="ipv4-addr">
            <idmef:address>192.0.2.200</idmef:address></idmef:Address></idmef:Node></idmef:Source>
          <idmef:Target><idmef:Node><idmef:Address category="ipv4-addr">
            <idmef:address>192.0.2.50</idmef:address></idmef:Address></idmef:Node>
            <idmef:Service ip_version="4" iana_protocol_name="tcp"><idmef:port>80</idmef:port></idmef:Service></idmef:Target>
          <idmef:Classification text="Ping-of-death: denial of service">
            <idmef:Reference origin="cve"><idmef:name>CVE-1999-128</idmef:name></idmef:Reference>
          </idmef:Classification>
          <idmef:Assessment><idmef:Impact severity="medium" type="dos" completion="failed">attempt</idmef:Impact></idmef:Assessment>
        </idmef:Alert>
        <idmef:Heartbeat messageid="1"/>
      </idmef:IDMEF-Message>`;
    expect(detectFormat(octets(text))?.name).toBe('idmef');
    const { message, losses } = decode(text);
    expect(message).toMatchObject({
      sender: { name: '2231' },
      createdMs: Date.parse('2000-03-09T10:01:25.934Z'),
      event: {
        type: 'dDoS',
        severity: 'medium',
        sources: [{ address: '192.0.2.200', spoofed: true }],
        targets: [{ address: '192.0.2.50', protocol: 6, ports: [{ low: 80 }] }],
        text: 'attempt',
      },
    });
    expect(losses.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'IDMEF-Message/Heartbeat',
        'IDMEF-Message/Alert/Analyzer/Analyzer',
        'IDMEF-Message/Alert/Classification/Reference',
      ]),
    );
  });

  it('reads an alert as drafts before the RFC had it', () => {
    const { message } = decode(`<IDMEF-Message><Alert ident="12">
      <Analyzer><Node><name>snort.example</name></Node></Analyzer>
      <CreateTime ntpstamp="0xbc71f4f5.0x00000000"/>
      <Source><Address category="ipv4-addr"><address>192.0.2.7</address></Address>
        <Service><port>1024</port><protocol>UDP</protocol></Service></Source>
      <Classification origin="vendor-specific"><name>UDP port scan</name></Classification>
      <AdditionalData type="string" meaning="sid">483</AdditionalData>
    </Alert></IDMEF-Message>`);
    expect(message).toEqual({
      kind: 'alert',
      id: '12',
      sender: { name: 'snort.example' },
      createdMs: Date.parse('2000-03-09T10:01:25Z'),
      event: {
        type: 'scan',
        text: 'UDP port scan',
        sources: [{ address: '192.0.2.7', protocol: 17, ports: [{ low: 1024 }] }],
        additional: [{ name: 'sid', value: '483' }],
      },
    });
  });

  it('takes the time of the analyzer where it says no other', () => {
    const { message } = decode(
      '<x:IDMEF-Message><x:Alert><x:AnalyzerTime>2020-05-24 09:05:26</x:AnalyzerTime></x:Alert></x:IDMEF-Message>',
    );
    expect(message.createdMs).toBe(Date.parse('2020-05-24T09:05:26Z'));
    expect(() => decode('<IDMEF-Message><Alert/></IDMEF-Message>')).toThrow(
      expect.objectContaining({ code: 'FORMATS_MISSING' }),
    );
  });
});
