import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../src/index.ts';
import { iodef1Format, iodef2Format } from '../../src/iodef/iodef-format.ts';

const octets = (text: string) => new TextEncoder().encode(text);

/** What senders make of IODEF, each in a way of its own; the same report in all of them. */
function report(options: {
  readonly root?: string;
  readonly time?: string;
  readonly prefix?: string;
}): string {
  const { root = '', time = '2014-09-08T02:56:23Z', prefix: p = '' } = options;
  return `<${p}IODEF-Document ${root}>
    <${p}Incident purpose="reporting">
      <${p}IncidentID name="sensor.example">7</${p}IncidentID>
      <${p}ReportTime>${time}</${p}ReportTime>
      <${p}Assessment><${p}Impact type="dos">flood</${p}Impact></${p}Assessment>
      <${p}EventData><${p}EventData><${p}Flow>
        <${p}System category="source"><${p}Address category="ipv4-addr">192.0.2.7</${p}Address></${p}System>
        <${p}System category="target"><${p}Node>
          <${p}Address category="ipv4-addr">198.51.100.1</${p}Address>
          <${p}Service ip_protocol="17"><${p}Port>53</${p}Port></${p}Service>
        </${p}Node></${p}System>
      </${p}Flow></${p}EventData></${p}EventData>
    </${p}Incident>
  </${p}IODEF-Document>`;
}

const first = 'version="1.00" lang="en" xmlns="urn:ietf:params:xml:ns:iodef-1.0"';
const expected = {
  kind: 'alert',
  id: '7',
  sender: { name: 'sensor.example' },
  createdMs: Date.parse('2014-09-08T02:56:23Z'),
  event: {
    type: 'dDoS',
    sources: [{ address: '192.0.2.7' }],
    targets: [{ address: '198.51.100.1', protocol: 17, ports: [{ low: 53 }] }],
  },
};

describe('IODEF as it is sent', () => {
  it.each([
    ['a default namespace', report({ root: first })],
    ['no namespace', report({ root: 'version="1.00"' })],
    ['neither namespace nor version', report({})],
    ['a prefix', report({ root: 'version="1.00" xmlns:i="urn:ietf:params:xml:ns:iodef-1.0"', prefix: 'i:' })],
    ['a prefix that is not declared', report({ root: 'version="1.00"', prefix: 'iodef:' })],
    ['a schema location without its namespace', report({ root: `${first} xsi:schemaLocation="a b"` })],
    ['a document type', `<!DOCTYPE IODEF-Document SYSTEM "iodef.dtd">${report({ root: first })}`],
    [
      'a byte order mark and a declaration',
      `\ufeff<?xml version="1.0" encoding="utf-8"?>${report({ root: first })}`,
    ],
    [
      'an envelope',
      `<entry xmlns="http://www.w3.org/2005/Atom"><content>${report({ root: first })}</content></entry>`,
    ],
    ['an element in the place of the declaration', `<xml version="1.0">${report({ root: first })}</xml>`],
  ])('is detected and read with %s', (_, text) => {
    expect(detectFormat(octets(text))?.name).toBe('iodef1');
    expect(iodef1Format.decode(octets(text)).message).toEqual(expected);
  });

  it('is of version 2 where it says so without a namespace', () => {
    const text = report({ root: 'version="2.00"' });
    expect(detectFormat(octets(text))?.name).toBe('iodef2');
    expect(iodef2Format.decode(octets(text)).message).toEqual(expected);
  });

  it.each([
    '2014-09-08 02:56:23',
    '2014-09-08T02:56:23.000000+00:00',
    '2014-09-08 04:56:23 +0200',
    '2014-09-08 02:56:23 UTC',
    '2014-09-08T02:56:23,5Z',
    '20140908T025623Z',
  ])('has times like %s', (time) => {
    const { createdMs } = iodef1Format.decode(octets(report({ root: first, time }))).message;
    expect(Math.trunc(createdMs / 1000) * 1000).toBe(expected.createdMs);
  });

  it('reads UTF-16 and ISO-8859-1', () => {
    const text = report({ root: first }).replace('sensor.example', 'Zürich');
    const utf16 = Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${text}`, 'utf16le');
    const latin1 = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${text}`, 'latin1');
    for (const bytes of [utf16, latin1]) {
      expect(detectFormat(bytes)?.name).toBe('iodef1');
      expect(iodef1Format.decode(bytes).message.sender.name).toBe('Zürich');
    }
  });

  it('takes a system without a category for a source, and says so once', () => {
    const text = report({ root: first }).replace('System category="source"', 'System');
    const { message, losses } = iodef1Format.decode(octets(text));
    expect(message).toEqual(expected);
    expect(losses.filter(({ path }) => path === 'Flow/System')).toHaveLength(1);
  });

  it.each([
    ['<Impact severity="high">botnet</Impact>', 'botInfection'],
    [
      '<Impact type="ext-value"/></Assessment><Description>Port scan of a /24</Description><Assessment>',
      'scan',
    ],
    ['<Impact type="unknown"/>', 'other'],
  ])('looks for the type in what people wrote: %s', (impact, type) => {
    const text = report({ root: first }).replace('<Impact type="dos">flood</Impact>', impact);
    expect(iodef1Format.decode(octets(text)).message.event.type).toBe(type);
  });

  it('counts what it does not know as lost', () => {
    const text = report({ root: first }).replace(
      '<EventData>',
      '<ext:X xmlns:ext="urn:x"><ext:Y/></ext:X><EventData>',
    );
    const { losses } = iodef1Format.decode(octets(text));
    expect(losses.map(({ path }) => path)).toContain('IODEF-Document/Incident/X');
  });
});
