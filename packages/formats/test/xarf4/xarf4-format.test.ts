import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { eventTypes, type Message, parseMessage } from '@flowpact/event';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../../event/test/arbitrary-message.ts';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { detectFormat } from '../../src/index.ts';
import { fieldOf, leavesOf } from '../../src/mail/mail-part.ts';
import { fieldsOf, readMail } from '../../src/mail/read-mail.ts';
import { xarf4Format, xarf4MailFormat } from '../../src/xarf4/xarf4-format.ts';
import { mailOf } from '../mail/crlf.ts';
import { sampleMessage } from '../sample-message.ts';

const folder = resolve(import.meta.dirname, '../../../../../shared/schemas/xarf-v4/schemas/v4');
const hasSchemas = existsSync(folder);
const jsonOf = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const typeFiles = hasSchemas
  ? readdirSync(join(folder, 'types')).filter((name) => name.endsWith('.json'))
  : [];

function faultsBySchema(): (document: unknown) => unknown {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv as never);
  for (const file of ['xarf-core.json', ...typeFiles.map((name) => `types/${name}`)])
    ajv.addSchema(jsonOf(file));
  const validate = ajv.compile(jsonOf('xarf-v4-master.json'));
  return (document) => (validate(document) ? [] : validate.errors);
}

const reportOf = (message: Message) =>
  JSON.parse(new TextDecoder().decode(xarf4Format.encode(message).bytes));
const decode = (report: unknown) => xarf4Format.decode(new TextEncoder().encode(JSON.stringify(report)));
const withEvent = (event: Partial<Message['event']>) =>
  parseMessage({ ...sampleMessage, event: { type: 'dDoS', ...event } });

describe('XARF 4 as it is written', () => {
  it.skipIf(!hasSchemas)('is valid by the schema of its type (skipped without ../shared/schemas)', () => {
    const faults = faultsBySchema();
    const types = new Set<string>();
    const typed = eventTypes.map((type) => ({ ...sampleMessage, event: { ...sampleMessage.event, type } }));
    for (const message of [...typed, ...fc.sample(arbitraryMessage(), { numRuns: 500, seed: 7 })]) {
      const report = reportOf(message);
      types.add(report.type);
      expect(faults(report), JSON.stringify(report)).toEqual([]);
    }
    expect([...types].sort()).toEqual([
      'botnet',
      'ddos',
      'login_attack',
      'open_service',
      'port_scan',
      'spam',
      'threat_intelligence',
    ]);
    expect(faults({ ...reportOf(sampleMessage), protocol: 'TCP' })).not.toEqual([]);
  });

  it('says the sample with its own keys', () => {
    const { flowpact, evidence, report_id, ...report } = reportOf(sampleMessage);
    const contact = { org: 'isp-a.example', contact: 'noc@isp-a.example', domain: 'isp-a.example' };
    expect(report).toEqual({
      xarf_version: '4.2.0',
      timestamp: '2026-01-01T11:58:00Z',
      reporter: contact,
      sender: contact,
      source_identifier: '198.51.100.0/24',
      category: 'connection',
      type: 'ddos',
      evidence_source: 'flow_analysis',
      destination_ip: '192.0.2.1',
      destination_port: 80,
      protocol: 'tcp',
      first_seen: '2026-01-01T11:58:00Z',
      last_seen: '2026-01-01T11:59:30Z',
      total_packets: 240_000,
      total_bytes: 14_400_000,
      confidence: 0.8,
      description: 'SYN flood against www.example.',
      tags: ['tlp:amber', 'severity:high'],
    });
    expect(report_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Buffer.from(evidence[0].payload, 'base64').toString()).toMatch(
      /^sourceIPv4Address,.*\r\n198\.51\.100\.7,/,
    );
    expect(Object.keys(flowpact).filter((path) => /rows|columns/.test(path))).toEqual([]);
  });

  it('gives a report of the same message the same number, and of another sender another one', () => {
    expect(reportOf(sampleMessage).report_id).toBe(reportOf({ ...sampleMessage, createdMs: 0 }).report_id);
    expect(reportOf({ ...sampleMessage, sender: { name: 'isp-b.example' } }).report_id).not.toBe(
      reportOf(sampleMessage).report_id,
    );
  });

  it('makes up no port and no protocol', () => {
    const source = { address: '192.0.2.9', protocol: 17 };
    expect(reportOf(withEvent({ sources: [{ ...source, ports: [{ low: 4711 }] }] }))).toMatchObject({
      source_identifier: '192.0.2.9',
      source_port: 4711,
    });
    expect(reportOf(withEvent({ sources: [source] }))).toMatchObject({
      source_identifier: '192.0.2.9/32',
      type: 'ddos',
    });
    expect(reportOf(withEvent({ sources: [{ address: '2001:db8::9', protocol: 6 }] }))).toMatchObject({
      source_identifier: '2001:db8::9/128',
    });
    expect(reportOf(withEvent({ sources: [{ address: '192.0.2.9' }] }))).toMatchObject({
      source_identifier: '192.0.2.9',
      type: 'threat_intelligence',
      threat_type: 'ddos',
    });
    const flows = { ...sampleMessage.event.flows!, trigger: undefined };
    expect(reportOf(withEvent({ sources: [{ address: '198.51.100.9', protocol: 6 }], flows }))).toMatchObject(
      { source_identifier: '198.51.100.9', source_port: 1024 },
    );
    expect(reportOf(withEvent({}))).toMatchObject({ source_identifier: 'unknown' });
  });
});

