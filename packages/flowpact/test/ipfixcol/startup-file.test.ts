import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlowpactError } from '../../src/flowpact-error.ts';
import { parseStartupFile } from '../../src/ipfixcol/startup-file.ts';

const destination = (output: string, options = '') =>
  `<exportingProcess><name>json</name><destination><name>JSON</name><fileWriter><fileFormat>json</fileFormat>${options}${output}</fileWriter></destination></exportingProcess>`;
const print = destination('<output><type>print</type></output>');
const collecting = (collector: string) =>
  `<collectingProcess><name>c</name>${collector}<exportingProcess>json</exportingProcess></collectingProcess>`;
const tcp = collecting(
  '<tcpCollector><name>t</name><localPort>4739</localPort><localIPAddress></localIPAddress></tcpCollector>',
);
const file = (...parts: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ipfix xmlns="urn:ietf:params:xml:ns:yang:ietf-ipfix-psamp">\n${parts.join('\n')}\n</ipfix>`;
const parse = (...parts: string[]) => parseStartupFile(file(...parts), 'startup.xml');

describe('parseStartupFile', () => {
  it('reads what FlowCEP’s file asks for', () => {
    const options =
      '<metadata>no</metadata><tcpFlags>formated</tcpFlags><timestamp>plain</timestamp><protocol>raw</protocol><ignoreUnknown>yes</ignoreUnknown><nonPrintableChar>no</nonPrintableChar>';
    const send =
      '<output><type>send</type><ip>127.0.0.1</ip><port>4444</port><protocol>udp</protocol></output>';
    expect(
      parse(
        tcp,
        '<!-- a comment -->',
        destination(send, options),
        '<intermediatePlugins><timenow/></intermediatePlugins>',
      ),
    ).toEqual({
      collectors: [{ kind: 'tcp', host: '127.0.0.1', port: 4739 }],
      outputs: ['udp://127.0.0.1:4444'],
      timeNow: true,
    });
  });

  it('reads several collectors and outputs, and files', () => {
    const outputs =
      '<output><type>print</type></output><output><type>send</type><ip>::1</ip><port>5</port><protocol>TCP</protocol></output>';
    const collectors =
      '<udpCollector><localPort>1</localPort><localIPAddress>127.0.0.1</localIPAddress></udpCollector><fileReader><file>file:/tmp/x.ipfix</file></fileReader>';
    expect(parse(collecting(collectors), destination(outputs))).toEqual({
      collectors: [
        { kind: 'udp', host: '127.0.0.1', port: 1 },
        { kind: 'file', file: '/tmp/x.ipfix' },
      ],
      outputs: ['-', 'tcp://[::1]:5'],
      timeNow: false,
    });
  });

  it.each<[string, string[], RegExp]>([
    [
      'SCTP',
      [collecting('<sctpCollector/>'), print],
      /^startup\.xml:3: sctpCollector is not supported here; use tcpCollector/,
    ],
    [
      'another plug-in',
      [tcp, print, '<intermediatePlugins><anonymization/></intermediatePlugins>'],
      /:5: the intermediate plug-in anonymization/,
    ],
    [
      'another format',
      [tcp, print.replace('>json</fileFormat>', '>ipfix</fileFormat>')],
      /the file format ipfix is not supported here/,
    ],
    [
      'another value',
      [tcp, destination('<output><type>print</type></output>', '<metadata>yes</metadata>')],
      /metadata can only be no here, not yes/,
    ],
    [
      'another option',
      [tcp, destination('<output><type>print</type></output>', '<whiteSpaces>no</whiteSpaces>')],
      /the option whiteSpaces is not supported/,
    ],
    [
      'another output',
      [tcp, destination('<output><type>kafka</type></output>')],
      /the output kafka is not supported here; print and send are/,
    ],
    ['a missing exporter', [tcp], /there is no exporting process named json/],
    ['no collector', [print], /no collecting process with a collector/],
    [
      'a wrong port',
      [collecting('<tcpCollector><localPort>x</localPort></tcpCollector>'), print],
      /localPort is no port/,
    ],
    ['an unknown element', [tcp, print, '<observationPoint/>'], /:5: observationPoint is not supported here/],
  ])('refuses %s by name and line', (_what, parts, message) => {
    expect(() => parse(...parts)).toThrow(message);
  });

  it.each([
    ['<a', /startup\.xml:1: /],
    ['<ipfix></other>', /startup\.xml:1: /],
    ['', /startup\.xml:1: /],
    ['<!DOCTYPE x [<!ENTITY a "b">]><ipfix>&a;</ipfix>', /document type declaration/],
    ['<ipfix>&lol;</ipfix>', /startup\.xml:1: /],
    ['<a>'.repeat(40), /nested more than 32 deep/],
    [`<ipfix>${' '.repeat(1 << 20)}</ipfix>`, /larger than 1 MiB/],
  ])('refuses %s', (text, message) => {
    expect(() => parseStartupFile(text, 'startup.xml')).toThrow(message);
  });

  it('ends in a FlowpactError for any text', () => {
    const words = fc.constantFrom(
      '<ipfix>',
      '</ipfix>',
      '<name>',
      '</name>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '<?x?>',
      'a',
      '"',
      '<tcpCollector/>',
      tcp,
      print,
    );
    const soup = fc.oneof(
      fc.string(),
      fc.array(words).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(soup, (text) => {
        try {
          parseStartupFile(text, 'x');
        } catch (error) {
          if (!(error instanceof FlowpactError)) throw error;
        }
      }),
    );
  });
});
