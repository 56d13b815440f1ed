import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Message, parseMessage } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../../event/test/arbitrary-message.ts';
import { arfFormat } from '../../src/arf/arf-format.ts';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { fieldOf } from '../../src/mail/mail-part.ts';
import { fieldsOf, readMail } from '../../src/mail/read-mail.ts';
import { mailOf } from '../mail/crlf.ts';
import { sampleMessage } from '../sample-message.ts';

const folder = resolve(import.meta.dirname, '../../../../../shared/schemas/arf');
const octets = (...lines: string[]) => Uint8Array.from(mailOf(...lines));
const arrivalMs = Date.parse('2026-01-01T12:00:00Z');

/** A report as RFC 5965 wants it, its parts to be changed. */
function report({
  header = [
    'From: Feedback <fbl@isp-b.example>',
    'Date: Thu, 01 Jan 2026 12:30:00 +0000',
    'Message-ID: <1@isp-b.example>',
  ],
  type = 'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
  human = ['Content-Type: text/plain', '', 'An unwanted mail.'],
  fields = [
    'Feedback-Type: abuse',
    'User-Agent: Loop/2.1',
    'Version: 1',
    'Source-IP: 192.0.2.9',
    'Arrival-Date: Thu, 01 Jan 2026 12:00:00 +0000',
  ],
  fieldsHeader = ['Content-Type: message/feedback-report'],
  original = ['Content-Type: message/rfc822', '', 'Subject: Buy', '', 'now'],
}: Partial<Record<'header' | 'human' | 'fields' | 'fieldsHeader' | 'original', string[]>> & {
  type?: string;
} = {}) {
  const parts = [human, [...fieldsHeader, '', ...fields], original].filter((part) => part.length > 0);
  return octets(
    ...header,
    'MIME-Version: 1.0',
    type,
    '',
    ...parts.flatMap((part) => ['--b', ...part]),
    '--b--',
    '',
  );
}

const expected: Message = {
  kind: 'alert',
  id: expect.stringMatching(/^[0-9]+$/),
  sender: { name: 'isp-b.example', contact: 'mailto:fbl@isp-b.example' },
  createdMs: Date.parse('2026-01-01T12:30:00Z'),
  event: {
    type: 'spam',
    startMs: arrivalMs,
    detector: { name: 'Loop', version: '2.1' },
    sources: [{ address: '192.0.2.9' }],
    text: 'An unwanted mail.',
    additional: [{ name: 'attachment:message/rfc822:', value: octets('Subject: Buy', '', 'now') }],
  },
};

describe('ARF as it is written', () => {
  it('has the parts and the fields that RFC 5965 demands, whatever the event', () => {
    for (const message of [sampleMessage, ...fc.sample(arbitraryMessage(), { numRuns: 200, seed: 7 })]) {
      const { bytes } = arfFormat.encode(message);
      const mail = readMail(bytes, defaultFormatsLimits);
      expect(fieldOf(mail, 'Content-Type')).toContain('multipart/report; report-type=feedback-report;');
      for (const name of ['From', 'Date', 'Subject', 'Message-ID', 'MIME-Version'])
        expect(mail.fields.filter((field) => field.name === name)).toHaveLength(1);
      const [human, machine, original, ...others] = mail.parts;
      expect(others).toEqual([]);
      expect([human.mediaType, machine.mediaType]).toEqual(['text/plain', 'message/feedback-report']);
      expect(['message/rfc822', 'text/rfc822-headers']).toContain(original.mediaType);
      expect(fieldOf(machine, 'Content-Transfer-Encoding')).toBe('7bit');
      const fields = fieldsOf(machine.content);
      for (const name of ['Feedback-Type', 'User-Agent', 'Version'])
        expect(fields.filter((field) => field.name === name)).toHaveLength(1);
      expect(fieldOf({ fields }, 'Version')).toBe('1');
      const text = Buffer.from(machine.content).toString('latin1');
      expect(text).toMatch(/^(?:[ -~]+\r\n)+$/);
      for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
    }
  });

  it('says the sample with its own fields', () => {
    const { bytes, additional } = arfFormat.encode(sampleMessage);
    const text = Buffer.from(bytes).toString();
    expect(text).toContain('From: noc@isp-a.example\r\nDate: Thu, 01 Jan 2026 12:00:00 +0000\r\n');
    expect(text).toContain(
      'Feedback-Type: other\r\nUser-Agent: flowpact/0.1.0\r\nVersion: 1\r\nArrival-Date: Thu, 01 Jan 2026 11:58:00 +0000\r\nSource-IP: 198.51.100.0\r\n',
    );
    expect(additional).toContain('event.flows.groups[0].rows');
    expect(additional).not.toContain('id');
    expect(additional).not.toContain('sender.name');
    expect(additional).not.toContain('event.text');
  });

  it('says the fields of another report as they were, repeated ones too', () => {
    const fields = [
      'Feedback-Type: auth-failure',
      'User-Agent: Loop/2.1',
      'Version: 1',
      'Source-IP: 192.0.2.9',
      'Auth-Failure: bodyhash',
      'Original-Rcpt-To: a@example.org',
      'Original-Rcpt-To: b@example.org',
      'Authentication-Results: mx.example; dkim=fail',
    ];
    const { message } = arfFormat.decode(report({ fields }));
    const { bytes, additional } = arfFormat.encode(message);
    const [, machine, original] = readMail(bytes, defaultFormatsLimits).parts;
    expect(Buffer.from(machine.content).toString().split('\r\n').filter(Boolean)).toEqual(fields);
    expect(Buffer.from(original.content).toString()).toBe('Subject: Buy\r\n\r\nnow');
    expect(additional).toEqual([]);
  });

  it('lets no property of the event begin a field', () => {
    const message = parseMessage({
      ...sampleMessage,
      event: {
        type: 'spam',
        detector: { name: 'x\r\nSource-IP: 192.0.2.66' },
        additional: [
          { name: 'X-A', value: 'b\r\nSource-IP: 192.0.2.66' },
          { name: 'X-A\r\nSource-IP', value: '192.0.2.66' },
          { name: 'Source-IP', value: '192.0.2.66' },
        ],
      },
    });
    const { bytes } = arfFormat.encode(message);
    const [, machine] = readMail(bytes, defaultFormatsLimits).parts;
    expect(fieldOf({ fields: fieldsOf(machine.content) }, 'Source-IP')).toBeUndefined();
    expect(arfFormat.decode(bytes).message).toEqual(message);
  });
});

