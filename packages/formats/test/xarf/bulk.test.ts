import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { detectFormat, documentsWithin, findFormat, writeXarfBulk } from '../../src/index.ts';
import { fieldOf } from '../../src/mail/mail-part.ts';
import { readMail } from '../../src/mail/read-mail.ts';
import { type MailNode, writeMail } from '../../src/mail/write-mail.ts';
import { sampleMessage } from '../sample-message.ts';
import { zipOf } from '../zip/zip-of.ts';

const xarf = findFormat('xarf');
const mails = ['1', '2', '3'].map((id) => xarf.encode({ ...sampleMessage, id }).bytes);
const ids = (bytes: Uint8Array) => documentsWithin(bytes).map((mail) => xarf.decode(mail).message.id);

describe('X-ARF BULK', () => {
  it('holds as many reports as it is given', () => {
    const bytes = writeXarfBulk(mails);
    expect(detectFormat(bytes)?.name).toBe('xarf-bulk');
    expect(ids(bytes)).toEqual(['1', '2', '3']);
    expect(documentsWithin(bytes)[1]).toEqual(Buffer.from(mails[1]));
    const mail = readMail(bytes, defaultFormatsLimits);
    expect(['From', 'X-XARF', 'Subject'].map((name) => fieldOf(mail, name))).toEqual([
      'noc@isp-a.example',
      'BULK',
      '3 reports',
    ]);
  });

  it('is one message to those who take one, which is told', () => {
    const { message, losses } = findFormat('xarf-bulk').decode(writeXarfBulk(mails));
    expect(message.id).toBe('1');
    expect(losses.map(({ path }) => path)).toEqual(['report 2', 'report 3']);
  });

  const bulk = (...parts: Omit<Extract<MailNode, { kind: 'leaf' }>, 'kind'>[]) =>
    writeMail(
      { From: 'a@isp-b.example', Date: 'Thu, 01 Jan 2026 12:00:00 +0000', 'X-XARF': 'bulk' },
      {
        kind: 'multipart',
        subtype: 'mixed',
        parts: parts.map((part) => ({ kind: 'leaf', ...part })),
      },
    );

  it('may be in archives', () => {
    const [first, second, third] = mails;
    const bytes = bulk(
      { mediaType: 'text/plain', content: Buffer.from('Hello') },
      {
        mediaType: 'application/zip',
        fileName: 'reports.zip',
        content: zipOf({ 'a/1.eml': first, 'a/2.eml': second, 'read.me': 'x' }),
      },
      { mediaType: 'application/octet-stream', fileName: 'three.eml.gz', content: gzipSync(third) },
    );
    expect(ids(bytes)).toEqual(['1', '2', '3']);
  });

  it('may be of reports without mails', () => {
    const report = (address: string) =>
      Buffer.from(`Reported-From: b@isp-b.example\nReport-Type: login-attack\nSource: ${address}\n`);
    const bytes = bulk(
      { mediaType: 'text/plain', fileName: 'report.txt', content: report('192.0.2.1') },
      { mediaType: 'text/plain', fileName: 'report-2.txt', content: report('192.0.2.2') },
    );
    expect(
      documentsWithin(bytes).map((mail) => xarf.decode(mail).message.event.sources?.[0].address),
    ).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('is bounded by what it unpacks to', () => {
    const zip = { mediaType: 'application/zip', content: zipOf({ '1.eml': Buffer.alloc(300_000) }) };
    const gzip = {
      mediaType: 'application/gzip',
      fileName: '1.eml.gz',
      content: gzipSync(Buffer.alloc(300_000)),
    };
    for (const bytes of [bulk(zip, zip), bulk(gzip, gzip), bulk(zip, gzip)]) {
      expect(bytes.length).toBeLessThan(10_000);
      expect(documentsWithin(bytes, { maxBytes: 600_000 })).toHaveLength(2);
      expect(() => documentsWithin(bytes, { maxBytes: 500_000 })).toThrow(
        expect.objectContaining({ code: 'FORMATS_LIMIT' }),
      );
    }
  });

  it.each([
    [bulk({ mediaType: 'text/plain', content: Buffer.from('Hello') }), 'FORMATS_MISSING'],
    [bulk({ mediaType: 'application/zip', content: Buffer.from('PK') }), 'FORMATS_BAD_SYNTAX'],
    [bulk({ mediaType: 'application/gzip', content: Buffer.from('x') }), 'FORMATS_BAD_SYNTAX'],
  ])('is refused: %#', (bytes, code) => {
    expect(() => documentsWithin(bytes)).toThrow(expect.objectContaining({ code }));
  });

  it('is no other document', () => {
    for (const bytes of [mails[0], findFormat('json').encode(sampleMessage).bytes, new Uint8Array()])
      expect(documentsWithin(bytes)).toEqual([bytes]);
  });
});