const foreign = {
  xarf_version: '4.0.0',
  report_id: '550e8400-e29b-41d4-a716-446655440000',
  timestamp: '2026-01-01T12:00:00+01:00',
  reporter: { org: 'Protection Service', contact: 'ddos@monitor.example', domain: 'monitor.example' },
  sender: { org: 'Sending Service', contact: 'send@relay.example', domain: 'relay.example' },
  source_identifier: '192.0.2.9',
  source_port: 4711,
  category: 'connection',
  type: 'ddos',
  destination_ip: '203.0.113.1',
  destination_port: '80',
  protocol: 'udp',
  attack_vector: 'ntp_amplification',
  peak_pps: 250_000,
  duration_seconds: 60,
  mitigation_applied: true,
  confidence: 0.95,
  tags: ['attack:syn_flood', 'tlp:green', 'severity:critical', 'Bad Tag', 'cve:CVE-2026-1'],
  evidence: [
    { content_type: 'text/plain', description: 'log', payload: 'bGluZQ==', hash: 'sha256:00', size: 4 },
    { content_type: 'text/plain', payload: 'not encoded!' },
  ],
  _internal: { ticket: 'x' },
};

describe('XARF 4 from elsewhere', () => {
  it('is read', () => {
    const { message, losses } = decode(foreign);
    expect(message).toEqual({
      kind: 'alert',
      id: expect.stringMatching(/^[0-9]+$/),
      sender: { name: 'monitor.example', contact: 'mailto:ddos@monitor.example' },
      createdMs: Date.parse('2026-01-01T11:00:00Z'),
      event: {
        type: 'dDoS',
        startMs: Date.parse('2026-01-01T11:00:00Z'),
        endMs: Date.parse('2026-01-01T11:01:00Z'),
        severity: 'critical',
        confidence: 95,
        tlp: 'green',
        classifications: [
          { scheme: 'attack', value: 'syn_flood' },
          { scheme: 'cve', value: 'CVE-2026-1' },
        ],
        sources: [{ address: '192.0.2.9', ports: [{ low: 4711 }], protocol: 17 }],
        targets: [{ address: '203.0.113.1', ports: [{ low: 80 }], protocol: 17 }],
        totals: { packetsPerSecond: 250_000 },
        additional: [
          { name: 'reporter_org', value: 'Protection Service' },
          { name: 'sender_org', value: 'Sending Service' },
          { name: 'sender_domain', value: 'relay.example' },
          { name: 'sender_contact', value: 'send@relay.example' },
          { name: 'attack_vector', value: 'ntp_amplification' },
          { name: 'mitigation_applied', value: true },
          { name: 'attachment:text/plain:log', value: Uint8Array.from(Buffer.from('line')) },
          { name: 'attachment:text/plain:', value: Uint8Array.from(Buffer.from('not encoded!')) },
        ],
      },
    });
    expect(losses.map(({ path }) => path).sort()).toEqual([
      '_internal',
      'evidence[].hash',
      'evidence[].payload',
      'report_id',
      'tags',
    ]);
  });

  it.each([
    ['connection', 'auth-failure', undefined, 'bruteForce'],
    ['connection', 'reconnaissance', undefined, 'scan'],
    ['infrastructure', 'compromised_server', undefined, 'botInfection'],
    ['content', 'phishing', undefined, 'other'],
    ['reputation', 'threat_intelligence', 'command_and_control', 'cuC'],
    ['reputation', 'blocklist', 'spam', 'spam'],
  ])('keeps the words %s, %s', (category, type, threat_type, eventType) => {
    const { event } = decode({ ...foreign, category, type, threat_type, tags: [] }).message;
    expect(event.type).toBe(eventType);
    const isSaid = type === 'threat_intelligence';
    expect(event.classifications).toEqual(
      isSaid ? undefined : [{ scheme: 'xarf4', value: `${category}/${type}` }],
    );
  });

  it.each([
    ['2001:db8::/32', [{ address: '2001:db8::', prefixLength: 32 }]],
    ['bad.example', [{ name: 'bad.example' }]],
    ['unknown', undefined],
  ])('has sources like %s', (source_identifier, sources) => {
    const report = { ...foreign, source_identifier, source_port: undefined, protocol: undefined };
    expect(decode(report).message.event.sources).toEqual(sources);
  });

  it.each([
    [[], 'FORMATS_OTHER_FORMAT'],
    [{}, 'FORMATS_OTHER_FORMAT'],
    [{ xarf_version: '3' }, 'FORMATS_OTHER_FORMAT'],
    [{ ...foreign, flowpact: { 'sender.asn': -1 } }, 'FORMATS_BAD_VALUE'],
  ])('is refused: %#', (report, code) => {
    expect(() => decode(report)).toThrow(expect.objectContaining({ code }));
  });

  it.skipIf(!hasSchemas)(
    'reads the examples of the schemas in ../shared/schemas (skipped where they are not)',
    () => {
      const examples = typeFiles.flatMap(
        (file) => (jsonOf(`types/${file}`).examples ?? []) as { readonly timestamp: string }[],
      );
      expect(examples.length).toBeGreaterThan(10);
      for (const example of examples) {
        const { message, losses } = decode(example);
        expect(message.createdMs).toBe(Date.parse(example.timestamp));
        expect(
          losses.filter(
            ({ path }) =>
              !/report_id|dns|whois|ssl|sample|indicators|assessment|evidence|geo|records|_/.test(path),
          ),
          JSON.stringify(losses),
        ).toEqual([]);
      }
    },
  );
});

