import { describe, expect, it } from 'vitest';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { fieldOf, leavesOf } from '../../src/mail/mail-part.ts';
import { readMail } from '../../src/mail/read-mail.ts';
import { type MailNode, writeMail } from '../../src/mail/write-mail.ts';

const leaf = (text: string, mediaType = 'text/plain'): MailNode => ({
  kind: 'leaf',
  mediaType,
  content: new TextEncoder().encode(text),
});
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('writeMail', () => {
  it('writes the same octets for the same mail, and another boundary for another one', () => {
    const mail = (content: string) =>
      text(writeMail({ Subject: 's' }, { kind: 'multipart', subtype: 'mixed', parts: [leaf(content)] }));
    expect(mail('a')).toBe(mail('a'));
    const boundary = (content: string) => /boundary="([^"]+)"/.exec(mail(content))?.[1];
    expect(boundary('a')).not.toBe(boundary('b'));
    expect(boundary(mail('a'))).not.toBe(boundary('a'));
  });

  it('lets no value begin a field or end the header', () => {
    const name = 'a"\r\nX-Injected: 1\r\n\r\nb\u2028c;d=e\\';
    const bytes = writeMail(
      { Subject: 'x\r\nX-Injected: 1', 'X-Other': '\u00e9\n\nbody' },
      {
        kind: 'leaf',
        mediaType: 'text/plain',
        fileName: name,
        disposition: 'attachment',
        content: new Uint8Array(),
      },
    );
    const mail = readMail(bytes, defaultFormatsLimits);
    expect(mail.fields.map((field) => field.name)).toEqual([
      'Subject',
      'X-Other',
      'MIME-Version',
      'Content-Type',
      'Content-Disposition',
      'Content-Transfer-Encoding',
    ]);
    expect(fieldOf(mail, 'Subject')).toBe('x X-Injected: 1');
    expect(mail.fileName).toBe('a" X-Injected: 1 b c;d=e\\');
    expect(mail.content).toHaveLength(0);
    expect(text(bytes)).toMatch(/^[\r\n -~]*$/);
  });

  it('writes parts that are read as they were, a mail with delimiters of its own among them', () => {
    const inner = writeMail(
      {},
      { kind: 'multipart', subtype: 'mixed', parts: [leaf('x'), leaf('y', 'text/html')] },
    );
    const bytes = writeMail(
      {},
      {
        kind: 'multipart',
        subtype: 'report',
        parameters: { 'report-type': 'feedback-report' },
        parts: [
          leaf('a\r\n'),
          { kind: 'leaf', mediaType: 'message/rfc822', content: inner },
          leaf('\0\xff', 'a/b'),
        ],
      },
    );
    const [first, second, third] = leavesOf(readMail(bytes, defaultFormatsLimits));
    expect(text(first.content)).toBe('a\r\n');
    expect(Buffer.from(second.content)).toEqual(Buffer.from(inner));
    expect(Buffer.from(third.content)).toEqual(Buffer.from('\0\xff'));
  });
});
