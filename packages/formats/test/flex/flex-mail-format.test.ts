import { encodeMessage } from '@flowpact/flex';
import { describe, expect, it } from 'vitest';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { detectFormat, findFormat } from '../../src/index.ts';
import { readMail } from '../../src/mail/read-mail.ts';
import { mailOf } from '../mail/crlf.ts';
import { sampleMessage } from '../sample-message.ts';

const format = findFormat('flex-mail');

describe('FLEX by mail', () => {
  it('has the record in it as it is', () => {
    const [text, record, ...others] = readMail(
      format.encode(sampleMessage).bytes,
      defaultFormatsLimits,
    ).parts;
    expect(others).toEqual([]);
    expect(Buffer.from(text.content).toString()).toContain('SYN flood against www.example.');
    expect(Buffer.from(record.content)).toEqual(Buffer.from(encodeMessage(sampleMessage)));
  });

  it('is known by the name of the record too', () => {
    const mail = mailOf(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'Hello',
      '--b',
      'Content-Type: application/octet-stream; name="Alert.FLEX"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(encodeMessage(sampleMessage)).toString('base64'),
      '--b',
      'Content-Disposition: attachment; filename=x.txt',
      '',
      'more',
      '--b--',
    );
    expect(detectFormat(mail)?.name).toBe('flex-mail');
    expect(format.decode(mail)).toMatchObject({ message: sampleMessage, losses: [{ path: 'text/plain' }] });
  });

  it('is refused without a record', () => {
    expect(() => format.decode(mailOf('Subject: x', '', 'y'))).toThrow(
      expect.objectContaining({ code: 'FORMATS_OTHER_FORMAT' }),
    );
  });
});
