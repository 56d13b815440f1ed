import type { Message } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultExchangeLimits, summarizeMessage } from '../../src/index.ts';
import { printable } from '../../src/summary/printable.ts';
import { exampleEvent, exampleMs } from '../example-event.ts';

const alert: Message = {
  kind: 'alert',
  id: '17',
  sender: { name: 'isp-a.example', asn: 64500, contact: 'mailto:noc@isp-a.example' },
  createdMs: exampleMs,
  event: exampleEvent(),
};

function summaryOf(message: Message) {
  return summarizeMessage(message, 'flex', defaultExchangeLimits);
}

describe('the summary of a message', () => {
  it('says of an alert who did what to whom, when and how much', () => {
    const { subject, text } = summaryOf(alert);
    expect(subject).toBe('[FLEX] alert bruteForce 203.0.113.7 -> 4 hosts (isp-a.example #17)');
    expect(text).toMatchInlineSnapshot(`
      "The network isp-a.example (AS64500) reports a security event that concerns your network.

      What:       bruteForce, severity high
      Confidence: 90 %
      From:       2026-03-01 11:59:00.000 UTC
      Until:      2026-03-01 12:00:00.000 UTC
      Seen:       3 flows, 36 packets, 1152921504606846976 octets
      Flows:      3 attached
      Found by:   flowpact 0.1.0 rule ssh.epl#BruteForce
      TLP:        TLP:AMBER
      Message:    isp-a.example #17
      Contact:    mailto:noc@isp-a.example

      Sources:
        203.0.113.7 (AS64500)

      Targets:
        198.51.100.1 (TCP, port 22)
        198.51.100.2 (TCP, port 22)
        198.51.100.3 (TCP, port 22)
        198.51.100.4 (TCP, port 22)

      Remark: Many short SSH sessions from one host.

      The attached FLEX record is the message itself; this text is a summary of it.
      How to answer: reply to this mail with a FLEX feedback attached whose inReplyTo
      names the message above; Flowpact does so by itself. A reply without one is not
      read by a machine.
      "
    `);
  });

  it('says of a request what is asked for', () => {
    const { subject, text } = summaryOf({
      ...alert,
      kind: 'request',
      event: { type: 'dDoS', targets: [{ address: '2001:db8::', prefixLength: 32 }] },
      conversation: {
        asks: [
          { action: 'rateLimit', octetsPerSecond: 125_000_000, lifetimeSeconds: 3_600 },
          { action: 'block', scope: [{ address: '203.0.113.7' }] },
        ],
        expiresMs: exampleMs + 3_600_000,
      },
    });
    expect(subject).toBe('[FLEX] request dDoS ? -> 2001:db8::/32 (isp-a.example #17)');
    expect(text).toContain(
      'Asked for:\n  rateLimit for 3600 s to 125000000 octets/s\n  block of 203.0.113.7\n',
    );
    expect(text).toContain('Expires:    2026-03-01 13:00:00.000 UTC\n');
  });

  it('says of a feedback what was done, and expects no answer', () => {
    const { subject, text } = summaryOf({
      ...alert,
      kind: 'feedback',
      event: { type: 'dDoS' },
      conversation: {
        inReplyTo: { sender: 'isp-b.example', id: '4' },
        outcome: {
          status: 'applied',
          reason: 'filter set',
          applied: [{ action: 'block' }],
          untilMs: exampleMs,
        },
      },
    });
    expect(subject).toBe('[FLEX] feedback applied dDoS (isp-a.example #17)');
    expect(text).toContain('Answers:    isp-b.example #4\n');
    expect(text).toContain('Done:\n  block\n');
    expect(text).toContain('Reason: filter set\n');
    expect(text).toContain('In force until 2026-03-01 12:00:00.000 UTC\n');
    expect(text).toContain('No answer is expected.');
  });

  it('lists so many endpoints and counts the others', () => {
    const targets = Array.from({ length: 1_000 }, (_, i) => ({ address: `10.0.${i >> 8}.${i & 255}` }));
    const { text } = summaryOf({ ...alert, event: { type: 'scan', targets } });
    expect(text).toContain('  10.0.0.19\n  … and 980 more\n');
    expect(text).not.toContain('10.0.0.20');
  });

  it('shows times that no calendar has', () => {
    const { text } = summaryOf({ ...alert, event: { type: 'scan', startMs: Number.MAX_SAFE_INTEGER } });
    expect(text).toContain('9007199254740991 ms since 1970');
  });

  it('lets nobody start a line or hide one, whatever the fields contain', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\r\nBcc: x', '\u2028x', '\u202Etxt', 'x'.repeat(10_000), '\u0000', '😀'.repeat(2_000)),
    );
    fc.assert(
      fc.property(anything, anything, anything, anything, (name, text, rule, reason) => {
        const { subject, text: body } = summaryOf({
          ...alert,
          sender: { name, contact: text },
          event: {
            type: 'scan',
            text,
            detector: { name, rule },
            sources: [{ name, role: rule }],
            targets: [{ address: '192.0.2.1', name: rule }],
          },
          conversation: { inReplyTo: { sender: reason, id: '1' }, outcome: { status: 'failed', reason } },
        });
        expect(subject).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u);
        expect(subject.length).toBeLessThan(600);
        expect(body).toMatch(/^(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\n)*$/u);
        expect(body.length).toBeLessThan(10_000);
        const lines = body.split('\n');
        expect(lines.filter((line) => /^(bcc|what|message):/i.test(line))).toHaveLength(2);
      }),
      { numRuns: Number(process.env.FLOWPACT_FUZZ_CASES ?? 200) },
    );
  });
});

describe('printable text', () => {
  it('is cut where it is long, between characters', () => {
    expect(printable('abcdef', 6)).toBe('abcdef');
    expect(printable('abcdefg', 6)).toBe('abcde…');
    expect(printable('abcd😀fg', 6)).toBe('abcd…');
    expect(printable(`${'x'.repeat(3)}${' '.repeat(100)}y`, 6)).toBe('xxx…');
  });

  it('is one line', () => {
    expect(printable(' a\r\n\tb\u0085c\u200Bd\u2029e\uD800f ', 100)).toBe('a b c d e f');
  });
});
