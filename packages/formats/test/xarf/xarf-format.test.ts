import { type Message, parseMessage } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { arbitraryMessage } from '../../../event/test/arbitrary-message.ts';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { detectFormat, transcode } from '../../src/index.ts';
import { fieldOf, leavesOf } from '../../src/mail/mail-part.ts';
import { readMail } from '../../src/mail/read-mail.ts';
import { xarf01Format, xarfFormat } from '../../src/xarf/xarf-format.ts';
import { mailOf } from '../mail/crlf.ts';
import { sampleMessage } from '../sample-message.ts';
import { faultsBySchema, hasSchemas } from './xarf-schema.ts';

const octets = (...lines: string[]) => Uint8Array.from(mailOf(...lines));
const limits = defaultFormatsLimits;

function reportOf(bytes: Uint8Array): Record<string, unknown> {
  const part = leavesOf(readMail(bytes, limits)).find(({ fileName }) => fileName === 'report.txt');
  return parse(Buffer.from(part?.content ?? []).toString(), { version: '1.2' });
}

describe.each([xarfFormat, xarf01Format])('$title as it is written', (format) => {
  it.skipIf(!hasSchemas)('is valid by the schema that it names (skipped without ../shared/schemas)', () => {
    const types = new Set<string>();
    for (const message of [sampleMessage, ...fc.sample(arbitraryMessage(), { numRuns: 300, seed: 7 })]) {
      const report = reportOf(format.encode(message).bytes);
      types.add(`${report['Report-Type']}`);
      expect(faultsBySchema(report), JSON.stringify(report)).toEqual([]);
    }
    expect([...types].sort()).toEqual(['bot-infection', 'login-attack', 'malware-attack', 'spam']);
    const broken = { ...reportOf(format.encode(sampleMessage).bytes), Source: undefined };
    expect(faultsBySchema(broken)).not.toEqual([]);
  });

  it('is a mail of a text, the report and evidence', () => {
    const mail = readMail(format.encode(sampleMessage).bytes, limits);
    expect(mail.mediaType).toBe('multipart/mixed');
    expect(fieldOf(mail, 'Auto-Submitted')).toBe('auto-generated');
    expect([fieldOf(mail, 'X-XARF'), fieldOf(mail, 'X-ARF')]).toEqual(
      format === xarfFormat ? ['PLAIN', undefined] : [undefined, 'YES'],
    );
    expect(mail.parts.map(({ mediaType, fileName }) => [mediaType, fileName])).toEqual([
      ['text/plain', undefined],
      ['text/plain', 'report.txt'],
      ['text/plain', 'flows.csv'],
    ]);
    expect(Buffer.from(mail.parts[2].content).toString()).toBe(
      'sourceIPv4Address,destinationIPv4Address,sourceTransportPort,destinationTransportPort,protocolIdentifier,packetDeltaCount,octetDeltaCount,tcpControlBits,flowStartMilliseconds\r\n' +
        '198.51.100.7,192.0.2.1,54586,80,6,2,120,2,1767268680123\r\n' +
        '198.51.100.9,192.0.2.1,1024,80,6,1,60,2,1767268680456\r\n',
    );
  });
});

describe('X-ARF as it is written', () => {
  it('says the sample with its own keys', () => {
    const { Flowpact, ...report } = reportOf(xarfFormat.encode(sampleMessage).bytes);
    expect(report).toEqual({
      'Reported-From': 'noc@isp-a.example',
      'Report-ID': '42@isp-a.example',
      Category: 'abuse',
      'Report-Type': 'malware-attack',
      'User-Agent': 'flowpact/0.1.0',
      Date: '2026-01-01T11:58:00Z',
      Source: '198.51.100.0',
      'Source-Type': 'ipv4',
      Port: 80,
      Destination: '192.0.2.1',
      'Destination-Type': 'ipv4',
      'Destination-Domain': 'www.example',
      TLP: 'amber',
      Attachment: 'text/plain',
      'Schema-URL': 'http://www.x-arf.org/schema/abuse_malware-attack_0.1.4.json',
      Version: 0.2,
    });
    expect(JSON.parse(String(Flowpact))).toMatchObject({ 'event.type': 'dDoS', 'event.severity': 'high' });
  });

  it('carries flows as evidence alone where that says them', () => {
    const { additional } = xarfFormat.encode(sampleMessage);
    expect(additional.filter((path) => /rows|columns/.test(path))).toEqual([]);
  });

  it('says a report from elsewhere with its own words', () => {
    const { message } = xarfFormat.decode(fail2ban());
    const report = reportOf(xarfFormat.encode(message).bytes);
    expect(report).toMatchObject({
      Category: 'abuse',
      'Report-Type': 'login-attack',
      Service: 'ssh',
      Port: 22,
      Occurances: 5,
    });
    const phishing = reportOf(
      xarfFormat.encode(
        parseMessage({
          ...message,
          event: { type: 'other', classifications: [{ scheme: 'xarf', value: 'fraud/phishing' }] },
        }),
      ).bytes,
    );
    expect(phishing).toMatchObject({
      Category: 'fraud',
      'Report-Type': 'phishing',
      Port: 0,
      Service: 'unknown',
    });
  });

  it('brings the mail of a spam report over from ARF, and back', () => {
    const arf = octets(
      'From: fbl@isp-b.example',
      'Content-Type: multipart/report; boundary=b',
      '',
      '--b',
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
      'Source-IP: 192.0.2.9',
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Subject: caf\u00e9',
      '',
      'now',
      '--b--',
    );
    const { bytes, message } = transcode(arf, { to: 'xarf' });
    expect(reportOf(bytes)).toMatchObject({ Category: 'fraud', 'Report-Type': 'spam', Source: '192.0.2.9' });
    expect(readMail(bytes, limits).parts[2]).toMatchObject({ mediaType: 'message/rfc822' });
    expect(xarfFormat.decode(bytes).message).toEqual(message);
  });
});

