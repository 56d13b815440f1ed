import { parseMessage } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { redactedAddress, redactRecipients } from '../../src/arf/redact-recipients.ts';
import { createRedactedArfFormat, findFormat } from '../../src/index.ts';
import { mailOf } from '../mail/crlf.ts';

const octets = (...lines: string[]) => Uint8Array.from(mailOf(...lines));
const original = octets(
  'Received: from x by y for <Bob@example.com>; Thu, 01 Jan 2026 12:00:00 +0000',
  'From: spammer@example.net',
  'To: "Bob" <bob@example.com>, carol@example.org',
  '',
  'Dear bob@example.com, write to spammer@example.net!',
);
const message = parseMessage({
  kind: 'alert',
  id: '1',
  sender: { name: 'isp-a.example' },
  createdMs: 0,
  event: {
    type: 'spam',
    additional: [
      { name: 'Original-Rcpt-To', value: 'bob@example.com' },
      { name: 'Original-Mail-From', value: '<spammer@example.net>' },
      { name: 'attachment:message/rfc822:', value: original },
      { name: 'count', value: 1 },
    ],
  },
});

describe('redaction', () => {
  it('is that of RFC 6590, appendix A', () => {
    const config = { redactionKey: 'potatoes', redactionHash: 'sha1' } as const;
    expect(redactedAddress('bob@example.com', config)).toBe('rZ8cqXWGiKHzhz1MsFRGTysHia4=@example.com');
  });

  it('is of recipients, wherever they are, and of nobody else', () => {
    const config = { redactionKey: 'potatoes', redactionHash: 'sha1' } as const;
    const { message: told, redacted } = redactRecipients(message, config);
    expect(redacted).toEqual(['event.additional[0].value', 'event.additional[2].value']);
    const [field, from, attached, count] = told.event.additional ?? [];
    expect(field.value).toBe('rZ8cqXWGiKHzhz1MsFRGTysHia4=@example.com');
    expect([from, count]).toEqual([message.event.additional?.[1], message.event.additional?.[3]]);
    const text = Buffer.from(attached.value as Uint8Array).toString();
    expect(text).not.toMatch(/bob@|carol@/i);
    expect(text).toContain(
      'From: spammer@example.net\r\nTo: "Bob" <rZ8cqXWGiKHzhz1MsFRGTysHia4=@example.com>, ',
    );
    expect(text).toContain('Dear rZ8cqXWGiKHzhz1MsFRGTysHia4=@example.com, write to spammer@example.net!');
  });

  it('is told as a loss, and leaves no address in the report', () => {
    const format = createRedactedArfFormat({ redactionKey: 'k' });
    const { bytes, losses } = format.encode(message);
    expect(losses.map(({ path, effect }) => [path, effect])).toEqual([
      ['event.additional[0].value', 'approximated'],
      ['event.additional[2].value', 'approximated'],
    ]);
    expect(Buffer.from(bytes).toString()).not.toMatch(/bob@|carol@/i);
    expect(format.decode(bytes).message).toEqual(redactRecipients(message, { redactionKey: 'k' }).message);
    expect(Buffer.from(bytes).toString('hex')).not.toContain(Buffer.from('bob@').toString('hex'));
  });

  it('changes nothing where there is nobody to redact', () => {
    const other = { ...message, event: { type: 'spam' as const } };
    expect(redactRecipients(other, { redactionKey: 'k' })).toEqual({ message: other, redacted: [] });
    expect(createRedactedArfFormat({ redactionKey: 'k' }).encode(other)).toEqual(
      findFormat('arf').encode(other),
    );
  });
});
