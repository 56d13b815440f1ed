import { describe, expect, it } from 'vitest';
import { documentsOf } from '../../../src/output/format/finding-document.ts';
import { type SyslogMessageConfig, syslogMessage } from '../../../src/output/format/syslog-message.ts';
import { exampleEvent, exampleEventFinding, rowsFinding } from '../example-findings.ts';

const config: SyslogMessageConfig = {
  facility: 'local0',
  hostname: 'probe.example',
  appName: 'flowpact',
  processId: 7,
  enterpriseNumber: 32473,
  maxMessageBytes: 8192,
};

const documentOf = (finding: typeof exampleEventFinding) =>
  documentsOf(finding, { what: 'both', format: 'native', evidence: false }, 0)[0];
const message = (finding: typeof exampleEventFinding, some: Partial<SyslogMessageConfig> = {}) =>
  syslogMessage(documentOf(finding), { ...config, ...some });

/** RFC 5424, section 6, as far as such a message goes. */
const grammar =
  /^<([0-9]{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) (-|\[[!-~]+@[0-9]+(?: [A-Za-z]+="(?:[^"\\\]]|\\["\\\]])*")*\])(?: (.*))?$/su;

describe('syslogMessage', () => {
  it('says of an event what filters ask for, and all of it as JSON', () => {
    const [, priority, time, host, app, process, id, data, text] =
      grammar.exec(message(exampleEventFinding)) ?? [];
    // local0 is 16, error is 3.
    expect([priority, time, host, app, process, id]).toEqual([
      String(16 * 8 + 3),
      '2026-11-22T23:59:58.000Z',
      'probe.example',
      'flowpact',
      '7',
      'bruteForce',
    ]);
    expect(data).toBe(
      '[flowpact@32473 module="http" statement="BruteForce" severity="high" confidence="90" source="192.0.2.1" ' +
        'target="198.51.100.7" target="203.0.113.0/24"]',
    );
    expect(text).toMatch(/^[ -~]+$/);
    expect(JSON.parse(text)).toMatchObject({ type: 'bruteForce', text: exampleEvent.text });
  });

  it('says of a row which statement made it', () => {
    const [, priority, , , , , id, data] = grammar.exec(message(rowsFinding([{ a: 1 }]))) ?? [];
    expect([priority, id, data]).toEqual([
      '133',
      'detection',
      '[flowpact@32473 module="http" statement="Output"]',
    ]);
  });

  it('escapes what would end a parameter, and lets nothing else in', () => {
    const statement = 'a"b]c\\d\ne\u{1f600}';
    const [, , , , , , , data] =
      grammar.exec(message({ ...exampleEventFinding, kind: 'event', event: { type: 'scan' }, statement })) ??
      [];
    expect(data).toContain('statement="a\\"b\\]c\\\\d e\u{1f600}"');
    const [, , , host] = grammar.exec(message(exampleEventFinding, { hostname: ' h\u00fcst\n' })) ?? [];
    expect(host).toBe('hst');
    expect(grammar.exec(message(exampleEventFinding, { hostname: ' \n' }))?.[3]).toBe('-');
  });

  it('goes without the JSON text where that is too long, and without the data where that is, too', () => {
    const whole = message(exampleEventFinding);
    expect(message(exampleEventFinding, { maxMessageBytes: whole.length })).toBe(whole);
    const short = message(exampleEventFinding, { maxMessageBytes: whole.length - 1 });
    expect(short).toMatch(/"203\.0\.113\.0\/24"\]$/);
    const long = { ...exampleEventFinding, statement: 'x'.repeat(480) };
    expect(message(long, { maxMessageBytes: 480 })).toMatch(/ bruteForce -$/);
  });
});
