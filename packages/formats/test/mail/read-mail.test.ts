import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { describe, expect, it } from 'vitest';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { fieldOf, leavesOf, type MailPart } from '../../src/mail/mail-part.ts';
import { textOf } from '../../src/mail/mail-text.ts';
import { readMail } from '../../src/mail/read-mail.ts';
import { mailOf } from './crlf.ts';

const read = (mail: Uint8Array, limits: Partial<typeof defaultFormatsLimits> = {}) =>
  readMail(mail, { ...defaultFormatsLimits, ...limits });
const shape = ({ mediaType, content, parts }: MailPart): unknown =>
  parts.length > 0 ? [mediaType, ...parts.map(shape)] : [mediaType, Buffer.from(content).toString('latin1')];

const nested = [
  'From: a@example.org',
  'Content-Type: multipart/mixed; boundary=outer',
  '',
  'preamble',
  '--outer',
  'Content-Type: multipart/alternative; boundary="inner"',
  '',
  '--inner',
  '',
  'plain',
  '',
  '--inner',
  'Content-Type: text/html',
  '',
  '<p>',
  '--inner--',
  'epilogue',
  '--outer',
  'Content-Type: text/plain; name="report.txt";',
  'Content-Transfer-Encoding: base64',
  '',
  'YT1iDQo=',
  '--outer',
  '',
  '--outer--',
  'after',
];

describe('readMail', () => {
  it('takes parts within parts apart', () => {
    expect(shape(read(mailOf(...nested)))).toEqual([
      'multipart/mixed',
      ['multipart/alternative', ['text/plain', 'plain\r\n'], ['text/html', '<p>']],
      ['text/plain', 'a=b\r\n'],
      ['text/plain', ''],
    ]);
    expect(leavesOf(read(mailOf(...nested)))[2].fileName).toBe('report.txt');
  });

  it('keeps the octets of each part, its header among them', () => {
    const [alternative] = read(mailOf(...nested)).parts;
    expect(Buffer.from(alternative.octets).toString()).toBe(nested.slice(5, 17).join('\r\n'));
    expect(Buffer.from(alternative.parts[0].octets).toString()).toBe('\r\nplain\r\n');
  });

  it('reads a mail that was stored with bare line feeds as it was sent', () => {
    const stored = Buffer.from(nested.join('\n'));
    expect(read(stored).parts[0].octets).toEqual(read(mailOf(...nested)).parts[0].octets);
  });

  it('leaves a mail within the mail unopened', () => {
    const mail = mailOf(
      'Content-Type: message/rfc822',
      '',
      'Subject: within',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'x',
      '--b--',
    );
    expect(shape(read(mail))).toEqual([
      'message/rfc822',
      'Subject: within\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--',
    ]);
  });

  it.each([
    ['without a last delimiter', nested.slice(0, -3)],
    ['with empty lines before it', ['', '   ', ...nested]],
    ['with the line of a mailbox', ['From a@example.org Thu Jan  1 00:00:00 2026', ...nested]],
    ['with space after its delimiters', nested.map((line) => (line.startsWith('--') ? `${line}  ` : line))],
  ])('reads a mail %s', (_, lines) => {
    expect(leavesOf(read(mailOf(...lines))).map(({ content }) => Buffer.from(content).toString())).toContain(
      'a=b\r\n',
    );
  });

  it('ends inner parts at the delimiter of an outer one', () => {
    const cut = nested.filter((line) => line !== '--inner--' && line !== 'epilogue');
    expect(shape(read(mailOf(...cut)))).toEqual(shape(read(mailOf(...nested))));
  });

  it('takes a part without a type for text, whatever its name', () => {
    const mail = mailOf('Content-Disposition: attachment; filename=x.bin', '', 'x');
    expect(read(mail)).toMatchObject({ mediaType: 'text/plain', fileName: 'x.bin', isAttachment: true });
    const parts = [
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Disposition: attachment; filename=x',
    ];
    expect(
      leavesOf(read(mailOf(...parts, '--b', 'Content-Disposition: attachment; filename=y', '--b--'))),
    ).toHaveLength(2);
  });

  it('unfolds fields, whatever octets are in them', () => {
    const mail = Buffer.from('Subject: a\r\n  b\xe9\r\nX-Y:\r\n\tc\r\nno field\r\n\r\n', 'latin1');
    expect(read(mail).fields).toEqual([
      { name: 'Subject', value: 'a  b\u00e9' },
      { name: 'X-Y', value: 'c' },
    ]);
    expect(fieldOf(read(mail), 'x-y')).toBe('c');
  });

  it.each([
    ['maxParts', { maxParts: 3 }],
    ['maxHeaderBytes', { maxHeaderBytes: 80 }],
    ['maxNesting', { maxNesting: 1 }],
    ['maxBytes', { maxBytes: 100 }],
  ])('refuses what is beyond %s', (name, limits) => {
    expect(() => read(mailOf(...nested), limits)).toThrow(
      expect.objectContaining({ code: 'FORMATS_LIMIT', message: expect.stringContaining(name) }),
    );
  });

  it('takes time in proportion to the length of a hostile mail', () => {
    const deep = Array.from({ length: 60 }, (_, i) => [
      `Content-Type: multipart/mixed; boundary=b${i}`,
      '',
      `--b${i}`,
    ]);
    const body = '--b'.repeat(100_000);
    const spaces = `${' '.repeat(500_000)}x`;
    const quoted = ['Content-Transfer-Encoding: quoted-printable', '', spaces, '='.repeat(500_000)];
    expect(() => read(mailOf(...deep.flat(), '', body, ...Array(50_000).fill('--b')))).not.toThrow();
    expect(read(mailOf(...quoted)).content.length).toBeGreaterThan(900_000);
    expect(read(mailOf('X: y', '', '\n'.repeat(500_000))).mediaType).toBe('text/plain');
  }, 10_000);

  it('reads what another library writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => text.trim() !== ''),
        fc.uint8Array({ maxLength: 300 }),
        async (text, octets) => {
          const composer = new MailComposer({
            from: 'a@example.org',
            text,
            attachments: [
              { filename: 'x.bin', content: Buffer.from(octets), contentType: 'application/octet-stream' },
              { filename: 'm.eml', content: 'Subject: x\r\n\r\ny', contentType: 'message/rfc822' },
            ],
          });
          const [first, second, third] = leavesOf(read(await composer.compile().build()));
          expect(textOf(first.content, first.charset).trimEnd()).toBe(
            text.replace(/\r\n?/g, '\n').replace(/\n$/, '').trimEnd(),
          );
          expect(Buffer.from(second.content)).toEqual(Buffer.from(octets));
          expect(Buffer.from(third.content).toString()).toBe('Subject: x\r\n\r\ny');
        },
      ),
      { numRuns: 60 },
    );
  });
});