describe('XARF 3', () => {
  const old = {
    Version: '3',
    ReporterInfo: {
      ReporterOrg: 'Example',
      ReporterOrgDomain: 'reporter.example',
      ReporterOrgEmail: 'a@reporter.example',
    },
    Disclosure: true,
    Report: {
      ReportClass: 'Activity',
      ReportType: 'LoginAttack',
      Date: '2026-01-01T12:00:00Z',
      SourceIp: '192.0.2.55',
      SourcePort: 54321,
      DestinationIp: '198.51.100.33',
      DestinationPort: 22,
      ReporterCaseID: '17',
      Protocol: 'tcp',
      Samples: [{ ContentType: 'text/plain', Base64Encoded: false, Description: 'log', Payload: 'line' }],
    },
  };

  it('is read as version 4', () => {
    const { message, losses } = decode(old);
    expect(message).toMatchObject({
      id: '17',
      sender: { name: 'reporter.example', contact: 'mailto:a@reporter.example' },
      createdMs: Date.parse('2026-01-01T12:00:00Z'),
      event: {
        type: 'bruteForce',
        sources: [{ address: '192.0.2.55', ports: [{ low: 54321 }], protocol: 6 }],
        targets: [{ address: '198.51.100.33', ports: [{ low: 22 }], protocol: 6 }],
      },
    });
    expect(message.event.additional).toContainEqual({
      name: 'attachment:text/plain:log',
      value: Uint8Array.from(Buffer.from('line')),
    });
    expect(message.event.additional).toContainEqual({ name: 'Disclosure', value: true });
    expect(losses.map(({ path }) => path)).toEqual(['Version']);
    expect(detectFormat(new TextEncoder().encode(JSON.stringify(old)))?.name).toBe('xarf4');
  });

  it.each([
    ['Botnet', 'botInfection', undefined],
    ['Port-Scan', 'scan', undefined],
    ['DOS', 'dDoS', undefined],
    ['Trademark', 'other', [{ scheme: 'xarf4', value: 'content/Trademark' }]],
  ])('keeps the word %s', (ReportType, type, classifications) => {
    const { event } = decode({
      ...old,
      Report: { ...old.Report, ReportType, ReportClass: 'Content' },
    }).message;
    expect([event.type, event.classifications]).toEqual([type, classifications]);
  });
});

