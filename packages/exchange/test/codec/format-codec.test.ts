import type { Message } from '@flowpact/event';
import { formats } from '@flowpact/formats';
import { describe, expect, it } from 'vitest';
import { formatCodec, type LossReport } from '../../src/index.ts';
import { exampleEvent, exampleMs } from '../example-event.ts';

const message: Message = {
  kind: 'alert',
  id: '17',
  sender: { name: 'isp-a.example', asn: 64500 },
  createdMs: exampleMs,
  event: { ...exampleEvent(), totals: { flows: 3, packets: 36, octets: 2n ** 60n } },
};

/** An alert with what mail systems are known to spoil. */
const nasty: Message = {
  ...message,
  event: { ...message.event, text: `From here \n.\n${'Ünïcode 攻撃 '.repeat(120)}\n${'x'.repeat(1_500)}` },
};

describe.each(formats.map(({ name }) => name))('the language %s', (name) => {
  const codec = formatCodec(name);

  it('says an alert, and what it does not say of it in words of its own', () => {
    let report: LossReport = { losses: [], additional: [] };
    const bytes = codec.encode(message, (losses) => {
      report = losses;
    });
    expect(codec.recognises?.(bytes)).toBe(true);
    const read = codec.decode(bytes);
    if (report.losses.length === 0) expect(read).toEqual(message);
    else expect(report.losses.map(({ path }) => path)).toContain('sender.name');
    const saysAll = name.startsWith('flex');
    expect(report.additional.length + report.losses.length > 0).toBe(!saysAll);
  });

  it('has a place for a kind of message where its own words tell it from an alert', () => {
    const requested: Message = { ...message, kind: 'request', conversation: { asks: [{ action: 'block' }] } };
    const answered: Message = {
      ...message,
      kind: 'feedback',
      conversation: { inReplyTo: { sender: 'isp-b.example', id: '4' }, outcome: { status: 'accepted' } },
    };
    for (const said of [requested, answered]) {
      const paths: string[] = [];
      codec.encode(said, ({ losses, additional }) => {
        paths.push(...losses.map(({ path }) => path), ...additional);
      });
      expect(codec.kinds?.includes(said.kind)).toBe(!paths.includes('kind'));
    }
  });
});

const mails = formats.filter(({ mediaType }) => mediaType === 'message/rfc822');

it.each(mails.map(({ name }) => name))(
  '%s is a mail that every relay carries unchanged: seven bits, short lines',
  (name) => {
    const codec = formatCodec(name);
    const mail = Buffer.from(codec.encode(nasty)).toString('latin1');
    expect(mail).toMatch(/^[\t\r\n -~]*$/);
    expect(Math.max(...mail.split('\r\n').map((line) => line.length))).toBeLessThan(999);
    expect(mail.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(codec.decode(Buffer.from(mail, 'latin1'))).toEqual(nasty);
  },
);

describe('a format as a language', () => {
  it('takes one event at a time', () => {
    const codec = formatCodec('iodef2');
    const one = Buffer.from(codec.encode(message)).toString('utf8');
    const [incident] = /<Incident[\s\S]*<\/Incident>/.exec(one)!;
    expect(() => codec.decode(Buffer.from(one.replace(incident, incident + incident)))).toThrow(
      /2 events in one document/,
    );
  });

  it('is one that there is', () => {
    expect(() => formatCodec('klingon' as 'flex')).toThrow(/there is no format "klingon"/);
  });
});
