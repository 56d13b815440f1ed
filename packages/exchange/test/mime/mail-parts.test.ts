import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../src/exchange-error.ts';
import { takeMailApart } from '../../src/mime/mail-parts.ts';
import { defaultMimeLimits } from '../../src/mime/mime-limits.ts';
import { broadMail, exampleMail, nestedMail } from '../transport/smtp/example-mail.ts';

const limits = defaultMimeLimits;
const numRuns = Number(process.env.FLOWPACT_FUZZ_CASES ?? 300);

function apart(mail: string, changed: Partial<typeof limits> = {}) {
  return takeMailApart(Buffer.from(mail, 'latin1'), { ...limits, ...changed });
}

describe('taking a mail apart', () => {
  it('keeps the parts of a report apart, as X-ARF needs it', async () => {
    const { text, attachments } = await apart(
      [
        'Content-Type: multipart/mixed; boundary=b',
        '',
        'for those who cannot read MIME',
        '--b',
        'Content-Type: text/plain',
        '',
        'first',
        '--b',
        'Content-Type: text/plain; name="report.txt"',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'caf=C3=A9 =',
        'noir',
        '--b',
        'Content-Type: message/rfc822',
        '',
        'Subject: within',
        '',
        'a mail in the mail',
        '--b--',
        'afterwards',
      ].join('\r\n'),
    );
    expect(text).toBe('first');
    expect(
      attachments.map(({ name, mediaType, bytes }) => [name, mediaType, Buffer.from(bytes).toString()]),
    ).toEqual([
      ['report.txt', 'text/plain', 'café noir'],
      [undefined, 'message/rfc822', 'Subject: within\r\n\r\na mail in the mail'],
    ]);
  });

  it('reads a mail without MIME as text', async () => {
    expect(await apart('Subject: x\r\n\r\nhello\r\n')).toEqual({
      text: 'hello\r\n',
      attachments: [],
      hops: 0,
    });
  });

  it('reads text in the charset that it is in, and shows something for one that nobody knows', async () => {
    expect((await apart('Content-Type: text/plain; charset=iso-8859-1\r\n\r\ncaf\xe9')).text).toBe('café');
    expect((await apart('Content-Type: text/plain; charset=klingon\r\n\r\ncaf\xe9')).text).toBe('café');
  });

  it('cuts the text for people', async () => {
    expect((await apart(`\r\n${'x'.repeat(100)}`, { maxTextLength: 10 })).text).toBe('x'.repeat(10));
  });

  it('leaves a Message-ID out that is none', async () => {
    expect((await apart('Message-ID: <a@b>\r\n\r\n')).mailMessageId).toBe('<a@b>');
    expect((await apart('Message-ID: <a b> <c>\r\n\r\n')).mailMessageId).toBeUndefined();
  });

  it('stays within the limits for parts and nesting, and accepts what just fits', async () => {
    expect((await apart(broadMail(10), { maxParts: 11 })).attachments).toHaveLength(10);
    await expect(apart(broadMail(11), { maxParts: 11 })).rejects.toThrow(/taken apart/);
    expect((await apart(nestedMail(4), { maxNesting: 4 })).text).toBe('here\r\n');
    await expect(apart(nestedMail(5), { maxNesting: 4 })).rejects.toThrow(/more than 4 MIME multiparts/);
  });

  it('gives back the bytes of any attachment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
        const { attachments } = await apart(exampleMail(bytes));
        expect(attachments.map((attachment) => Buffer.from(attachment.bytes).toString('hex'))).toEqual([
          Buffer.from(bytes).toString('hex'),
        ]);
      }),
      { numRuns },
    );
  });

  it('ends with parts or an ExchangeError for any bytes', async () => {
    const word = fc.constantFrom(
      'Content-Type: ',
      'multipart/mixed; boundary=',
      'text/plain; charset=',
      'Content-Transfer-Encoding: ',
      'Content-Disposition: attachment; filename*=',
      "utf-8''%E2%82",
      '=?utf-8?B?4oK?=',
      '=?x?Q?=0D=0A?=',
      'base64',
      'quoted-printable',
      'message/rfc822',
      '"',
      '--b',
      '--b--',
      'b',
      '(',
      ';',
      '\r\n',
      '\r\n\r\n',
      '\n',
      '=\r\n',
      ' ',
    );
    const mail = fc.array(
      fc.oneof(
        { weight: 5, arbitrary: word.map((text) => Buffer.from(text)) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(mail, async (pieces) => {
        const outcome = await takeMailApart(Buffer.concat(pieces), limits).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(ExchangeError);
          expect((outcome as ExchangeError).permanent).toBe(true);
        }
      }),
      { numRuns: 5 * numRuns },
    );
  });

  it('ends so for any damage to a mail that was whole', async () => {
    const whole = Buffer.from(exampleMail(Uint8Array.from({ length: 500 }, (_, i) => i)), 'latin1');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.nat(whole.length),
        fc.uint8Array({ maxLength: 4 }),
        async (start, length, inserted) => {
          const damaged = Buffer.concat([whole.subarray(0, start), inserted, whole.subarray(start + length)]);
          const outcome = await takeMailApart(damaged, limits).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ExchangeError);
        },
      ),
      { numRuns },
    );
  });
});