describe('XARF 4 by mail', () => {
  it('has the parts that its specification names', () => {
    const mail = readMail(xarf4MailFormat.encode(sampleMessage).bytes, defaultFormatsLimits);
    expect(fieldOf(mail, 'Content-Type')).toContain('multipart/report; report-type=feedback-report;');
    const [human, feedback, report, ...others] = leavesOf(mail);
    expect(others).toEqual([]);
    expect(human.mediaType).toBe('text/plain');
    expect(fieldsOf(feedback.content)).toEqual([
      { name: 'Feedback-Type', value: 'xarf' },
      { name: 'User-Agent', value: 'Flowpact' },
      { name: 'Version', value: '1' },
    ]);
    expect(report).toMatchObject({
      mediaType: 'application/json',
      fileName: 'xarf.json',
      isAttachment: true,
    });
    expect(fieldOf(report, 'Content-Transfer-Encoding')).toBe('base64');
  });

  it('says the sender, the number and the time in its header', () => {
    const { additional } = xarf4MailFormat.encode({
      ...sampleMessage,
      createdMs: sampleMessage.createdMs - 500,
    });
    expect(additional).not.toContain('id');
    expect(additional).not.toContain('createdMs');
  });

  it('is read as others write it', () => {
    const bytes = mailOf(
      'From: Reports <no-reply@monitor.example>',
      'Date: Thu, 01 Jan 2026 12:30:00 +0000',
      'Content-Type: multipart/report; report-type=feedback-report; boundary="--_NmP-1"',
      '',
      '----_NmP-1',
      'Content-Type: text/plain',
      '',
      'A report.',
      '----_NmP-1',
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: xarf',
      '----_NmP-1',
      'Content-Type: application/json; name="XARF.JSON"',
      '',
      JSON.stringify(foreign),
      '----_NmP-1--',
    );
    expect(detectFormat(bytes)?.name).toBe('xarf4-mail');
    const { message } = xarf4MailFormat.decode(bytes);
    expect(message.createdMs).toBe(Date.parse('2026-01-01T12:30:00Z'));
    expect(message.event).toMatchObject({ type: 'dDoS', text: 'A report.' });
    expect(message.sender.name).toBe('monitor.example');
  });

  it('is refused without a report', () => {
    expect(() => xarf4MailFormat.decode(mailOf('Subject: x', '', 'y'))).toThrow(
      expect.objectContaining({ code: 'FORMATS_OTHER_FORMAT' }),
    );
  });
});