/** As the action of Fail2ban writes it: parameters that end in a semicolon, a word that is misspelt. */
function fail2ban(
  changes: (report: string[]) => string[] = (report) => report,
  header = ['X-XARF: PLAIN'],
): Uint8Array {
  return octets(
    'Subject: abuse report about 192.0.2.9 - Thu, 01 Jan 2026 12:00:00 +0000',
    'From: fail2ban@host.isp-b.example',
    'Date: Thu, 01 Jan 2026 12:00:05 +0000',
    ...header,
    'Content-Transfer-Encoding: 7bit',
    'Content-Type: multipart/mixed; charset=utf8;',
    '  boundary=Abuse-1;',
    '',
    '--Abuse-1',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8;',
    '',
    'Dear Sir/Madam,',
    '',
    '--Abuse-1',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8; name="report.txt";',
    '',
    ...changes([
      '---',
      'Reported-From: fail2ban@host.isp-b.example',
      'Category: abuse',
      'Report-ID: 1767268800@host',
      'Report-Type: login-attack',
      'Service: ssh',
      'Version: 0.2',
      'User-Agent: Fail2ban v0.9',
      'Date: Thu, 01 Jan 2026 13:00:00 +0100',
      'Source-Type: ip-address',
      'Source: 192.0.2.9',
      'Port: 22',
      'Schema-URL: http://www.x-arf.org/schema/abuse_login-attack_0.1.2.json',
      'Attachment: text/plain',
      'Occurances: 5',
      'TLP: green',
      '',
    ]),
    '--Abuse-1',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf8; name="logfile.log";',
    '',
    'sshd: Failed password',
    '--Abuse-1--',
  );
}

const expected: Message = {
  kind: 'alert',
  id: '1767268800',
  sender: { name: 'host.isp-b.example', contact: 'mailto:fail2ban@host.isp-b.example' },
  createdMs: Date.parse('2026-01-01T12:00:05Z'),
  event: {
    type: 'bruteForce',
    startMs: Date.parse('2026-01-01T12:00:00Z'),
    detector: { name: 'Fail2ban v0.9' },
    sources: [{ address: '192.0.2.9' }],
    targets: [{ ports: [{ low: 22 }] }],
    tlp: 'green',
    text: 'Dear Sir/Madam,',
    additional: [
      { name: 'Occurances', value: 5 },
      { name: 'attachment:text/plain; charset=utf8:logfile.log', value: octets('sshd: Failed password') },
    ],
  },
};
const replaced = (from: RegExp, to: string) => (report: string[]) =>
  report.map((line) => line.replace(from, to));