describe('ARF from elsewhere', () => {
  it('is read as RFC 5965 has it', () => {
    const { message, losses } = arfFormat.decode(report());
    expect(message).toEqual(expected);
    expect(losses.map(({ path }) => path)).toEqual(['Message-ID']);
  });

  const plainFields = ['Feedback-Type: abuse', 'Source-IP: 192.0.2.9', 'User-Agent: Loop/2.1'];
  it.each<[string, Parameters<typeof report>[0]]>([
    ['without a report-type', { type: 'Content-Type: multipart/report; BOUNDARY=b' }],
    ['as multipart/mixed', { type: 'Content-type: multipart/mixed; boundary=b; charset=utf8;' }],
    [
      'with fields in any case',
      { fields: ['FEEDBACK-TYPE: Abuse', 'source-ip: 192.0.2.9', 'user-agent: Loop/2.1'] },
    ],
    [
      'with folded fields',
      { fields: ['Feedback-Type:', ' abuse', 'Source-IP:\r\n\t192.0.2.9', 'User-Agent: Loop/2.1'] },
    ],
    [
      'in Base64',
      {
        fieldsHeader: ['Content-Type: message/feedback-report', 'Content-Transfer-Encoding: base64'],
        fields: [Buffer.from(plainFields.join('\r\n')).toString('base64')],
      },
    ],
    ['as plain text', { fieldsHeader: ['Content-Type: text/plain; name="report"'], fields: plainFields }],
    ['with spam as type', { fields: plainFields.map((field) => field.replace('abuse', 'spam (a comment)')) }],
    [
      'with an address in brackets',
      { fields: plainFields.map((field) => field.replace('192.0.2.9', '[192.0.2.9]')) },
    ],
    [
      'with a host name beside the address',
      { fields: plainFields.map((field) => field.replace('192.0.2.9', 'mx.example (192.0.2.9)')) },
    ],
    ['with Received-Date', { fields: [...plainFields, 'Received-Date: Thu, 1 Jan 2026 07:00:00 EST'] }],
    ['with empty fields', { fields: [...plainFields, 'Authentication-Results: ', 'Reported-Domain:'] }],
    [
      'without a field of addresses',
      {
        fields: plainFields.filter((field) => !field.startsWith('Source')),
        human: ['', 'A mail from IP 192.0.2.9.'],
      },
    ],
    [
      'with the address in the original',
      {
        fields: plainFields.slice(0, 1),
        original: ['Content-Type: message/rfc822', '', 'X-Originating-IP: [192.0.2.9]', '', ''],
      },
    ],
  ])('is read %s', (_, changes) => {
    const { message } = arfFormat.decode(report(changes));
    expect(message.event.sources).toEqual([{ address: '192.0.2.9' }]);
    expect(message.event.type).toBe('spam');
  });

  it('is read without the third part, and with nothing but the second', () => {
    const { additional, ...rest } = expected.event;
    expect(arfFormat.decode(report({ original: [] })).message.event).toEqual(rest);
    expect(arfFormat.decode(report({ original: [], human: [] })).message.event.text).toBeUndefined();
  });

  it.each([
    ['IPv6:2001:DB8::9', '2001:db8::9'],
    ['[IPv6:2001:db8:0:0::9]', '2001:db8::9'],
    ['2001:db8::9', '2001:db8::9'],
  ])('has addresses like %s', (written, address) => {
    const { message } = arfFormat.decode(
      report({ fields: ['Feedback-Type: abuse', `Source-IP: ${written}`, 'Source-Port: 4711'] }),
    );
    expect(message.event.sources).toEqual([{ address, ports: [{ low: 4711 }] }]);
  });

  it.each([
    ['fraud', 'other'],
    ['not-spam', 'other'],
    ['opt-out', 'other'],
    ['opt-out-list', 'other'],
    ['virus', 'botInfection'],
    ['something', 'other'],
  ])('keeps the type %s', (word, type) => {
    const { event } = arfFormat.decode(report({ fields: [`Feedback-Type: ${word}`] })).message;
    expect(event.type).toBe(type);
    expect(event.classifications).toEqual(word === 'virus' ? undefined : [{ scheme: 'arf', value: word }]);
  });

  it.each(['text/rfc822-header', 'message/rfc822-headers'])(
    'keeps an original of the type %s',
    (mediaType) => {
      const { message } = arfFormat.decode(
        report({ original: [`Content-Type: ${mediaType}`, '', 'Subject: Buy', ''] }),
      );
      expect(message.event.additional).toEqual([
        { name: 'attachment:text/rfc822-headers:', value: octets('Subject: Buy', '') },
      ]);
    },
  );

  it('tells what it did not understand', () => {
    const { losses } = arfFormat.decode(
      report({
        header: ['To: abuse@isp-a.example', 'X-Loop: 1'],
        fields: ['Feedback-Type: abuse', 'Version: 0.1', 'Source-IP: unknown', 'Arrival-Date: lately'],
      }),
    );
    expect(losses.map(({ path, effect }) => [path, effect])).toEqual([
      ['header', 'dropped'],
      ['Arrival-Date', 'dropped'],
      ['Source-IP', 'dropped'],
      ['Version', 'approximated'],
      ['Date', 'approximated'],
    ]);
    expect(losses[0].note).toBe('not read: To, X-Loop');
  });

  it('is a complaint of Outlook.com too', () => {
    const mail = octets(
      'From: <staff@hotmail.com>',
      'Subject: complaint about message from 192.0.2.9',
      'Date: Thu, 1 Jan 2026 04:00:00 -0800',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: message/rfc822',
      'Content-Disposition: inline',
      '',
      'X-HmXmrOriginalRecipient: a@hotmail.com',
      '',
      'spam',
      '--b--',
    );
    expect(arfFormat.recognises(mail)).toBe(true);
    expect(arfFormat.decode(mail).message.event).toMatchObject({
      type: 'spam',
      sources: [{ address: '192.0.2.9' }],
    });
  });

  it('takes one report for the same message each time', () => {
    const id = (changes: Parameters<typeof report>[0]) => arfFormat.decode(report(changes)).message.id;
    expect(id({})).toBe(id({ fields: ['Feedback-Type: abuse'] }));
    expect(id({ header: [] })).not.toBe(id({ header: [], human: ['', 'x'] }));
  });

  it.each([
    [octets('Subject: hello', '', 'world'), 'FORMATS_OTHER_FORMAT'],
    [report({ fields: ['Feedback-Type: abuse', 'Flowpact-Field: sender.asn -1'] }), 'FORMATS_BAD_VALUE'],
    [report({ fields: ['Feedback-Type: abuse', 'Flowpact-Field: sender.asn {'] }), 'FORMATS_BAD_SYNTAX'],
    [
      report({ fields: ['Feedback-Type: abuse', `Flowpact-Field: sender.asn ${'['.repeat(999)}`] }),
      'FORMATS_LIMIT',
    ],
  ])('is refused: %#', (mail, code) => {
    expect(() => arfFormat.decode(mail)).toThrow(expect.objectContaining({ code }));
  });

  it('passes over additions to fields that are not there', () => {
    const { losses } = arfFormat.decode(
      report({ fields: ['Feedback-Type: abuse', 'Flowpact-Field: __proto__.polluted 1'] }),
    );
    expect(losses.map(({ path }) => path)).toEqual(['Message-ID', '__proto__.polluted']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  const samples = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [];
  it.skipIf(samples.length === 0)(
    'reads the mails of ../shared/schemas/arf (skipped where it is not)',
    () => {
      const read = samples.map((name) => {
        const bytes = readFileSync(join(folder, name));
        expect(arfFormat.recognises(bytes), name).toBe(true);
        return [name, arfFormat.decode(bytes).message] as const;
      });
      for (const [name, { event, sender, createdMs }] of read) {
        expect(event.type, name).toBe(name === 'arf-12.eml' ? 'other' : 'spam');
        expect(event.sources?.[0]?.address, name).toMatch(/^192\.0\.2\./);
        expect(
          event.additional?.some(({ value }) => value instanceof Uint8Array),
          name,
        ).toBe(true);
        expect(sender.name, name).toMatch(/example|yahoo|amazonses/);
        expect(createdMs, name).toBeGreaterThan(Date.UTC(2006, 0, 1));
      }
    },
  );
});