describe('X-ARF from elsewhere', () => {
  it('is read as Fail2ban writes it', () => {
    const { message, losses } = xarfFormat.decode(fail2ban());
    expect(message).toEqual(expected);
    expect(losses.map(({ path }) => path)).toEqual(['header']);
  });

  it.each<[string, string]>([
    ['X-XARF: PLAIN', 'xarf'],
    ['X-XARF: yes', 'xarf'],
    ['x-xarf: plain', 'xarf'],
    ['X-ARF: YES', 'xarf-0.1'],
    ['X-Arf: yes', 'xarf-0.1'],
    ['X-Other: 1', 'xarf'],
  ])('is known by %s, or by its report', (header, name) => {
    expect(detectFormat(fail2ban(undefined, [header]))?.name).toBe(name);
  });

  it.each<[string, (report: string[]) => string[]]>([
    [
      'in another order and case',
      (report) =>
        report
          .map((line) => line.replace(/^[^:]+/, (key) => key.toUpperCase()))
          .reverse()
          .filter((line) => line !== '---'),
    ],
    ['with a directive', (report) => ['%YAML 1.2', ...report]],
    ['with quotes', replaced(/^(Source): (.*)/, '"$1": "$2"')],
    ['with a list for an agent', replaced(/^User-Agent: /, 'User-Agent: - ')],
    ['with a reserved character', replaced(/^TLP: .*/, 'TLP: @green')],
    ['with a colon', replaced(/^TLP: .*/, 'TLP: a: b')],
    ['with tabs', replaced(/: /, ':\t')],
    ['with an alias that is none', (report) => [...report, 'Domain: *.isp-b.example']],
    ['with a key twice', (report) => [...report, 'Service: ssh']],
    ['with a signature after it', (report) => [...report, '-- ', 'Your team']],
  ])('is read %s', (_, changes) => {
    const { event, id } = xarfFormat.decode(fail2ban(changes)).message;
    expect(id).toBe('1767268800');
    expect(event).toMatchObject({
      type: 'bruteForce',
      startMs: expected.event.startMs,
      targets: [{ ports: [{ low: 22 }] }],
    });
    expect(event.sources?.[0].address).toBe('192.0.2.9');
  });

  it('takes no address for a number and no long number for another', () => {
    const { message } = xarfFormat.decode(
      fail2ban((report) => [
        ...report.map((line) =>
          line.replace(/^Report-ID.*/, 'Report-ID: 20221106000001205484@x').replace(/192.*/, '2001:db8::'),
        ),
        'Case: 20221106000001205484',
        'Ratio: 0.5',
        'Yes: yes',
        'List: [1, a]',
        'Map: {a: b}',
      ]),
    );
    expect(message.id).toBe('20221106000001205484');
    expect(message.event.sources).toEqual([{ address: '2001:db8::' }]);
    expect(message.event.additional).toEqual(
      expect.arrayContaining([{ name: 'Case', value: '20221106000001205484' }]),
    );
    const flow = xarfFormat.decode(
      fail2ban((report) => [
        ...report,
        'Case: 20221106000001205484',
        'Ratio: 0.5',
        'Yes: yes',
        'List: [1, a]',
        'Map: {a: b}',
      ]),
    );
    expect(flow.message.event.additional?.slice(1, -1)).toEqual([
      { name: 'Case', value: 20221106000001205484n },
      { name: 'Ratio', value: 0.5 },
      { name: 'Yes', value: 'yes' },
      { name: 'List', value: [1, 'a'] },
    ]);
    expect(flow.losses.map(({ path }) => path)).toContain('Map');
  });

  it.each<[string, Partial<Message['event']>]>([
    ['Source: http://bad.example/x\nSource-Type: uri', { sources: [{ name: 'bad.example' }] }],
    [
      'Source: https://192.0.2.7:8080/x\nSource-Type: uri\nDomain: bad.example',
      { sources: [{ address: '192.0.2.7', name: 'bad.example' }] },
    ],
    ['Source: bad.example\nSource-Type: domain', { sources: [{ name: 'bad.example' }] }],
    [
      'Source: "[IPv6:2001:db8::9]"\nSource-Port: 4711',
      { sources: [{ address: '2001:db8::9', ports: [{ low: 4711 }] }] },
    ],
    ['Source: 192.0.2.9\nPort:\nPorts: 25, 465', { targets: [{ ports: [{ low: 25 }, { low: 465 }] }] }],
    ['Source: 192.0.2.9\nPort: 0\nService: unspecified', { targets: undefined }],
    [
      'Source: 192.0.2.9\nDestination: 192.0.2.200\nDestination-Type: ipv4\nDestination-Domain: www.example',
      { targets: [{ address: '192.0.2.200', name: 'www.example' }] },
    ],
    [
      'Source: 192.0.2.9\nDate: Thu Feb 13 18:28:15 2014 +00:00 GMT',
      { startMs: Date.parse('2014-02-13T18:28:15Z') },
    ],
    ['Source: 192.0.2.9\nTLP: WHITE', { tlp: 'clear' }],
    ['Source: 192.0.2.9\nCategory: fraud\nReport-Type: Spam', { type: 'spam', classifications: undefined }],
    [
      'Source: 192.0.2.9\nCategory: info\nReport-Type: dnsbl-listing',
      { type: 'other', classifications: [{ scheme: 'xarf', value: 'info/dnsbl-listing' }] },
    ],
    ['Source: 192.0.2.9\nReport-Type: port-probe', { type: 'scan' }],
    ['Source: 192.0.2.9\nReport-Type: DDoS', { type: 'dDoS' }],
    [
      'Source: 192.0.2.9\nReport-Type: bot-infection\nBot-Name: x',
      { type: 'botInfection', additional: [{ name: 'Bot-Name', value: 'x' }] },
    ],
  ])('has reports like %j', (report, event) => {
    const bytes = octets(
      'X-XARF: PLAIN',
      'Content-Type: text/plain; name=report.txt',
      '',
      'Category: abuse',
      ...report.split('\n'),
    );
    const { message } = xarfFormat.decode(
      report.includes('Category')
        ? octets('X-XARF: PLAIN', 'Content-Type: text/plain; name=report.txt', '', ...report.split('\n'))
        : bytes,
    );
    for (const [key, value] of Object.entries(event))
      expect(message.event[key as keyof typeof event], key).toEqual(value);
  });

  it('is found without a name, after the evidence, in Base64, or within the text for people', () => {
    const report = ['Reported-From: a@isp-b.example', 'Report-Type: login-attack', 'Source: 192.0.2.9'];
    const text = (name: string, lines: string[], ...fields: string[]) => [
      '--b',
      `Content-Type: text/plain${name && `; name=${name}`}`,
      ...fields,
      '',
      ...lines,
    ];
    const mail = (...parts: string[][]) =>
      octets('X-ARF: yes', 'Content-type: multipart/mixed; boundary=b', '', ...parts.flat(), '--b--');
    const base64 = [Buffer.from(report.join('\r\n')).toString('base64')];
    for (const bytes of [
      mail(text('', ['Hello']), text('', report), text('', ['evidence'])),
      mail(text('', ['Hello']), text('"logfile.txt"', ['Source: x']), text('"report.txt"', report)),
      mail(
        text('', ['Hello']),
        text(
          '',
          base64,
          'Content-Transfer-Encoding: base64',
          'Content-Disposition: attachment; filename="report.txt"',
        ),
      ),
      mail(text('', ['Hello', 'Note: this', '', '---', ...report, '', 'Bye'])),
      mail(
        ['--b', 'Content-Type: multipart/alternative; boundary=i', '', '--i', '', 'Hello', '--i--'],
        text('report.txt', report),
        ['--b', ''],
      ),
    ]) {
      const { event, sender } = xarf01Format.decode(bytes).message;
      expect(event).toMatchObject({ type: 'bruteForce', sources: [{ address: '192.0.2.9' }] });
      expect(sender.name).toBe('isp-b.example');
      expect(xarf01Format.recognises(bytes)).toBe(true);
    }
  });

  it('takes time in proportion to the length of a hostile report', () => {
    const n = 200_000;
    const keys = Array.from({ length: n / 8 }, (_, i) => `k${i}: v`);
    const bodies = [
      '\n'.repeat(n),
      `Source: ${' '.repeat(n)}\u2028x`,
      `Source: ${'['.repeat(n)}`,
      ['Source: 1', ...keys].join('\n'),
      `Source: ${'a: '.repeat(n)}`,
    ];
    for (const body of bodies) {
      const bytes = octets('X-XARF: PLAIN', 'Content-Type: text/plain; name=report.txt', '', body);
      expect(() => xarfFormat.decode(bytes), body.slice(0, 20)).toThrow(
        expect.objectContaining({ code: 'FORMATS_OTHER_FORMAT' }),
      );
    }
    const long = fail2ban((report) => [...report, ...keys]);
    expect(xarfFormat.decode(long).losses.map(({ path }) => path)).toContain('report.txt');
  });

  it('tells what it did not understand', () => {
    const { losses } = xarfFormat.decode(
      fail2ban((report) =>
        report.map((line) => line.replace(/^(Date|TLP|Port): .*/, '$1: sometimes').replace('0.2', '1.3')),
      ),
    );
    expect(losses.map(({ path }) => path).sort()).toEqual(['Date', 'Port', 'TLP', 'Version', 'header']);
  });

  it.each([
    [octets('X-XARF: PLAIN', '', 'Hello'), 'FORMATS_OTHER_FORMAT'],
    [fail2ban((report) => [...report, `Deep: ${'['.repeat(100)}`]), 'FORMATS_LIMIT'],
    [fail2ban((report) => [...report, 'Flowpact: \'{"sender.asn":-1}\'']), 'FORMATS_BAD_VALUE'],
    [fail2ban((report) => [...report, "Flowpact: '{'"]), 'FORMATS_BAD_SYNTAX'],
    [
      octets('X-XARF: SECURE', 'Content-Type: multipart/encrypted; boundary=b', '', '--b', '', 'x', '--b--'),
      'FORMATS_ENCRYPTED',
    ],
  ])('is refused: %#', (mail, code) => {
    expect(() => xarfFormat.decode(mail)).toThrow(expect.objectContaining({ code }));
  });
});
